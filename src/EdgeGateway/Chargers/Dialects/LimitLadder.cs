using System.Collections.Immutable;
using System.Text.Json;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>
/// Limits in ways that a charger takes: by ampere or watt, absolute or relative, on a high stack level or on 0 (FIELD-NOTES 13). What is refused is
/// tried the next way; what worked is remembered for that model and firmware and goes first from then on.
/// </summary>
public sealed class LimitLadder(SiteEngine site, IDocuments documents, Remarks remarks, TimeProvider clock)
{
    /// <summary>Ways that are tried for one limit.</summary>
    public const int MostWays = 16;

    /// <summary>Above whatever default the charger has; some only take 0.</summary>
    public const int UsualLevel = 1;

    /// <summary>Far above the numbers of sessions, which their own profiles have.</summary>
    private const int FirstStanding = 2_000_000_000;

    /// <summary>The profile id of a limit that is of no transaction; 0 is the station.</summary>
    public static int StandingProfile(int evse) => FirstStanding + evse;

    /// <summary>Tries the ways until one is taken. A charger that cannot do it at all, or does not answer, ends it.</summary>
    /// <param name="at">The connector: its voltage and phases turn one unit into the other.</param>
    /// <param name="purposes">OCPP's names, the best first, in the spelling of the line's version.</param>
    /// <param name="highestLevel">The charger's highest stack level, where it is known.</param>
    /// <param name="send">Tells the charger the limits as they are, in a way.</param>
    public async Task<OrderResult> SetAsync(
        ChargerLine line, Position at, ChargingLimits limits, ImmutableArray<string> purposes, int? highestLevel,
        Func<LimitWay, ChargingLimits, Task<OrderResult>> send, CancellationToken cancel)
    {
        var known = await ReadAsync(line.Station, cancel);
        var identity = site.State.Stations.GetValueOrDefault(line.Station)?.Identity;
        if (!known.IsOf(identity))
            known = new() { Vendor = identity?.Vendor, Model = identity?.Model, Firmware = identity?.Firmware };
        var ways = Ordered(Ladder(line.Quirks.Ladder, limits, purposes, highestLevel), known, limits.Unit, purposes);
        var connector = site.State.Configuration.Station(at.Station)?.Evse(at.Evse)?.Connector(at.Connector);
        var result = new OrderResult(OrderOutcome.Rejected, "there is no way to tell this charger such a limit");
        var refused = new List<LimitWay>();
        foreach (var way in ways)
        {
            if (LimitShapes.Shaped(limits, way, connector, clock.GetUtcNow()) is not { } shaped)
                continue;
            result = await send(way, shaped);
            if (result.Outcome is OrderOutcome.Rejected)
            {
                refused.Add(way);
                continue;
            }
            if (result.Outcome is OrderOutcome.Accepted)
                await RememberAsync(line, known, way, refused, cancel);
            return result;
        }
        // That all were refused says nothing of the ways: the limit may have been too low, or the moment wrong.
        return refused.Count > 1 ? result with { Detail = $"refused in {refused.Count} ways; {result.Detail}".TrimEnd(' ', ';') } : result;
    }

    /// <summary>What was found out of a charger.</summary>
    public async ValueTask<LimitsLearned> ReadAsync(string station, CancellationToken cancel) =>
        await documents.ReadAsync(DocumentOf(station), cancel) is { } json && JsonSerializer.Deserialize(json, ChargersJson.Default.LimitsLearned) is { } known
            ? known
            : new();

    private async Task RememberAsync(ChargerLine line, LimitsLearned known, LimitWay way, List<LimitWay> refused, CancellationToken cancel)
    {
        var now = known with
        {
            Worked = known.Worked.Contains(way) ? known.Worked : [way, .. known.Worked.Where(w => w.Unit != way.Unit || w.Purpose != way.Purpose)],
            Refused = refused.Count == 0 && !known.Refused.Contains(way) ? known.Refused : [.. known.Refused.Union(refused).Where(w => w != way).Take(MostWays)],
        };
        if (now == known)
            return;
        await documents.WriteAsync(
            DocumentOf(line.Station), JsonSerializer.Serialize(now with { When = clock.GetUtcNow() }, ChargersJson.Default.LimitsLearned), cancel);
        if (refused.Count > 0)
        {
            remarks.Make(
                Severity.Info, "LimitWayLearned", line.Station,
                $"It takes limits as {way.Purpose} in {way.Unit}, {way.Kind}, on stack level {way.StackLevel}, and not in {refused.Count} other ways.");
        }
    }

    /// <summary>As a model's file has them, for whatever purpose; else every way, beginning with the one that says exactly what was asked.</summary>
    private static List<LimitWay> Ladder(ImmutableArray<LimitWay> ofModel, ChargingLimits limits, ImmutableArray<string> purposes, int? highestLevel)
    {
        if (!ofModel.IsDefaultOrEmpty)
            return [.. purposes.SelectMany(p => ofModel.Select(w => w with { Purpose = p })).Where(CanBe)];
        string[] units = limits.Unit is LimitUnit.Watts ? ["W", "A"] : ["A", "W"];
        string[] kinds = limits.Start is null ? [Relative, Absolute] : [Absolute, Relative];
        int[] levels = highestLevel == 0 ? [0] : [highestLevel ?? UsualLevel, 0];
        var all =
            from purpose in purposes
            from unit in units
            from kind in kinds
            from level in levels
            select new LimitWay(unit, kind, level, purpose);
        return [.. all.Where(CanBe)];
    }

    /// <summary>The maximum of a whole station begins with no transaction, so it is relative to nothing.</summary>
    private static bool CanBe(LimitWay way) => way.Kind == Absolute || !way.Purpose.EndsWith("MaxProfile", StringComparison.Ordinal);

    /// <summary>What worked first, in the unit that was asked if that is taken; what was refused before something else worked is not tried again.</summary>
    private static IEnumerable<LimitWay> Ordered(List<LimitWay> ladder, LimitsLearned known, LimitUnit asked, ImmutableArray<string> purposes)
    {
        var unit = asked is LimitUnit.Watts ? "W" : "A";
        var worked = known.Worked.Where(w => purposes.Contains(w.Purpose)).ToList();
        var ways = ladder.Where(w => !known.Refused.Contains(w)).ToList();
        var isUnitOpen = ways.Exists(w => w.Unit == unit);
        // In the other unit what was asked can only be said about: it goes first only where the asked unit was refused altogether.
        var first = worked.Where(w => w.Unit == unit || !isUnitOpen);
        return first.Concat(ways).Concat(worked).Distinct().Take(MostWays);
    }

    internal const string Absolute = "Absolute";
    internal const string Relative = "Relative";

    private static string DocumentOf(string station) => $"charger/{station.ToLowerInvariant()}/limits";
}

/// <summary>Which ways of setting limits a charger took, for one model and firmware.</summary>
public sealed record LimitsLearned
{
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Firmware { get; init; }

    /// <summary>The last that was taken, for each unit and purpose; the newest first.</summary>
    public ImmutableArray<LimitWay> Worked { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Refused where another way was taken for the same limit.</summary>
    public ImmutableArray<LimitWay> Refused { get; init => field = value.IsDefault ? [] : value; } = [];
    public DateTimeOffset? When { get; init; }

    public bool IsOf(StationIdentity? identity) => Vendor == identity?.Vendor && Model == identity?.Model && Firmware == identity?.Firmware;
}
