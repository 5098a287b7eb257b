using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.EndToEnd;

/// <summary>
/// Chargers that are not ours, of every version, and that hold each message of either side to the published schemas (npm's ocpp-rpc in strict mode):
/// sessions, queues, what the hub and a technician ask of them, mutual TLS. One complaint of theirs fails the test.
/// </summary>
public sealed class StrictChargerTests
{
    private const string Charger = "CP-1";

    public static TheoryData<string> Versions => ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"];

    public static TheoryData<string> NewVersions => ["ocpp2.0.1", "ocpp2.1"];

    [Theory]
    [MemberData(nameof(NewVersions))]
    public async Task A_charged_car_comes_to_the_hub_as_one_CDR_and_the_charger_hears_the_cost(string version)
    {
        await using var site = await SystemSite.CreateAsync();
        await using var chargers = NodeChargers.StartOrSkip();
        await RunAsync(site, chargers, async () =>
        {
            await BootAsync(site, chargers, version);
            var card = await chargers.DoAsync(Charger, "authorize", new() { ["idTag"] = SystemSite.Uid(1) });
            Assert.Equal("Accepted", (string?)card!["idTokenInfo"]!["status"]);
            await chargers.BeginAsync(Charger, SystemSite.Uid(1));
            await Poll.UntilAsync("the hub sees energy flow", async () =>
            {
                await chargers.MeterAsync(Charger, 123);
                return site.Hub.Store.SessionsIn("ACTIVE").Any(s => (decimal?)s.Latest["kwh"] > 0);
            });
            await chargers.StopAsync(Charger);
            await site.SettledAsync(chargers.LedgerAsync, cdrs: 1);
            var told = (decimal)((JsonArray)(await chargers.DoAsync(Charger, "ledger"))!)[0]!["totalCost"]!;
            Assert.Equal((decimal)site.Hub.Store.Cdrs[0].Latest["total_cost"]!["incl_vat"]!, told, 2);
        });
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_waits_at_chargers_while_the_gateway_is_killed_again_and_again_is_neither_lost_nor_doubled(string version)
    {
        const int Chargers = 2, Sessions = 6, Kills = 4, Seed = 815;
        await using var site = await SystemSite.CreateAsync(Chargers);
        await using var chargers = NodeChargers.StartOrSkip();
        site.Note($"seed {Seed}");
        await RunAsync(site, chargers, async () =>
        {
            var random = new Random(Seed);
            for (var number = 1; number <= Chargers; number++)
            {
                await BootAsync(site, chargers, version, number);
                await chargers.DoAsync($"CP-{number}", "work", new() { ["sessions"] = Sessions, ["idTag"] = SystemSite.Uid(number), ["seed"] = Seed + number });
            }
            for (var kill = 1; kill <= Kills; kill++)
            {
                // The moment is drawn; what it hits is chance, and that is the point.
                await Task.Delay(random.Next(100, 900));
                await site.Gateway.KillAsync();
                await site.Gateway.StartAsync();
            }
            await Poll.UntilAsync("every charger has done its work", () => Enumerable.Range(1, Chargers).All(n => chargers.Count($"CP-{n}", "worked") == 1));
            await site.SettledAsync(chargers.LedgerAsync, Chargers * Sessions);
        });
    }

    [Theory]
    [MemberData(nameof(NewVersions))]
    public async Task A_session_is_started_and_stopped_by_the_hub(string version)
    {
        await using var site = await SystemSite.CreateAsync();
        await using var chargers = NodeChargers.StartOrSkip();
        await RunAsync(site, chargers, async () =>
        {
            await BootAsync(site, chargers, version);
            // Not in any list: the command itself authorizes (K4).
            var card = SystemSite.Card(1) with { Uid = "APP-7F3A", Type = "APP_USER", Unlisted = true };
            var start = await site.Hub.Commands.StartSessionAsync(card, SystemSite.Location, "CP-1-1", "1", "REF-1", default);
            Assert.Equal("ACCEPTED", (await start.Outcome.WaitAsync(Poll.Patience)).Result);
            await Poll.UntilAsync("the hub shows the session as ACTIVE", () => site.Hub.Store.SessionsIn("ACTIVE").Any());
            var session = Assert.Single(site.Hub.Store.Sessions);
            Assert.Equal("REF-1", (string?)session.Latest["authorization_reference"]);
            await chargers.MeterAsync(Charger, 3000);

            var stop = await site.Hub.Commands.StopSessionAsync(session.Id, default);
            Assert.Equal("ACCEPTED", (await stop.Outcome.WaitAsync(Poll.Patience)).Result);
            await site.SettledAsync(chargers.LedgerAsync, cdrs: 1);
            Assert.Equal("REF-1", (string?)site.Hub.Store.Cdrs[0].Latest["authorization_reference"]);
        });
    }

    [Theory]
    [MemberData(nameof(NewVersions))]
    public async Task A_technician_reads_and_sets_variables_has_the_model_reported_and_restarts_it_in_mid_session(string version)
    {
        await using var site = await SystemSite.CreateAsync();
        await using var chargers = NodeChargers.StartOrSkip();
        await RunAsync(site, chargers, async () =>
        {
            await BootAsync(site, chargers, version);
            const string Interval = """{"component":{"name":"SampledDataCtrlr"},"variable":{"name":"TxUpdatedInterval"}""";
            var set = await CallAsync(site, "SetVariables", $$"""{"setVariableData":[{{Interval}},"attributeValue":"77"} ]}""");
            Assert.Equal("Accepted", (string?)set["setVariableResult"]![0]!["attributeStatus"]);
            var got = await CallAsync(site, "GetVariables", "{\"getVariableData\":[" + Interval + """},{"component":{"name":"No"},"variable":{"name":"Such"}}]}""");
            Assert.Equal("77", (string?)got["getVariableResult"]![0]!["attributeValue"]);
            Assert.Equal("UnknownComponent", (string?)got["getVariableResult"]![1]!["attributeStatus"]);
            Assert.Equal("Accepted", (string?)(await CallAsync(site, "GetBaseReport", """{"requestId":99,"reportBase":"FullInventory"}"""))["status"]);

            await chargers.BeginAsync(Charger, SystemSite.Uid(1));
            await chargers.MeterAsync(Charger, 900);
            Assert.Equal("Accepted", (string?)(await CallAsync(site, "Reset", """{"type":"Immediate"}"""))["status"]);
            await site.SettledAsync(chargers.LedgerAsync, cdrs: 1);
            Assert.Equal(2, chargers.Count(Charger, "open"));
        });
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task It_charges_over_mutual_TLS_with_a_certificate_of_the_site(string version)
    {
        await using var site = await SystemSite.CreateAsync(change: gateway =>
        {
            var station = (JsonObject)gateway["Stations"]![0]!;
            station.Remove("Password");
            station["SecurityProfile"] = 3;
        });
        await using var chargers = NodeChargers.StartOrSkip();
        await RunAsync(site, chargers, async () =>
        {
            var endpoint = site.Gateway.OcppEndpoint.Replace("ws://127.0.0.1", "wss://localhost", StringComparison.Ordinal);
            var ca = Path.Combine(site.Folder, "certificates", "ca.pem");
            await chargers.MakeAsync(Charger, endpoint, password: null, version, new(ca, Path.Combine(site.Folder, $"{Charger}.pem"), Path.Combine(site.Folder, $"{Charger}.key")));
            await chargers.BootAsync(Charger);
            await chargers.BeginAsync(Charger, SystemSite.Uid(1));
            await chargers.MeterAsync(Charger, 1500);
            await chargers.StopAsync(Charger);
            await site.SettledAsync(chargers.LedgerAsync, cdrs: 1);

            // The same charger without its certificate is nobody.
            Assert.Empty(chargers.Complaints);
            await chargers.DoAsync(Charger, "close");
            await chargers.MakeAsync(Charger, endpoint, password: null, version, new(ca, null, null));
            await Assert.ThrowsAsync<InvalidOperationException>(() => chargers.DoAsync(Charger, "connect"));
            chargers.ForgiveClosing();
        }, prepare: async () =>
        {
            Assert.Equal(0, (await site.Gateway.VerbAsync("cert", "init", "--name", "localhost")).ExitCode);
            Assert.Equal(0, (await site.Gateway.VerbAsync("cert", "issue", Charger, "--out", site.Folder)).ExitCode);
        });
    }

    private static Task RunAsync(SystemSite site, NodeChargers chargers, Func<Task> story, Func<Task>? prepare = null) => site.RunAsync(async () =>
    {
        if (prepare is not null)
            await prepare();
        await site.StartAsync();
        try
        {
            await story();
        }
        catch (Exception) when (chargers.Complaints is { Count: > 0 } complaints)
        {
            site.Note(string.Join('\n', complaints));
            throw;
        }
        Assert.Empty(chargers.Complaints);
    });

    private static async Task BootAsync(SystemSite site, NodeChargers chargers, string version, int number = 1)
    {
        await chargers.MakeAsync($"CP-{number}", site.Gateway.OcppEndpoint, SystemSite.Password, version);
        await chargers.BootAsync($"CP-{number}");
    }

    private static async Task<JsonNode> CallAsync(SystemSite site, string action, string payload)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(
            new Uri($"{site.Gateway.AdminUrl}/api/stations/{Charger}/call"), new JsonObject { ["action"] = action, ["payload"] = JsonNode.Parse(payload) });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode && JsonNode.Parse(text)!["result"] is not null, $"{action}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!["result"]!;
    }
}
