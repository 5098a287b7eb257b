using System.Text.Json.Nodes;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.SystemTests.Fixtures;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.SystemTests.Field;

/// <summary>A real broker that is absent, refuses, is killed and comes back, and the real program that goes on charging all the while.</summary>
public sealed class BrokerTests
{
    private const string Base = "site-under-test";
    private const int Chargers = 4;

    /// <summary>Issue: after a restart under load the states agree with the gateway's own within this time.</summary>
    private static readonly TimeSpan Consistent = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_broker_that_is_killed_and_restarted_under_load_loses_no_event_and_agrees_with_the_gateway_within_two_seconds()
    {
        using var broker = MosquittoBroker.Start(new() { Persistence = true });
        // Its session outlasts the broker, so that what comes before it is back is kept for it.
        using var events = broker.Listen($"{Base}/events", "-c", "-i", "events-ear");
        broker.Save();
        await using var site = await SystemSite.CreateAsync(Chargers, gateway => At(gateway, broker.Url));
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            SimulatedCharger[] fleet = [.. Enumerable.Range(1, Chargers).Select(n => site.Charger(n, options => Fleet.Mixed(options, n)))];
            using var over = new CancellationTokenSource();
            try
            {
                foreach (var charger in fleet)
                    charger.Start();
                Task[] drivers = [.. fleet.Select((charger, i) => DriveAsync(charger, SystemSite.Uid(i + 1), over.Token))];
                await Poll.UntilAsync("everybody charges", () => fleet.All(c => c.Ledger.Entries.Count > 0));
                var heardBefore = events.Messages.Count;
                broker.Kill();
                // Things happen while nobody listens: lines break, sessions begin and end.
                foreach (var charger in fleet)
                    charger.CutLine();
                var before = fleet.Select(c => c.Ledger.Entries.Count).ToArray();
                await Poll.UntilAsync("cars came and went meanwhile", () => fleet.Select((c, i) => c.Ledger.Entries.Count > before[i]).All(b => b));
                broker.Start();

                using var ear = broker.Listen($"{Base}/#");
                await ear.WaitAsync(_ => ear.States.GetValueOrDefault($"{Base}/status") == "online");
                await AgreedAsync(site, ear);
                await over.CancelAsync();
                await Task.WhenAll(drivers);
                await site.SettledAsync(() => Task.FromResult<IReadOnlyList<LedgerEntry>>([.. fleet.SelectMany(c => c.Ledger.Entries)]), fleet.Sum(c => c.Ledger.Entries.Count), bySchemas: false);
                await AgreedAsync(site, ear);

                // Commands are off unless the file says otherwise.
                var sessions = site.Gateway.Sessions().Select(s => s.Id).ToHashSet();
                broker.Publish($"{Base}/command/start", $$"""{"station":"CP-1","evse":1,"uid":"{{SystemSite.Uid(1)}}"}""");
                fleet[0].CutLine();
                await ear.WaitAsync(heard => heard[^1].Topic == $"{Base}/stations/CP-1");
                Assert.DoesNotContain(site.Gateway.Sessions(), s => !sessions.Contains(s.Id));
                await events.WaitAsync(heard => heard.Count > heardBefore);
                Assert.DoesNotContain(ear.Messages, h => h.Topic.StartsWith($"{Base}/response/", StringComparison.Ordinal));
            }
            finally
            {
                await Task.WhenAll(fleet.Select(c => c.DisposeAsync().AsTask()));
            }
            var told = events.Messages;
            Assert.Equal(Numbers(told).Max(), Gapless(told));
        });
    }

    [Fact]
    public async Task Nobody_misses_a_broker_that_is_not_there_or_refuses_and_it_is_found_when_it_comes()
    {
        using var broker = MosquittoBroker.Start(new() { Passwords = new Dictionary<string, string> { ["gateway"] = "right" } });
        broker.Stop();
        await using var site = await SystemSite.CreateAsync(change: gateway =>
        {
            var mqtt = At(gateway, broker.Url);
            (mqtt["Username"], mqtt["Password"]) = ("gateway", "wrong");
        });
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await using var charger = site.Charger(1);
            charger.Start();
            await charger.VisitAsync(1, SystemSite.Uid(1), needWh: 300, TimeSpan.FromSeconds(10), default);
            await site.SettledAsync(() => Task.FromResult(charger.Ledger.Entries), cdrs: 1, bySchemas: false);
            await TroubleAsync(site, "Mqtt");

            broker.Start();
            await Poll.UntilAsync("the broker has refused", () => broker.Log.Contains("not authorised", StringComparison.OrdinalIgnoreCase));
            await TroubleAsync(site, "Mqtt");
            Assert.True(site.Gateway.IsRunning);
        });
    }

    [Fact]
    public async Task A_session_is_started_and_stopped_by_commands_and_what_is_no_command_is_answered_so()
    {
        using var broker = MosquittoBroker.Start();
        using var ear = broker.Listen();
        await using var site = await SystemSite.CreateAsync(change: gateway => At(gateway, broker.Url)["Commands"] = true);
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await using var charger = site.Charger(1);
            charger.Start();
            await ear.WaitAsync(_ => Connected(ear));
            foreach (var (payload, why) in new[] { ("{", "no JSON"), ("""{"station":"CP-1"}""", "evse"), ("""{"station":"CP-1","evse":1,"uid":"X","x":1}""", "unknown member"), ("""{"station":"CP-9","evse":1,"uid":"X"}""", "no such station") })
            {
                var refused = await AskAsync(broker, ear, "start", payload);
                Assert.False((bool)refused["ok"]!, $"{why}: {refused}");
            }
            // Nobody charges as a stranger.
            Assert.Equal("NotAllowed", (string?)(await AskAsync(broker, ear, "start", """{"station":"CP-1","evse":1,"uid":"STRANGER"}"""))["outcome"]);

            var begun = await AskAsync(broker, ear, "start", $$"""{"station":"CP-1","evse":1,"uid":"{{SystemSite.Uid(1)}}"}""");
            Assert.True((bool)begun["ok"]!, begun.ToJsonString());
            await Poll.UntilAsync("it charges", () => charger.Ledger.Entries.Any(e => e.StartAnswered));
            await Poll.UntilAsync("the hub shows the session as ACTIVE", () => site.Hub.Store.SessionsIn("ACTIVE").Any());
            var ended = await AskAsync(broker, ear, "stop", """{"station":"CP-1","evse":1}""");
            Assert.True((bool)ended["ok"]!, ended.ToJsonString());
            await site.SettledAsync(() => Task.FromResult(charger.Ledger.Entries), cdrs: 1, bySchemas: false);
            await ear.WaitAsync(heard => heard.Any(h => h.Topic == $"{Base}/sessions/{site.Hub.Store.Sessions.Single().Id}" && (bool?)JsonNode.Parse(h.Payload)!["last"] == true));
            // Nothing on MQTT ever holds a whole uid (PRODUCT §4).
            Assert.DoesNotContain(ear.Messages, h => !h.Topic.StartsWith($"{Base}/command/", StringComparison.Ordinal) && h.Payload.Contains(SystemSite.Uid(1), StringComparison.Ordinal));
        });
    }

    private static JsonObject At(JsonObject gateway, Uri broker)
    {
        var mqtt = new JsonObject { ["Broker"] = broker.ToString().TrimEnd('/'), ["BaseTopic"] = Base };
        gateway["Mqtt"] = mqtt;
        return mqtt;
    }

    private static bool Connected(MosquittoEar ear) =>
        ear.States.GetValueOrDefault($"{Base}/stations/CP-1") is { } station && (bool?)JsonNode.Parse(station)!["connected"] == true;

    private static async Task DriveAsync(SimulatedCharger charger, string uid, CancellationToken over)
    {
        try
        {
            while (true)
                await charger.VisitAsync(1, uid, needWh: 100_000, TimeSpan.FromSeconds(2), over);
        }
        catch (OperationCanceledException)
        {
            charger.Unplug(1);
        }
    }

    private static async Task<JsonNode> AskAsync(MosquittoBroker broker, MosquittoEar ear, string command, string payload)
    {
        var before = ear.Messages.Count;
        broker.Publish($"{Base}/command/{command}", payload);
        bool IsAnswer(Heard heard) => heard.Topic.StartsWith($"{Base}/response/", StringComparison.Ordinal);
        await ear.WaitAsync(heard => heard.Skip(before).Any(IsAnswer));
        return JsonNode.Parse(ear.Messages.Skip(before).First(IsAnswer).Payload)!;
    }

    private static async Task AgreedAsync(SystemSite site, MosquittoEar ear)
    {
        string? apart = null;
        try
        {
            await Poll.UntilAsync("the states agree", async () => (apart = await DifferenceAsync(site, ear)) is null, Consistent);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} {apart}", late);
        }
    }

    /// <summary>What a newcomer at the broker would hold for true and the gateway itself would not; null: they agree.</summary>
    private static async Task<string?> DifferenceAsync(SystemSite site, MosquittoEar ear)
    {
        var states = ear.States;
        foreach (var station in (await site.Gateway.GetAsync("/api/status"))!["stations"]!.AsArray())
        {
            var id = (string)station!["id"]!;
            if (states.GetValueOrDefault($"{Base}/stations/{id}") is not { } told || (bool?)JsonNode.Parse(told)!["connected"] != (bool)station["connected"]!)
                return $"{id}: the gateway says connected {station["connected"]}, the broker {states.GetValueOrDefault($"{Base}/stations/{id}")}";
            var connector = station["connectors"]![0]!;
            var evse = states.GetValueOrDefault($"{Base}/stations/{id}/evses/1") is { } text ? JsonNode.Parse(text)! : null;
            if (!string.Equals((string?)evse?["status"], (string?)connector["status"], StringComparison.OrdinalIgnoreCase) || (string?)evse?["session"] != (string?)connector["session"])
                return $"{id}: the gateway says {connector["status"]} {connector["session"]}, the broker {evse?.ToJsonString()}";
        }
        return null;
    }

    private static async Task TroubleAsync(SystemSite site, string code) => await Poll.UntilAsync(
        $"the gateway says that {code} is in trouble",
        async () => (await site.Gateway.GetAsync("/api/status"))!["degraded"]!.AsArray().Any(d => ((string?)d!["code"])!.Contains(code, StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<long> Numbers(IEnumerable<Heard> heard) => heard.Select(h => (long)JsonNode.Parse(h.Payload)!["seq"]!);

    /// <summary>The last number up to which none is missing, from 1.</summary>
    private static long Gapless(IEnumerable<Heard> heard)
    {
        var numbers = Numbers(heard).ToHashSet();
        long last = 0;
        while (numbers.Contains(last + 1))
            last++;
        return last;
    }
}
