using System.Globalization;
using System.Text.Json.Nodes;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Hub;

namespace EdgeGateway.Simulators;

/// <summary>A session as the gateway's own database has it.</summary>
/// <param name="Status">OCPI's words: PENDING, ACTIVE, COMPLETED, INVALID.</param>
/// <param name="Number">The transactionId of 1.6.</param>
/// <param name="Transaction">The station's own id of it, in 2.x.</param>
public sealed record RecordedSession(
    string Id, int Number, string Station, string Status, long EnergyWh, long? MeterStartWh, long? MeterStopWh, string? Transaction = null);

/// <summary>What a session must cost: a flat fee, a price per kWh and one per hour plugged in; net, with a VAT in percent.</summary>
public sealed record JudgedTariff(decimal Flat, decimal PerKwh, decimal PerHour, decimal Vat)
{
    /// <summary>Net cost, rounded as amounts on the wire are (M10).</summary>
    public decimal Cost(long energyWh, TimeSpan duration) =>
        decimal.Round(Flat + (PerKwh * energyWh / 1000m) + (PerHour * (decimal)duration.TotalSeconds / 3600m), 4, MidpointRounding.AwayFromZero);
}

/// <summary>Everything that is known of a run, from three independent sides.</summary>
public sealed record JudgedRun
{
    public required IReadOnlyList<LedgerEntry> Ledger { get; init; }
    public required HubStore Hub { get; init; }
    public required IReadOnlyList<RecordedSession> Recorded { get; init; }

    /// <summary>Null = prices are not judged.</summary>
    public JudgedTariff? Tariff { get; init; }

    /// <summary>False while something may still be on its way: then only what must hold at any moment is judged.</summary>
    public bool Settled { get; init; } = true;
}

/// <summary>A charger's line of the closing table: what it delivered beside what the hub holds.</summary>
public sealed record VerdictLine(string Charger, int Sessions, int HubSessions, long DeliveredWh, long HubWh, int Cdrs, decimal Cost);

/// <param name="Breaches">Empty when nothing is lost, doubled or invented.</param>
public sealed record Verdict(IReadOnlyList<VerdictLine> Lines, IReadOnlyList<RuleBreach> Breaches);

/// <summary>Compares what the chargers metered with the database and with what the hub holds. Invariants I1 to I6 and I8 to I10 from outside.</summary>
public sealed class Judge
{
    private readonly JudgedRun _run;
    private readonly Dictionary<int, RecordedSession> _recorded;
    private readonly Dictionary<(string Station, string Transaction), RecordedSession> _named = [];
    private readonly List<RuleBreach> _breaches = [];

    private Judge(JudgedRun run)
    {
        _run = run;
        _recorded = [];
        foreach (var session in run.Recorded)
        {
            if (!_recorded.TryAdd(session.Number, session))
                Break("I9", session.Id, $"its number {session.Number} was given before");
            if (session.Transaction is { } own && !_named.TryAdd((session.Station, own), session))
                Break("I8", session.Id, $"the transaction {own} is recorded more than once");
        }
    }

    public static Verdict On(JudgedRun run)
    {
        var judge = new Judge(run);
        judge.CheckNumbers();
        foreach (var entry in run.Ledger)
            judge.CheckEntry(entry);
        judge.CheckPhantoms();
        judge._breaches.AddRange(run.Hub.Breaches);
        return new([.. run.Ledger.GroupBy(e => e.Charger).OrderBy(g => g.Key, StringComparer.Ordinal).Select(judge.Line)], judge._breaches);
    }

    private void CheckNumbers()
    {
        foreach (var entry in _run.Ledger.Where(e => e.TransactionIds.Length > 1))
            Break("I8", Name(entry), $"one start got the numbers {string.Join(", ", entry.TransactionIds)}");
        foreach (var twice in _run.Ledger.Where(e => e.TransactionId is not null).GroupBy(e => e.TransactionId).Where(g => g.Count() > 1))
            Break("I9", $"{twice.Key}", $"is the number of {string.Join(" and ", twice.Select(Name))}");
    }

    private void CheckEntry(LedgerEntry entry)
    {
        if (RecordOf(entry) is not { } recorded)
        {
            if (entry.TransactionId is not null || entry.StartAnswered)
                Break("I1", Name(entry), $"its answered start {entry.OwnId ?? $"{entry.TransactionId}"} is not in the database");
            else if (_run.Settled)
                Break("I1", Name(entry), "never got its start answered");
            return;
        }
        if (recorded.MeterStartWh is { } start && start != entry.MeterStartWh)
            Break("I5", Name(entry), $"began at {entry.MeterStartWh} Wh, recorded is {start} Wh");
        if (recorded.EnergyWh < entry.AnsweredWh)
            Break("I10", Name(entry), $"{entry.AnsweredWh} Wh were answered, recorded are {recorded.EnergyWh} Wh");
        if (entry.IsRunning)
        {
            if (recorded.Status is not ("ACTIVE" or "PENDING"))
                Break("I10", Name(entry), $"runs, but is recorded as {recorded.Status}");
            return;
        }
        // A car that only stood there, nobody's card and no energy: no session for anybody (2.x, transactions that begin with the cable).
        var isNothing = entry is { Admitted: LedgerEntry.NoCard, DeliveredWh: 0 };
        if (isNothing && recorded.Status is "COMPLETED")
            Break("I2", Name(entry), "nobody charged, but it is recorded as COMPLETED");
        if (entry.StopAnswered && !isNothing && (recorded.Status != "COMPLETED" || recorded.MeterStopWh != entry.MeterStopWh))
            Break("I1", Name(entry), $"its answered stop at {entry.MeterStopWh} Wh is recorded as {recorded.Status} at {recorded.MeterStopWh} Wh");
        if (entry.StopAnswered && recorded.EnergyWh != entry.DeliveredWh)
            Break("I5", Name(entry), $"delivered {entry.DeliveredWh} Wh, recorded are {recorded.EnergyWh} Wh");
        if (_run.Settled && !entry.StopAnswered)
            Break("I1", Name(entry), "never got its stop answered");
        if (_run.Settled && IsHubs(entry))
            CheckHub(entry, recorded);
    }

    private void CheckHub(LedgerEntry entry, RecordedSession recorded)
    {
        var status = _run.Hub.Find("sessions", recorded.Id)?.Latest.Text("status");
        if (status != "COMPLETED")
            Break("I6", Name(entry), $"its session {recorded.Id} is {status ?? "unknown"} at the hub");
        var cdrs = CdrsOf(recorded.Id);
        if (cdrs.Length != 1)
            Break("I3", Name(entry), $"its session {recorded.Id} has {cdrs.Length} CDRs at the hub");
        foreach (var cdr in cdrs)
        {
            if (Wh(cdr) != entry.DeliveredWh)
                Break("I5", Name(entry), $"delivered {entry.DeliveredWh} Wh, the CDR bills {Wh(cdr)} Wh");
            CheckCost(entry, cdr);
        }
    }

    private void CheckCost(LedgerEntry entry, JsonObject cdr)
    {
        // Times of a clock that was lost are repaired, which is not the truth of the ledger.
        if (_run.Tariff is not { } tariff || !entry.ClockWasRight)
            return;
        var duration = OcpiText.Time(OcpiWords.End(cdr)) - OcpiText.Time(OcpiWords.Start(cdr));
        var took = entry.StoppedAt - (entry.AuthorizedAt ?? entry.StartedAt);
        if (entry.TimesAreTold && duration != took)
            Break("D6", Name(entry), $"took {took}, the CDR says {duration}");
        var net = tariff.Cost(entry.DeliveredWh, duration ?? default);
        var gross = decimal.Round(net * (1 + (tariff.Vat / 100)), 4, MidpointRounding.AwayFromZero);
        var cost = cdr["total_cost"];
        // Of our own times the bill knows the parts of a second, which OCPI does not write.
        var grain = entry.TimesAreTold ? 0 : tariff.PerHour * 2 / 3600;
        // The exact gross is rounded once, ours is the gross of a rounded net: they may differ in the last digit.
        // [211] has no gross.
        if (Math.Abs((OcpiWords.Net(cost) ?? -1) - net) > grain || (OcpiWords.Gross(cost) is var stated && Math.Abs((stated ?? (cost is JsonValue ? gross : 0)) - gross) > 0.0001m + (2 * grain)))
            Break("M6", Name(entry), $"costs {net} net, {gross} gross; the CDR says {OcpiWords.Net(cost)} and {OcpiWords.Gross(cost)}");
    }

    /// <summary>I2: nothing that no charger told of.</summary>
    private void CheckPhantoms()
    {
        // A start that was recorded but never answered is no phantom: the charger's last word on it is still to come.
        var told = _run.Ledger.Select(e => RecordOf(e)?.Id).ToHashSet();
        foreach (var recorded in _run.Recorded.Where(r => r.Status is "ACTIVE" or "COMPLETED" && !told.Contains(r.Id)))
            if (_run.Settled)
                Break("I2", recorded.Id, $"is recorded at {recorded.Station}, but no charger made it");
        var ids = _run.Recorded.Select(r => r.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var session in _run.Hub.Sessions.Where(s => !ids.Contains(s.Id)))
            Break("I2", session.Id, "is a session at the hub, but not in the database");
        foreach (var cdr in _run.Hub.Cdrs.Where(c => !_run.Hub.Sessions.Any(s => ids.Contains(s.Id) && OcpiWords.Bills(c.Latest, s.Latest))))
            Break("I2", cdr.Id, "is a CDR at the hub for no session of the database");
    }

    private VerdictLine Line(IGrouping<string, LedgerEntry> charger)
    {
        var owed = charger.Where(IsHubs).ToArray();
        var recorded = owed.Select(RecordOf).OfType<RecordedSession>().ToArray();
        var cdrs = recorded.SelectMany(r => CdrsOf(r.Id)).ToArray();
        return new(
            charger.Key, owed.Length, recorded.Count(r => _run.Hub.Find("sessions", r.Id) is not null), owed.Sum(e => e.DeliveredWh),
            cdrs.Sum(Wh), cdrs.Length, cdrs.Sum(c => OcpiWords.Gross(c["total_cost"]) ?? OcpiWords.Net(c["total_cost"]) ?? 0));
    }

    private RecordedSession? RecordOf(LedgerEntry entry) => entry.OwnId is { } own
        ? _named.GetValueOrDefault((entry.Charger, own))
        : entry.TransactionIds.Select(n => _recorded.GetValueOrDefault(n)).FirstOrDefault(r => r is not null);

    private JsonObject[] CdrsOf(string sessionId) => _run.Hub.Find("sessions", sessionId) is { } session
        ? [.. _run.Hub.Cdrs.Select(c => c.Latest).Where(c => OcpiWords.Bills(c, session.Latest))]
        : [];

    private void Break(string rule, string subject, string text) => _breaches.Add(new(rule, subject, text));

    /// <summary>A session of a card that was refused is the site's own.</summary>
    private static bool IsHubs(LedgerEntry entry) => entry.Admitted is null or "Accepted";

    private static long Wh(JsonObject cdr) => (long)((cdr.Number("total_energy") ?? 0) * 1000);

    private static string Name(LedgerEntry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.Charger}/{entry.Connector} no. {entry.Number}");
}
