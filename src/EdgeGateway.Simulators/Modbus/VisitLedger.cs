using EdgeGateway.Simulators.Charger;

namespace EdgeGateway.Simulators.Modbus;

/// <summary>The judge's ledger of a charger that knows no transactions: each car that took energy is one, and must have been recorded as one, in their order.</summary>
public static class VisitLedger
{
    public static IEnumerable<LedgerEntry> Of(string station, string uid, IReadOnlyList<ChargerVisit> visits, IReadOnlyList<RecordedSession> recorded)
    {
        var sessions = recorded.Where(r => r.Station == station).OrderBy(r => r.Number).ToArray();
        var charged = new Queue<RecordedSession>(sessions.Where(s => s.EnergyWh > 0));
        var number = 0;
        foreach (var visit in visits.Where(v => v.DeliveredWh is null or > 0))
            yield return Entry(visit, charged.TryDequeue(out var session) ? session : null) with { DeliveredWh = visit.DeliveredWh ?? 0 };
        // A card that was shown, and a car that took nothing.
        foreach (var empty in sessions.Where(s => s.EnergyWh == 0))
            yield return Entry(new(default, empty.MeterStartWh ?? 0, DateTimeOffset.UnixEpoch, empty.MeterStopWh), empty);

        LedgerEntry Entry(ChargerVisit visit, RecordedSession? session) => new()
        {
            Charger = station,
            Connector = 1,
            Number = ++number,
            IdTag = uid,
            MeterStartWh = visit.MeterStartWh,
            StartedAt = visit.PluggedAt,
            MeterStopWh = visit.MeterStopWh,
            StoppedAt = visit.UnpluggedAt,
            TimesAreTold = false,
            Admitted = session is { EnergyWh: 0, Status: not "COMPLETED" } ? LedgerEntry.NoCard : null,
            TransactionIds = session is { Transaction: null } ? [session.Number] : [],
            OwnId = session?.Transaction,
            StartAnswered = true,
            StopAnswered = visit.UnpluggedAt is not null,
        };
    }
}
