using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Admin;
using EdgeGateway.Tests.Chargers;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Admin;

/// <summary>The care of chargers as a program asks for it: the whole gateway, a real charger's line.</summary>
public sealed class CareApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static async Task<(RunningGateway Gateway, RawCharger Charger)> ReadyAsync()
    {
        var running = await RunningGateway.StartAsync(f => f.Set("Gateway:Ocpp:MeterValueSeconds", 0).Set("Gateway:Ocpp:LocalListEntries", 0));
        var charger = await RawCharger.ConnectAsync(running.Gateway.OcppUrls[0], "CP-1", "a-password-of-length");
        await charger.BootAsync();
        return (running, charger);
    }

    /// <summary>The next call of that name; what the gateway asks of its own accord is turned away.</summary>
    internal static async Task<(string Id, JsonElement Payload)> AwaitAsync(RawCharger charger, string action)
    {
        while (true)
        {
            var call = await charger.ReceiveCallAsync();
            if (call.Action == action)
                return (call.Id, call.Payload);
            await charger.SendAsync($"[4,\"{call.Id}\",\"NotImplemented\",\"\",{{}}]");
        }
    }

    /// <summary>A CALL of the charger's; what the gateway asks of its own accord meanwhile is turned away.</summary>
    internal static async Task TellAsync(RawCharger charger, string id, string action, string payload)
    {
        await charger.SendAsync($"[2,\"{id}\",\"{action}\",{payload}]");
        while (await charger.ReceiveAsync() is { } frame)
        {
            if (frame[0].GetInt32() == 3 && frame[1].GetString() == id)
                return;
            Assert.Equal(2, frame[0].GetInt32());
            await charger.SendAsync($"[4,\"{frame[1].GetString()}\",\"NotImplemented\",\"\",{{}}]");
        }
        Assert.Fail("The line ended.");
    }

    private static async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(RunningGateway running, string path, string body)
    {
        var answer = await running.Admin.PostAsync($"/api/stations/{path}", new StringContent(body, Encoding.UTF8, "application/json"), Cancelled);
        Assert.Equal((int)answer.StatusCode is 400 or 404 ? "application/problem+json" : "application/json", answer.Content.Headers.ContentType?.MediaType);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!.AsObject());
    }

    [Theory]
    [InlineData("""[3,"{0}",{"status":"Accepted"}]""", HttpStatusCode.OK, "Done")]
    [InlineData("""[3,"{0}",{"status":"Scheduled"}]""", HttpStatusCode.Accepted, "Later")]
    [InlineData("""[3,"{0}",{"status":"Rejected"}]""", HttpStatusCode.Conflict, "Refused")]
    [InlineData("""[4,"{0}","NotSupported","",{}]""", HttpStatusCode.NotImplemented, "NotSupported")]
    public async Task The_status_says_how_it_went_and_so_does_the_body(string answer, HttpStatusCode status, string outcome)
    {
        var (running, charger) = await ReadyAsync();
        await using var _ = running;
        await using var __ = charger;
        var posting = PostAsync(running, "cp-1/care/availability", """{"operative":false,"evse":1}""");
        var (id, payload) = await AwaitAsync(charger, "ChangeAvailability");
        Assert.Equal("""{"connectorId":1,"type":"Inoperative"}""", payload.GetRawText());
        await charger.SendAsync(answer.Replace("{0}", id, StringComparison.Ordinal));
        var (got, body) = await posting;
        Assert.Equal((status, outcome), (got, (string?)body["outcome"]));
        Assert.Equal(["outcome", "text", "values", "job"], body.Select(static m => m.Key));
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_told_by_member_and_nothing_is_sent()
    {
        await using var running = await RunningGateway.StartAsync();
        foreach (var (path, body, member) in new[]
        {
            ("reset", """{"hrad":true}""", "hrad"), ("reset", """{"hard":"yes"}""", "hard"), ("reset", """{"hard":true,"evse":0}""", "evse"), ("reset", "[1]", ""), ("reset", "{", ""),
            ("unlock", "{}", "evse"), ("unlock", """{"evse":1,"connector":-1}""", "connector"), ("unlock", """{"evse":1.5}""", "evse"),
            ("availability", "{}", "operative"), ("availability", """{"operative":true,"connector":1}""", "evse"),
            ("trigger", "{}", "message"), ("settings", "{}", "values"), ("settings", """{"values":{"A":1}}""", "values.A"), ("settings", """{"values":{"A":null}}""", "values.A"),
            ("limit", """{"limit":16}""", "unit"), ("limit", """{"limit":-1,"unit":"A"}""", "limit"), ("limit", """{"limit":1,"unit":"kW"}""", "unit"),
            ("clear-cache", """{"now":true}""", "now"), ("firmware", "{}", "file"), ("firmware", """{"file":"a","location":"http://x"}""", "file"),
            ("firmware", """{"location":"file:///etc/passwd"}""", "location"), ("firmware", """{"file":"a","signature":"x"}""", "signingCertificate"),
            ("firmware", """{"file":"a","retrieve":"soon"}""", "retrieve"), ("logs", """{"from":"2026-03-02T00:00:00Z","to":"2026-03-01T00:00:00Z"}""", "to"),
        })
        {
            var (status, problem) = await PostAsync(running, $"CP-1/care/{path}", body);
            Assert.True(status == HttpStatusCode.BadRequest, $"{path} {body}: {status}");
            Assert.True(problem["errors"]!.AsObject().ContainsKey(member), $"{path} {body}: {problem["errors"]!.ToJsonString()}");
            Assert.Contains(member.Length == 0 ? "The body" : member, (string?)problem["detail"], StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(running, "nobody/care/reset", "{}")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(running, "CP-1/care/reset", "")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await running.Admin.GetAsync("/api/stations/CP-1/limits?hours=0", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Settings_are_read_now_and_by_name()
    {
        var (running, charger) = await ReadyAsync();
        await using var _ = running;
        await using var __ = charger;
        var reading = running.GetAsync<JsonObject>("/api/stations/CP-1/settings?name=HeartbeatInterval&name=Nonsense");
        JsonElement payload;
        string id;
        do
            (id, payload) = await AwaitAsync(charger, "GetConfiguration");
        while (payload.GetProperty("key")[0].GetString() != "HeartbeatInterval" && await TurnAwayAsync(charger, id));
        await charger.SendAsync($$"""[3,"{{id}}",{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"}],"unknownKey":["Nonsense"]}]""");
        var values = (await reading)!["values"]!.AsArray();
        Assert.Equal(["300", null], values.Select(static v => (string?)v!["value"]));
        Assert.Equal("unknown", (string?)values[1]!["note"]);

        static async Task<bool> TurnAwayAsync(RawCharger charger, string id)
        {
            await charger.SendAsync($"[4,\"{id}\",\"NotImplemented\",\"\",{{}}]");
            return true;
        }
    }

    [Fact]
    public async Task Firmware_goes_in_by_the_api_and_out_to_the_charger_and_logs_the_other_way()
    {
        var (running, charger) = await ReadyAsync();
        await using var _ = running;
        await using var __ = charger;
        var content = new byte[700_000];
        new Random(1).NextBytes(content);
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync("fw-1.bin", content)).StatusCode);
        foreach (var name in new[] { "..%2Ffw.bin", ".hidden", "a%20b", new string('a', 65), "fw.part" })
            Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(name, [1])).StatusCode);
        Assert.Equal("fw-1.bin", (string?)Assert.Single((await running.GetAsync<JsonArray>("/api/firmware"))!)!["name"]);

        var posting = PostAsync(running, "CP-1/care/firmware", """{"file":"fw-1.bin"}""");
        var (id, payload) = await AwaitAsync(charger, "UpdateFirmware");
        await charger.SendAsync($"[3,\"{id}\",{{}}]");
        Assert.Equal(1, (int?)(await posting).Body["job"]);
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync("fw-1.bin", [1])).StatusCode);
        using (var http = new HttpClient())
            Assert.Equal(content, await http.GetByteArrayAsync(new Uri(payload.GetProperty("location").GetString()!), Cancelled));
        await TellAsync(charger, "i", "FirmwareStatusNotification", """{"status":"Installed"}""");
        var job = await running.GetAsync<JsonObject>("/api/stations/CP-1/jobs/1?wait=20");
        Assert.Equal(("Done", 700_000), ((string?)job!["state"], (int?)job["bytes"]));

        posting = PostAsync(running, "CP-1/care/logs", """{"security":true}""");
        (id, payload) = await AwaitAsync(charger, "GetLog");
        await charger.SendAsync($$"""[3,"{{id}}",{"status":"Accepted","filename":"sec.log"}]""");
        Assert.Equal(2, (int?)(await posting).Body["job"]);
        var address = new Uri(payload.GetProperty("log").GetProperty("remoteLocation").GetString()!);
        using (var http = new HttpClient())
            Assert.Equal(HttpStatusCode.OK, (await http.PutAsync(address, new ByteArrayContent(content), Cancelled)).StatusCode);
        Assert.Equal(content, await running.Admin.GetByteArrayAsync("/api/stations/CP-1/jobs/2/file", Cancelled));
        Assert.Equal("sec.log", (string?)Assert.Single((await running.GetAsync<JsonArray>("/api/stations/CP-1/files"))!)!["toldName"]);
        Assert.Equal(HttpStatusCode.NotFound, (await running.Admin.GetAsync("/api/stations/CP-1/jobs/1/file", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await running.Admin.GetAsync("/api/stations/CP-1/jobs/9", Cancelled)).StatusCode);
        // The address is on the chargers' listener and nowhere else.
        Assert.Equal(HttpStatusCode.NotFound, (await running.Admin.GetAsync(address.AbsolutePath, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, "fw-1.bin", null)).StatusCode);
        Assert.Empty(Directory.GetFiles(Path.Combine(running.Folder.Path, "files", "firmware")));
        // Nor is it in what people are shown of the messages.
        Assert.DoesNotContain(address.Segments[2].TrimEnd('/'), await running.Admin.GetStringAsync("/api/stations/CP-1/frames", Cancelled), StringComparison.Ordinal);

        Task<HttpResponseMessage> PutAsync(string name, byte[] bytes) => SendAsync(HttpMethod.Put, name, new ByteArrayContent(bytes));

        async Task<HttpResponseMessage> SendAsync(HttpMethod method, string name, HttpContent? body)
        {
            var request = new HttpRequestMessage(method, $"/api/firmware/{name}") { Content = body };
            request.Headers.Add(AdminGuard.Header, "test");
            return await running.Admin.SendAsync(request, Cancelled);
        }
    }

    [Fact]
    public async Task A_refused_attempt_to_connect_is_seen_with_its_reason()
    {
        await using var running = await RunningGateway.StartAsync();
        await Assert.ThrowsAsync<RefusedException>(() => RawCharger.ConnectAsync(running.Gateway.OcppUrls[0], "CP-1", "wrong"));
        var frames = await running.Admin.GetStringAsync("/api/stations/CP-1/frames", Cancelled);
        Assert.Contains("its password is wrong", frames, StringComparison.Ordinal);
        Assert.Contains("401", frames, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_and_what_its_station_keeps_are_shown()
    {
        var (running, charger) = await ReadyAsync();
        await using var _ = running;
        await using var __ = charger;
        var line = await running.GetAsync<JsonObject>("/api/stations/CP-1/line");
        Assert.Equal((1, false), ((int?)line!["profile"], (bool?)line["isQuarantined"]));
        Assert.True((long?)line["messages"] >= 1);
        Assert.Equal(1, (int?)(await running.GetAsync<JsonArray>("/api/stations"))![0]!["line"]!["profile"]);
        Assert.Null((await running.GetAsync<JsonObject>("/api/stations/CP-1/holdings"))!["modelVariables"]);
        foreach (var path in new[] { "nobody/line", "CP-1/model" })
            Assert.Equal(HttpStatusCode.NotFound, (await running.Admin.GetAsync($"/api/stations/{path}", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task The_description_tells_of_every_task_its_body_and_its_ends()
    {
        await using var running = await RunningGateway.StartAsync();
        var paths = (await running.GetAsync<JsonObject>("/openapi/v1.json"))!["paths"]!.AsObject();
        foreach (var task in new[] { "reset", "unlock", "availability", "trigger", "settings", "limit", "local-list", "clear-cache", "firmware", "logs" })
        {
            var post = paths[$"/api/stations/{{id}}/care/{task}"]!["post"]!;
            Assert.NotNull(post["requestBody"]!["content"]!["application/json"]!["schema"]);
            Assert.NotEmpty((string)post["summary"]!);
            Assert.Superset(new HashSet<string>(["200", "202", "400", "404", "409", "422", "501", "504"]), post["responses"]!.AsObject().Select(static r => r.Key).ToHashSet());
        }
        foreach (var path in new[] { "settings", "limits", "local-list", "jobs", "files", "jobs/{number}", "jobs/{number}/file" })
            Assert.NotNull(paths[$"/api/stations/{{id}}/{path}"]!["get"]);
        Assert.NotNull(paths["/api/firmware/{name}"]!["put"]);
    }
}
