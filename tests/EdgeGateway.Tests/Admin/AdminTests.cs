using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Admin;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Admin;

public sealed class AdminTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_foreign_host_name_reads_nothing()
    {
        await using var running = await RunningGateway.StartAsync();
        foreach (var (host, expected) in new[] { ("evil.example", HttpStatusCode.MisdirectedRequest), ("localhost:1", HttpStatusCode.OK), ("[::1]", HttpStatusCode.OK), ("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest) })
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/status");
            request.Headers.Host = host;
            Assert.Equal(expected, (await running.Admin.SendAsync(request, Cancelled)).StatusCode);
        }
    }

    [Fact]
    public async Task A_page_of_somebody_else_changes_nothing()
    {
        await using var running = await RunningGateway.StartAsync();
        var form = await running.Admin.PostAsync("/api/outbox/1/retry", new FormUrlEncodedContent([]), Cancelled);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.StatusCode);
        var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/outbox/1/retry") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await running.Admin.SendAsync(foreign, Cancelled)).StatusCode);
        var own = new HttpRequestMessage(HttpMethod.Post, "/api/outbox/1/retry");
        own.Headers.Add(AdminGuard.Header, "test");
        var answer = await running.Admin.SendAsync(own, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("The outbox has no entry 1.", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["detail"]);
    }

    [Fact]
    public async Task A_password_is_asked_for_and_guessing_is_slow()
    {
        await using var running = await RunningGateway.StartAsync(f => f.Set("Gateway:Admin:Password", "right"));
        Assert.Equal(HttpStatusCode.OK, (await running.Admin.GetAsync("/readyz", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await running.Admin.GetAsync("/api/status", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await WithAsync(running, "right"));
        for (var i = 0; i < AdminGuard.FailureLimit; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await WithAsync(running, "wrong"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await WithAsync(running, "right"));
    }

    [Fact]
    public async Task Unknown_things_are_problems()
    {
        await using var running = await RunningGateway.StartAsync();
        foreach (var path in new[] { "/api/stations/nobody", "/api/outbox/7", "/api/hubs/nobody", "/api/nothing", "/api/outbox?state=odd", "/api/sessions?limit=many" })
        {
            var answer = await running.Admin.GetAsync(path, Cancelled);
            Assert.True((int)answer.StatusCode is 400 or 404, path);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Stations_sessions_and_frames_are_shown()
    {
        await using var running = await RunningGateway.StartAsync();
        var at = new Position("CP-1", 1, 1);
        await running.Engine.ReportAsync(new ConnectorReported(at, ConnectorState.Charging, "NoError", null, null, null), Cancelled);
        await running.Engine.ReportAsync(new SessionBegan(at, "04A2B3C4", null, 1000, ExampleSite.Accepted()), Cancelled);
        var status = await running.GetAsync<JsonObject>("/api/status");
        Assert.Equal(1, (int?)status!["activeSessions"]);
        var connector = status["stations"]![0]!["connectors"]![0]!;
        Assert.Equal("Charging", (string?)connector["state"]);
        Assert.NotNull((string?)connector["session"]);
        var session = Assert.Single((await running.GetAsync<JsonArray>("/api/sessions?active=true"))!)!;
        Assert.Equal("04…C4", (string?)session["idTag"]);
        Assert.Equal((string?)connector["session"], (string?)session["id"]);
        Assert.Empty((await running.GetAsync<JsonArray>("/api/sessions?station=other"))!);
        Assert.Empty((await running.GetAsync<JsonArray>("/api/meters"))!);
        Assert.Empty((await running.GetAsync<JsonArray>("/api/cdrs"))!);
        Assert.Equal(HttpStatusCode.OK, (await running.Admin.GetAsync("/api/stations/CP-1/frames", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task A_call_to_a_station_without_a_line_says_so()
    {
        await using var running = await RunningGateway.StartAsync();
        var body = new StringContent("""{"action":"TriggerMessage","payload":{"requestedMessage":"Heartbeat"}}""", Encoding.UTF8, "application/json");
        var answer = JsonNode.Parse(await (await running.Admin.PostAsync("/api/stations/CP-1/call", body, Cancelled)).Content.ReadAsStringAsync(Cancelled))!;
        Assert.Equal("Offline", (string?)answer["error"]!["code"]);
    }

    [Fact]
    public async Task A_credit_is_refused_as_a_problem_that_says_why()
    {
        await using var running = await RunningGateway.StartAsync();
        var begun = await running.Engine.ReportAsync(new SessionBegan(new("CP-1", 1, 1), "04A2B3C4", null, 1000, ExampleSite.Accepted()), Cancelled);
        await running.Engine.ReportAsync(new SessionEnded("CP-1", begun.Number, null, null, 9000, "Local", [], null), Cancelled);
        foreach (var (id, body, expected) in new[]
        {
            ("nothing", """{"because":"x"}""", HttpStatusCode.NotFound),
            (begun.SessionId, "{}", HttpStatusCode.BadRequest),
            (begun.SessionId, $$"""{"because":"{{new string('x', AdminApi.CreditReasonLength + 1)}}"}""", HttpStatusCode.BadRequest),
            (begun.SessionId, """{"because":"x","energyWh":1}""", HttpStatusCode.Conflict),
            (begun.SessionId, """{"because":"x","reissue":true,"energyWh":-1}""", HttpStatusCode.Conflict),
            (begun.SessionId, """{"because":"x","reissue":true,"endedAt":"2020-01-01T00:00:00Z"}""", HttpStatusCode.Conflict),
            (begun.SessionId, """{"because":"x"}""", HttpStatusCode.OK),
            (begun.SessionId, """{"because":"x"}""", HttpStatusCode.Conflict),
            (begun.SessionId + "-C", """{"because":"x"}""", HttpStatusCode.Conflict),
        })
        {
            var answer = await running.Admin.PostAsync($"/api/cdrs/{id}/credit", new StringContent(body, Encoding.UTF8, "application/json"), Cancelled);
            Assert.True(expected == answer.StatusCode, $"{body}: {answer.StatusCode}");
            Assert.Equal(expected == HttpStatusCode.OK ? "application/json" : "application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
        Assert.Equal(2, (await running.GetAsync<JsonArray>("/api/cdrs"))!.Count);
    }

    [Fact]
    public async Task The_description_names_every_path_of_the_api()
    {
        await using var running = await RunningGateway.StartAsync();
        var paths = (await running.GetAsync<JsonObject>("/openapi/v1.json"))!["paths"]!.AsObject().Select(p => p.Key).ToList();
        foreach (var path in new[] { "/api/status", "/api/stations", "/api/stations/{id}", "/api/stations/{id}/call", "/api/sessions", "/api/cdrs", "/api/cdrs/{id}/credit", "/api/outbox", "/api/hubs", "/api/meters" })
            Assert.Contains(path, paths);
        Assert.DoesNotContain(paths, p => !p.StartsWith("/api/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_escapes_what_chargers_say_and_runs_no_script()
    {
        await using var running = await RunningGateway.StartAsync();
        await running.Engine.ReportAsync(new StationBooted("CP-1", new("<script>alert(1)</script>", "M\"><img src=x>", null, null)), Cancelled);
        var answer = await running.Admin.GetAsync("/", Cancelled);
        var html = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("http", html.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> WithAsync(RunningGateway running, string password)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/status");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{password}")));
        return (await running.Admin.SendAsync(request, Cancelled)).StatusCode;
    }
}
