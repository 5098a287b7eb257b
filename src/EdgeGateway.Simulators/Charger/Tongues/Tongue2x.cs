using System.Collections.Concurrent;
using System.Text;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using ConnectorState = EdgeGateway.Protocols.Ocpp.V16.ChargePointStatus;

namespace EdgeGateway.Simulators.Charger.Tongues;

/// <summary>A charger that speaks 2.0.1 or 2.1: each connector is the only one of its EVSE, and it numbers its transactions itself.</summary>
internal sealed partial class Tongue2x : IChargerTongue
{
    private readonly SimulatedCharger _charger;
    private readonly CallRouter<SimulatedCharger> _router;
    private readonly Random _random;
    private readonly ConcurrentDictionary<int, int> _sequences = new();
    private int _runningOn = -1;

    public Tongue2x(SimulatedCharger charger, OcppVersion version, int seed)
    {
        (_charger, Version, _random) = (charger, version, new(seed));
        _router = Commands(version, charger.Options);
    }

    public OcppVersion Version { get; }

    public bool MayRepeatIds => Version != OcppVersion.V201;

    private SimulatedChargerOptions Options => _charger.Options;

    private ChargerLedger Ledger => _charger.Ledger;

    public string NewTransactionId() => $"{_charger.Now.ToUnixTimeSeconds():x}-{_random.Next():x8}-{_random.Next():x8}";

    public ValueTask<Payload> HandleAsync(IncomingCall call, CancellationToken cancel) => _router.HandleAsync(_charger, call, cancel);

    public async Task<BootAnswer?> BootAsync(BootReason reason, CancellationToken cancellationToken)
    {
        var answer = await _charger.Line.CallAsync(V21Actions.BootNotification, new()
        {
            Reason = reason,
            ChargingStation = new()
            {
                VendorName = Options.Vendor, Model = Options.Model, FirmwareVersion = _charger.FirmwareVersion,
                SerialNumber = Options.Identity.Length <= 25 ? Options.Identity : null,
            },
        }, cancellationToken);
        return answer is null ? null : new(answer.Status == RegistrationStatus.Accepted, TimeSpan.FromSeconds(answer.Interval), answer.CurrentTime, $"{answer.Status}");
    }

    /// <summary>The station itself has no status message in 2.x (G01 is of connectors).</summary>
    public Task TellStatusAsync(int connector, CancellationToken cancellationToken)
    {
        if (_charger.Connectors.GetValueOrDefault(connector) is not { } place)
            return Task.CompletedTask;
        return _charger.Line.CallAsync(V21Actions.StatusNotification, new()
        {
            EvseId = connector,
            ConnectorId = 1,
            ConnectorStatus = place.Status switch
            {
                ConnectorState.Available => ConnectorStatus.Available,
                ConnectorState.Reserved => ConnectorStatus.Reserved,
                ConnectorState.Unavailable => ConnectorStatus.Unavailable,
                ConnectorState.Faulted => ConnectorStatus.Faulted,
                _ => ConnectorStatus.Occupied,
            },
            Timestamp = place.Since == default ? _charger.Now : place.Since,
        }, cancellationToken);
    }

    public async Task<string?> AuthorizeAsync(string idTag, CancellationToken cancellationToken) =>
        $"{(await _charger.Line.CallAsync(V21Actions.Authorize, new() { IdToken = TokenOf(idTag) }, cancellationToken))?.IdTokenInfo.Status}" is { Length: > 0 } status ? status : null;

    public Task HeartbeatAsync(CancellationToken cancellationToken) => _charger.Line.CallAsync(V21Actions.Heartbeat, new(), cancellationToken);

    public Task TellFirmwareAsync(FirmwareStatus status, int? request, CancellationToken cancellationToken) =>
        _charger.Line.CallAsync(V21Actions.FirmwareStatusNotification, new() { Status = status, RequestId = request }, cancellationToken);

    public Task TellUploadAsync(UploadLogStatus status, int? request, CancellationToken cancellationToken) =>
        _charger.Line.CallAsync(V21Actions.LogStatusNotification, new() { Status = status, RequestId = request }, cancellationToken);

    public Task SignCertificateAsync(string csr, CancellationToken cancellationToken) => _charger.Line.CallAsync(
        V21Actions.SignCertificate, new() { Csr = csr, CertificateType = CertificateSigningUse.ChargingStationCertificate }, cancellationToken);

    public OwedMessage Started(TransactionMoment moment) => EventOf(OwedKind.Start, TransactionEventKind.Started, moment, ReadingContext.TransactionBegin);

    public OwedMessage Updated(TransactionMoment moment) => EventOf(
        OwedKind.Values, TransactionEventKind.Updated, moment,
        moment.Trigger == TriggerReason.Trigger ? ReadingContext.Trigger : moment.Trigger == TriggerReason.MeterValuePeriodic ? ReadingContext.SamplePeriodic : ReadingContext.Other);

    public OwedMessage Ended(TransactionMoment moment) => EventOf(OwedKind.Stop, TransactionEventKind.Ended, moment, ReadingContext.TransactionEnd);

    private OwedMessage EventOf(OwedKind kind, TransactionEventKind phase, TransactionMoment moment, ReadingContext context)
    {
        var entry = moment.Entry;
        var request = new TransactionEventRequest
        {
            EventType = phase,
            Timestamp = moment.At,
            TriggerReason = moment.Trigger,
            SeqNo = NextSequence(entry.Number),
            Offline = moment.IsOffline && !Has(ChargerQuirks.NeverSaysOffline) ? true : null,
            ReservationId = entry.ReservationId,
            Evse = Has(ChargerQuirks.NeverSaysEvse) ? null : new() { Id = entry.Connector, ConnectorId = 1 },
            IdToken = moment.IdTag is { } card ? TokenOf(card) : null,
            TransactionInfo = new()
            {
                TransactionId = entry.OwnId,
                ChargingState = moment.State,
                StoppedReason = phase == TransactionEventKind.Ended ? moment.Reason : null,
                RemoteStartId = moment.RemoteStartId,
            },
            MeterValue = moment.ToldWh is { } told ? [Read(moment, told, context)] : null,
        };
        return new(kind, V21Actions.TransactionEvent.Name, () => V21Actions.TransactionEvent.Write(request, Version), payload => Settle(entry, phase, payload));
    }

    private void Settle(LedgerEntry entry, TransactionEventKind phase, ReadOnlyMemory<byte> payload)
    {
        var answer = V21Actions.TransactionEvent.ReadResponse(payload).Message;
        Ledger.Change(entry.Number, e => e with
        {
            StartAnswered = e.StartAnswered || phase == TransactionEventKind.Started,
            StopAnswered = e.StopAnswered || phase == TransactionEventKind.Ended,
            AnsweredWh = Math.Max(e.AnsweredWh, entry.DeliveredWh),
            // What is said of the card of who stops it is no word on who started it.
            Admitted = phase != TransactionEventKind.Ended && answer.IdTokenInfo is { } info ? $"{info.Status}" : e.Admitted,
        });
        if (answer.TotalCost is { } cost && entry.OwnId is { } transaction)
            _charger.TakeCost(transaction, cost);
        if (phase != TransactionEventKind.Ended && answer.IdTokenInfo is { Status: not AuthorizationStatus.Accepted })
            _charger.Deauthorize(entry);
    }

    private MeterValue Read(TransactionMoment moment, long told, ReadingContext context)
    {
        var isBoundary = context is ReadingContext.TransactionBegin or ReadingContext.TransactionEnd;
        var energy = new SampledValue
        {
            Value = Has(ChargerQuirks.EnergyInKwh) ? told / 1000m : told,
            Measurand = Measurand.EnergyActiveImportRegister,
            Context = context,
            UnitOfMeasure = Has(ChargerQuirks.EnergyInKwh) ? new() { Unit = "kWh" } : null,
            SignedMeterValue = isBoundary && Options.SignsReadings
                ? new()
                {
                    SignedMeterData = Convert.ToBase64String(Encoding.UTF8.GetBytes(Ocmf.Of(Options.Identity, moment.At, told))), EncodingMethod = "OCMF",
                    SigningMethod = "ECDSA-secp256r1-SHA256", PublicKey = "",
                }
                : null,
        };
        return new()
        {
            Timestamp = moment.At,
            SampledValue = isBoundary ? [energy] : [energy, new() { Value = moment.PowerW, Measurand = Measurand.PowerActiveImport, Context = context, UnitOfMeasure = new() { Unit = "W" } }],
        };
    }

    private int NextSequence(int entry) => Has(ChargerQuirks.SequenceAlwaysZero) ? 0
        : Has(ChargerQuirks.SequenceRunsOn) ? Interlocked.Increment(ref _runningOn)
        : _sequences.AddOrUpdate(entry, 0, static (_, last) => last + 1);

    private bool Has(ChargerQuirks quirk) => Options.Quirks.HasFlag(quirk);

    private static IdToken TokenOf(string card) => new() { Token = card, Type = IdTokenKinds.ISO14443 };
}
