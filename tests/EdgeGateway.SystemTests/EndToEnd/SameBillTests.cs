using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.SystemTests.Fixtures;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.SystemTests.EndToEnd;

/// <summary>
/// The same car charges in the same way at chargers of every version and of every idea of when a transaction begins: the driver's hub gets the same
/// bill from all of them, but for who and where. The chargers share a clock that the test moves, so that they measure the same at the same second.
/// </summary>
public sealed class SameBillTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>What tells one charger's bill from another's.</summary>
    private static readonly string[] OwnToEach = ["id", "session_id", "last_updated", "evse_uid", "evse_id", "cdr_token", "auth_id", "authorization_reference"];

    private static readonly (OcppVersion Version, TransactionPoint Start, TransactionPoint Stop)[] Kinds =
    [
        (OcppVersion.V16, TransactionPoint.PowerPathClosed, TransactionPoint.Authorized),
        .. from version in (OcppVersion[])[OcppVersion.V201, OcppVersion.V21]
           from points in ((TransactionPoint, TransactionPoint)[])
           [
               (TransactionPoint.PowerPathClosed, TransactionPoint.Authorized), (TransactionPoint.Authorized, TransactionPoint.Authorized),
               (TransactionPoint.EVConnected, TransactionPoint.EVConnected),
           ]
           select (version, points.Item1, points.Item2),
    ];

    [Theory]
    [InlineData(OcpiVersion.V211)]
    [InlineData(OcpiVersion.V221)]
    [InlineData(OcpiVersion.V230)]
    public Task An_ordinary_session_costs_the_same_at_each(OcpiVersion version) => RunAsync(
        async (site, fleet, clock) =>
        {
            await BeginAsync(fleet, clock, needWh: 50_000);
            await MeasureAsync(fleet, clock, minutes: 5);
            End(fleet);
        },
        version);

    [Fact]
    public Task So_does_one_that_goes_on_and_ends_while_the_line_is_away() => RunAsync(async (site, fleet, clock) =>
    {
        await BeginAsync(fleet, clock, needWh: 50_000);
        await MeasureAsync(fleet, clock, minutes: 2);
        foreach (var charger in fleet)
            charger.HoldLine();
        await Poll.UntilAsync("every line is away", () => fleet.All(c => !c.IsConnected));
        for (var minute = 0; minute < 3; minute++)
        {
            clock.Advance(Minute);
            foreach (var charger in fleet)
                charger.Measure(1);
        }
        clock.Advance(Minute / 2);
        End(fleet);
        foreach (var charger in fleet)
            charger.RestoreLine();
    });

    [Fact]
    public Task So_does_one_with_a_full_car_that_stays() => RunAsync(async (site, fleet, clock) =>
    {
        await BeginAsync(fleet, clock, needWh: 500);
        await MeasureAsync(fleet, clock, minutes: 12);
        End(fleet);
    });

    [Fact]
    public Task So_does_one_that_the_hub_starts_and_stops() => RunAsync(async (site, fleet, clock) =>
    {
        foreach (var charger in fleet)
            charger.PlugIn(1, 50_000);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Poll.UntilAsync("all is said", () => fleet.All(c => c.Waiting == 0));
        for (var i = 0; i < fleet.Length; i++)
        {
            var start = await site.Hub.Commands.StartSessionAsync(SystemSite.Card(i + 1), SystemSite.Location, $"CP-{i + 1}-1", "1", null, default);
            Assert.Equal("ACCEPTED", start.Response);
            Assert.Equal("ACCEPTED", (await start.Outcome.WaitAsync(Poll.Patience)).Result);
        }
        // A charger begins a moment after it has answered.
        clock.Advance(TimeSpan.FromSeconds(1));
        await Poll.UntilAsync("every charger charges", () => fleet.All(c => c.Ledger.Entries.Any(e => e is { IdTag.Length: > 0 }) && c.Waiting == 0));
        await MeasureAsync(fleet, clock, minutes: 4);
        // To the beginning of a second: chargers tell whole ones, and the car leaves in the one in which energy ceases to flow.
        clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerSecond - (clock.GetUtcNow().Ticks % TimeSpan.TicksPerSecond)));
        foreach (var charger in fleet)
        {
            var session = Assert.Single(site.Hub.Store.SessionsIn("ACTIVE"), s => ((string)s.Latest["evse_uid"]!).StartsWith(charger.Identity, StringComparison.Ordinal));
            var stop = await site.Hub.Commands.StopSessionAsync(session.Id, default);
            Assert.Equal("ACCEPTED", (await stop.Outcome.WaitAsync(Poll.Patience)).Result);
        }
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await Poll.UntilAsync("energy has ceased to flow", () => fleet.All(c => c.Ledger.Entries[0].Reason is not null || c.Options.StopPoint == TransactionPoint.EVConnected));
        foreach (var charger in fleet)
            charger.Unplug(1);
    });

    private static async Task RunAsync(Func<SystemSite, SimulatedCharger[], ManualClock, Task> story, OcpiVersion version = OcpiVersion.V221)
    {
        await using var site = await SystemSite.CreateAsync(Kinds.Length, hub: SystemSite.HubOf(version));
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            // Half an hour ago, so that no time that a charger tells lies ahead.
            var now = DateTimeOffset.UtcNow.AddMinutes(-30);
            var clock = new ManualClock(now.AddTicks(-(now.Ticks % Minute.Ticks)));
            SimulatedCharger[] fleet = [.. Kinds.Select((kind, i) => site.Charger(i + 1, options => options with
            {
                Version = kind.Version, StartPoint = kind.Start, StopPoint = kind.Stop, PowerW = 11_000, RegisterWh = 123_456, MeterInterval = TimeSpan.FromDays(1), FixedMeterInterval = true,
                // The clock leaps: no answer is late.
                CallTimeout = TimeSpan.FromDays(1),
            }, clock))];
            foreach (var charger in fleet)
                charger.Start();
            await UntilAsync(clock, "every charger is served", () => fleet.All(c => c.IsConnected));
            await story(site, fleet, clock);
            await UntilAsync(clock, "every charger has said everything", () => fleet.All(c => c.Waiting == 0));
            await site.SettledAsync(() => Task.FromResult<IReadOnlyList<LedgerEntry>>([.. fleet.SelectMany(c => c.Ledger.Entries)]), fleet.Length);
            Assert.Empty(fleet.SelectMany(c => c.Refusals));

            var bills = site.Hub.Store.Cdrs.Select(c => (Where: Place(c.Latest), Bill: Plain(c.Latest))).ToDictionary(c => c.Where, c => c.Bill, StringComparer.Ordinal);
            var first = bills[Where(1)];
            Assert.All(Kinds.Select((kind, i) => (kind, Bill: bills[Where(i + 1)])), other => Assert.True(first == other.Bill, $"{other.kind}:\n{other.Bill}\n1.6:\n{first}"));
            foreach (var charger in fleet)
                await charger.DisposeAsync();
        });
    }

    private static async Task BeginAsync(SimulatedCharger[] fleet, ManualClock clock, long needWh)
    {
        foreach (var charger in fleet)
            charger.PlugIn(1, needWh);
        clock.Advance(TimeSpan.FromSeconds(20));
        for (var i = 0; i < fleet.Length; i++)
            Assert.NotNull(await fleet[i].PresentAsync(1, SystemSite.Uid(i + 1), default));
    }

    private static async Task MeasureAsync(SimulatedCharger[] fleet, ManualClock clock, int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            clock.Advance(Minute);
            foreach (var charger in fleet)
                charger.Measure(1);
            await Poll.UntilAsync("all is said", () => fleet.All(c => c.Waiting == 0));
        }
        clock.Advance(Minute / 2);
    }

    private static void End(SimulatedCharger[] fleet)
    {
        foreach (var charger in fleet)
        {
            charger.Stop(1, Reason.Local);
            charger.Unplug(1);
        }
    }

    /// <summary>Moves the chargers' clock while waiting: what they wait for themselves, a new line above all, comes by it.</summary>
    private static Task UntilAsync(ManualClock clock, string what, Func<bool> holds) => Poll.UntilAsync(what, () =>
    {
        clock.Advance(TimeSpan.FromMilliseconds(20));
        return holds();
    });

    private static string Where(int number) => $"DE*ABC*E{number:0000}*1";

    private static string Place(JsonObject cdr) => (string)(cdr["cdr_location"]?["evse_id"] ?? cdr["location"]!["evses"]![0]!["evse_id"])!;

    private static string Plain(JsonObject cdr)
    {
        var plain = (JsonObject)cdr.DeepClone();
        Strip(plain);
        return plain.ToJsonString(new() { WriteIndented = true });
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonArray list)
            foreach (var item in list)
                Strip(item);
        if (node is not JsonObject json)
            return;
        foreach (var own in OwnToEach)
            json.Remove(own);
        // [211] The whole location, with its EVSE's own names in it.
        if (json["evses"] is JsonArray evses)
            foreach (var evse in evses.OfType<JsonObject>())
                evse.Remove("uid");
        foreach (var (_, value) in json)
            Strip(value);
    }
}
