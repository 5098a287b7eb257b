using System.Globalization;
using System.Text;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using V21 = EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Simulators.Charger.Tongues;

/// <summary>A charger that speaks 1.6 with the messages of the security whitepaper.</summary>
internal sealed partial class Tongue16 : IChargerTongue
{
    private readonly SimulatedCharger _charger;
    private readonly CallRouter<SimulatedCharger> _router;

    public Tongue16(SimulatedCharger charger)
    {
        _charger = charger;
        _router = Commands(charger.Options);
    }

    public OcppVersion Version => OcppVersion.V16;

    public bool MayRepeatIds => true;

    private SimulatedChargerOptions Options => _charger.Options;

    private ChargerLedger Ledger => _charger.Ledger;

    public string? NewTransactionId() => null;

    public ValueTask<Payload> HandleAsync(IncomingCall call, CancellationToken cancel) => _router.HandleAsync(_charger, call, cancel);

    public async Task<BootAnswer?> BootAsync(V21.BootReason reason, CancellationToken cancellationToken)
    {
        var answer = await _charger.Line.CallAsync(V16Actions.BootNotification, new()
        {
            ChargePointVendor = Options.Vendor,
            ChargePointModel = Options.Model,
            ChargePointSerialNumber = Options.Identity.Length <= 25 ? Options.Identity : null,
            FirmwareVersion = _charger.FirmwareVersion,
        }, cancellationToken);
        return answer is null ? null : new(answer.Status == RegistrationStatus.Accepted, TimeSpan.FromSeconds(answer.Interval), answer.CurrentTime, $"{answer.Status}");
    }

    public Task TellStatusAsync(int connector, CancellationToken cancellationToken)
    {
        var place = _charger.Connectors.GetValueOrDefault(connector);
        return _charger.Line.CallAsync(V16Actions.StatusNotification, new()
        {
            ConnectorId = connector,
            ErrorCode = ChargePointErrorCode.NoError,
            Status = place?.Status ?? ChargePointStatus.Available,
            Timestamp = place is null || place.Since == default ? _charger.Now : place.Since,
        }, cancellationToken);
    }

    public async Task<string?> AuthorizeAsync(string idTag, CancellationToken cancellationToken) =>
        $"{(await _charger.Line.CallAsync(V16Actions.Authorize, new() { IdTag = idTag }, cancellationToken))?.IdTagInfo.Status}" is { Length: > 0 } status ? status : null;

    public Task HeartbeatAsync(CancellationToken cancellationToken) => _charger.Line.CallAsync(V16Actions.Heartbeat, new(), cancellationToken);

    public Task TellFirmwareAsync(V21.FirmwareStatus status, int? request, CancellationToken cancellationToken) =>
        _charger.Line.CallAsync(V16Actions.FirmwareStatusNotification, new() { Status = Enum.Parse<FirmwareStatus>($"{status}") }, cancellationToken);

    public Task TellUploadAsync(V21.UploadLogStatus status, int? request, CancellationToken cancellationToken) => request is { } number
        ? _charger.Line.CallAsync(V16Actions.LogStatusNotification, new() { Status = Enum.Parse<UploadLogStatus>($"{status}"), RequestId = number }, cancellationToken)
        : _charger.Line.CallAsync(
            V16Actions.DiagnosticsStatusNotification,
            new() { Status = status == V21.UploadLogStatus.UploadFailure ? DiagnosticsStatus.UploadFailed : Enum.Parse<DiagnosticsStatus>($"{status}") }, cancellationToken);

    public Task SignCertificateAsync(string csr, CancellationToken cancellationToken) =>
        _charger.Line.CallAsync(V16Actions.SignCertificate, new() { Csr = csr }, cancellationToken);

    public OwedMessage Started(TransactionMoment moment)
    {
        var entry = moment.Entry;
        var request = new StartTransactionRequest
        {
            ConnectorId = entry.Connector, IdTag = entry.IdTag, MeterStart = entry.MeterStartWh, Timestamp = entry.StartedAt, ReservationId = entry.ReservationId,
        };
        return new(OwedKind.Start, V16Actions.StartTransaction.Name, () => V16Actions.StartTransaction.Write(request), payload =>
        {
            var answer = V16Actions.StartTransaction.ReadResponse(payload).Message;
            Ledger.Change(entry.Number, e => e with
            {
                Admitted = $"{answer.IdTagInfo.Status}",
                StartAnswered = true,
                TransactionIds = e.TransactionIds.Contains(answer.TransactionId) ? e.TransactionIds : e.TransactionIds.Add(answer.TransactionId),
            });
            if (answer.IdTagInfo.Status != AuthorizationStatus.Accepted)
                _charger.Deauthorize(entry);
        });
    }

    public OwedMessage? Updated(TransactionMoment moment)
    {
        if (moment.ToldWh is not { } told)
            return null;
        var entry = moment.Entry;
        var isAsked = moment.Trigger == V21.TriggerReason.Trigger;
        return new(OwedKind.Values, V16Actions.MeterValues.Name, () => V16Actions.MeterValues.Write(new MeterValuesRequest
        {
            ConnectorId = entry.Connector,
            TransactionId = Ledger[entry.Number].TransactionId,
            MeterValue =
            [
                new()
                {
                    Timestamp = moment.At,
                    SampledValue =
                    [
                        Energy(told, isAsked ? ReadingContext.Trigger : ReadingContext.SamplePeriodic),
                        new()
                        {
                            Value = moment.PowerW.ToString(CultureInfo.InvariantCulture), Context = isAsked ? ReadingContext.Trigger : ReadingContext.SamplePeriodic,
                            Measurand = Measurand.PowerActiveImport, Unit = UnitOfMeasure.W,
                        },
                    ],
                },
            ],
        }), _ => Ledger.Change(entry.Number, e => e with { AnsweredWh = Math.Max(e.AnsweredWh, entry.DeliveredWh) }));
    }

    public OwedMessage Ended(TransactionMoment moment)
    {
        var entry = moment.Entry;
        return new(OwedKind.Stop, V16Actions.StopTransaction.Name, () => V16Actions.StopTransaction.Write(new StopTransactionRequest
        {
            TransactionId = Ledger[entry.Number].TransactionId,
            MeterStop = entry.MeterStopWh,
            Timestamp = entry.StoppedAt,
            Reason = ReasonOf(moment),
            IdTag = moment.IdTag,
            TransactionData = Options.SignsReadings
                ? [Signed(entry.StartedAt, entry.MeterStartWh, ReadingContext.TransactionBegin), Signed(moment.At, entry.MeterStopWh ?? 0, ReadingContext.TransactionEnd)]
                : null,
        }), _ => Ledger.Change(entry.Number, e => e with { StopAnswered = true }));
    }

    private SampledValue Energy(long wh, ReadingContext context) => Options.Quirks.HasFlag(ChargerQuirks.EnergyInKwh)
        ? new() { Value = (wh / 1000m).ToString(CultureInfo.InvariantCulture), Context = context, Measurand = Measurand.EnergyActiveImportRegister, Unit = UnitOfMeasure.KWh }
        : new() { Value = wh.ToString(CultureInfo.InvariantCulture), Context = context, Measurand = Measurand.EnergyActiveImportRegister, Unit = UnitOfMeasure.Wh };

    /// <summary>A reading, and the same signed, as 1.6 carries it (FIELD-NOTES 24).</summary>
    private MeterValue Signed(DateTimeOffset at, long wh, ReadingContext context) => new()
    {
        Timestamp = at,
        SampledValue =
        [
            Energy(wh, context),
            new()
            {
                Value = Convert.ToBase64String(Encoding.UTF8.GetBytes(Ocmf.Of(Options.Identity, at, wh))), Context = context, Format = ValueFormat.SignedData,
                Measurand = Measurand.EnergyActiveImportRegister,
            },
        ],
    };

    private static StopReason ReasonOf(TransactionMoment moment) => (moment.Trigger, moment.Reason) switch
    {
        (V21.TriggerReason.UnlockCommand, _) => StopReason.UnlockCommand,
        (_, V21.Reason.ImmediateReset) => StopReason.HardReset,
        (_, V21.Reason.Reboot) => StopReason.SoftReset,
        (_, { } reason) when Enum.TryParse<StopReason>($"{reason}", out var same) => same,
        _ => StopReason.Other,
    };
}
