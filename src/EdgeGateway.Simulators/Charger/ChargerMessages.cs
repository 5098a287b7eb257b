using System.Globalization;
using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Simulators.Charger;

/// <summary>The messages of a transaction, as the charger owes them.</summary>
internal static class ChargerMessages
{
    public static OwedMessage Start(ChargerLedger ledger, LedgerEntry entry, Action refused)
    {
        var request = new StartTransactionRequest
        {
            ConnectorId = entry.Connector, IdTag = entry.IdTag, MeterStart = entry.MeterStartWh, Timestamp = entry.StartedAt,
            ReservationId = entry.ReservationId,
        };
        return new(V16Actions.StartTransaction.Name, () => V16Actions.StartTransaction.Write(request), payload =>
        {
            var answer = V16Actions.StartTransaction.ReadResponse(payload).Message;
            ledger.Change(entry.Number, e => e with
            {
                Admitted = $"{answer.IdTagInfo.Status}",
                TransactionIds = e.TransactionIds.Contains(answer.TransactionId) ? e.TransactionIds : e.TransactionIds.Add(answer.TransactionId),
            });
            if (answer.IdTagInfo.Status != AuthorizationStatus.Accepted && ledger[entry.Number].IsRunning)
                refused();
        });
    }

    public static OwedMessage Values(ChargerLedger ledger, LedgerEntry entry, DateTimeOffset at, long toldWh, int powerW)
    {
        var delivered = entry.DeliveredWh;
        return new(V16Actions.MeterValues.Name, () => V16Actions.MeterValues.Write(new MeterValuesRequest
        {
            ConnectorId = entry.Connector,
            TransactionId = ledger[entry.Number].TransactionId,
            MeterValue =
            [
                new()
                {
                    Timestamp = at,
                    SampledValue =
                    [
                        Sample(toldWh, Measurand.EnergyActiveImportRegister, UnitOfMeasure.Wh),
                        Sample(powerW, Measurand.PowerActiveImport, UnitOfMeasure.W),
                    ],
                },
            ],
        }), _ => ledger.Change(entry.Number, e => e with { AnsweredWh = Math.Max(e.AnsweredWh, delivered) }));
    }

    public static OwedMessage Stop(ChargerLedger ledger, LedgerEntry entry, StopReason reason, string? idTag) =>
        new(V16Actions.StopTransaction.Name, () => V16Actions.StopTransaction.Write(new StopTransactionRequest
        {
            TransactionId = ledger[entry.Number].TransactionId,
            MeterStop = entry.MeterStopWh,
            Timestamp = entry.StoppedAt,
            Reason = reason,
            IdTag = idTag,
        }), _ => ledger.Change(entry.Number, e => e with { StopAnswered = true }));

    private static SampledValue Sample(long value, Measurand measurand, UnitOfMeasure unit) => new()
    {
        Value = value.ToString(CultureInfo.InvariantCulture), Context = ReadingContext.SamplePeriodic, Measurand = measurand, Unit = unit,
    };
}
