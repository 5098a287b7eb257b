using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>What happened at a connector, drawn from a seed: and how a 1.6 and a 2.x station tell it.</summary>
internal sealed class ChargingStory
{
    private readonly List<(DateTimeOffset At, ChargingPhase? Phase, long RegisterWh, decimal? PowerW)> _doings = [];

    public ChargingStory(Random random, DateTimeOffset from)
    {
        MeterStartWh = random.Next(0, 1_000_000);
        Connected = from.AddSeconds(random.Next(0, 300));
        Authorized = from.AddSeconds(random.Next(0, 300));
        var (at, register) = (Begins, MeterStartWh);
        var phase = ChargingPhase.EVConnected;
        for (var n = random.Next(1, 25); n > 0; n--)
        {
            at = at.AddSeconds(random.Next(1, 900));
            if (phase is ChargingPhase.Charging)
                register += random.Next(0, 3_000);
            ChargingPhase? next = random.Next(3) > 0 && phase is ChargingPhase.Charging ? null
                : random.Next(5) switch { 0 => ChargingPhase.SuspendedEV, 1 => ChargingPhase.SuspendedEvse, 2 => ChargingPhase.EVConnected, _ => ChargingPhase.Charging };
            phase = next ?? phase;
            _doings.Add((at, next, register, random.Next(2) == 0 ? null : random.Next(0, 22_000)));
        }
        Ended = at.AddSeconds(random.Next(1, 3600));
        MeterStopWh = register + (phase is ChargingPhase.Charging ? random.Next(0, 3_000) : 0);
    }

    public long MeterStartWh { get; }
    public long MeterStopWh { get; }
    public DateTimeOffset Connected { get; }
    public DateTimeOffset Authorized { get; }
    public DateTimeOffset Begins => Connected > Authorized ? Connected : Authorized;
    public DateTimeOffset Ended { get; }

    /// <summary>In the order in which things happened, each with its moment.</summary>
    public List<(DateTimeOffset At, SiteInput Input)> AsV16(int number)
    {
        List<(DateTimeOffset, SiteInput)> told = [(Begins, new SessionBegan(SiteUnderTest.At(), ExampleSite.Card, Begins, MeterStartWh, ExampleSite.Accepted()))];
        var charged = false;
        foreach (var (at, phase, register, power) in _doings)
        {
            charged |= phase is ChargingPhase.Charging;
            if (phase is { } now)
                told.Add((at, new ConnectorReported(SiteUnderTest.At(), StateOf(now, charged), null, null, null, at)));
            told.Add((at, new Metered(SiteUnderTest.At(), number, [new(at, register, power, null, "E")])));
        }
        told.Add((Ended, new SessionEnded("CP-1", number, null, Ended, MeterStopWh, "Local", [], null)));
        return told;
    }

    /// <param name="tellsPlace">Whether all events tell the EVSE, or only the first.</param>
    /// <param name="numbers">False: every event has the number 0.</param>
    public List<TransactionTold> AsV2(bool tellsPlace = true, bool numbers = true)
    {
        var told = new List<TransactionTold>();
        void Tell(TransactionPhase phase, DateTimeOffset at, ChargingPhase? charging, string? tag, Reading? reading, string trigger) => told.Add(new()
        {
            Station = "CP-1",
            Transaction = "T-1",
            Phase = phase,
            Sequence = numbers ? told.Count : 0,
            Told = at,
            At = tellsPlace || told.Count == 0 ? SiteUnderTest.At() : null,
            IdTag = tag,
            Authorization = tag is null ? null : ExampleSite.Accepted(tag),
            Charging = charging,
            Readings = reading is null ? [] : [reading],
            Trigger = trigger,
            StopReason = phase is TransactionPhase.Ended ? "Local" : null,
            IsOffline = true,
        });
        Reading Of(DateTimeOffset at, long register, decimal? power = null, string? context = null) => new(at, register, power, null, "E", context);
        var isTogether = Connected == Authorized;
        if (isTogether)
        {
            Tell(TransactionPhase.Started, Begins, ChargingPhase.EVConnected, ExampleSite.Card, Of(Begins, MeterStartWh, context: "Transaction.Begin"), "RemoteStart");
        }
        else if (Connected < Authorized)
        {
            Tell(TransactionPhase.Started, Connected, ChargingPhase.EVConnected, null, Of(Connected, MeterStartWh, context: "Transaction.Begin"), "CablePluggedIn");
            Tell(TransactionPhase.Updated, Authorized, null, ExampleSite.Card, null, "Authorized");
        }
        else
        {
            Tell(TransactionPhase.Started, Authorized, null, ExampleSite.Card, Of(Authorized, MeterStartWh, context: "Transaction.Begin"), "Authorized");
            Tell(TransactionPhase.Updated, Connected, ChargingPhase.EVConnected, null, null, "CablePluggedIn");
        }
        foreach (var (at, phase, register, power) in _doings)
            Tell(TransactionPhase.Updated, at, phase, null, Of(at, register, power), phase is null ? "MeterValuePeriodic" : "ChargingStateChanged");
        Tell(TransactionPhase.Ended, Ended, null, null, Of(Ended, MeterStopWh, context: "Transaction.End"), "EVDeparted");
        return told;
    }

    /// <summary>All that is billed, and told with the bill, but for ids and moments of ours.</summary>
    public static string Content(Cdr cdr)
    {
        var (s, b) = (cdr.Session, cdr.Bill);
        var periods = string.Join('\n', b.Periods.Select(p => p.ToString()));
        return $"{s.At} {s.IdTag} {s.Hub} {s.Authorization.Token?.ContractId} {s.StartedAt:O} {s.EndedAt:O} {s.MeterStartWh}-{s.MeterStopWh} {s.EnergyWh}Wh {s.StopReason} {s.Flags} {s.Terms.Tariff?.Id}\n"
            + $"{b with { Periods = [] }}\n{periods}";
    }

    private static ConnectorState StateOf(ChargingPhase phase, bool charged) => phase switch
    {
        ChargingPhase.Charging => ConnectorState.Charging,
        ChargingPhase.SuspendedEV => ConnectorState.SuspendedEV,
        ChargingPhase.SuspendedEvse => ConnectorState.SuspendedEvse,
        _ => charged ? ConnectorState.Finishing : ConnectorState.Preparing,
    };
}
