using System.Globalization;
using EdgeGateway.Chargers.Files;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using Authorization = EdgeGateway.Site.Model.Authorization;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>OCPP 1.6: what each message of a charger means to the site. An answer leaves when what it answers is on disk, not before.</summary>
public sealed partial class V16Dialect : IStationDialect
{
    private readonly Func<ChargersOptions> _options;
    private readonly SiteEngine _site;
    private readonly Authorizations _authorizations;
    private readonly TimeProvider _clock;
    private readonly CallRouter<ChargerLine> _router;
    private readonly V16SetUp _setUp;
    private readonly V16Limits _limits;
    private readonly Lazy<StationCertificates> _certificates;
    private readonly QuirkDesk _quirks;
    private readonly StationJobs _jobs;
    private readonly MeterLookup _meters;

    public V16Dialect(
        Func<ChargersOptions> options, SiteEngine site, Authorizations authorizations, V16SetUp setUp, V16Limits limits, Lazy<StationCertificates> certificates,
        QuirkDesk quirks, StationJobs jobs, MeterLookup meters, TimeProvider clock)
    {
        (_options, _site, _authorizations, _setUp, _limits, _certificates, _quirks, _jobs, _clock) = (options, site, authorizations, setUp, limits, certificates, quirks, jobs, clock);
        _meters = meters;
        _router = new CallRouter<ChargerLine>(V16Actions.All)
            .OnTolerated(static (line, call, warnings) => line.Tolerated(call.Action, warnings))
            .On(V16Actions.BootNotification, BootAsync)
            .On(V16Actions.Heartbeat, (_, _, _) => new(new HeartbeatResponse { CurrentTime = _clock.GetUtcNow() }))
            .On(V16Actions.StatusNotification, StatusAsync)
            .On(V16Actions.Authorize, AuthorizeAsync)
            .On(V16Actions.StartTransaction, StartAsync)
            .On(V16Actions.MeterValues, MeterAsync)
            .On(V16Actions.StopTransaction, StopAsync)
            .On(V16Actions.DataTransfer, static (_, _, _) => new(new DataTransferResponse { Status = DataTransferStatus.UnknownVendorId }))
            .On(V16Actions.DiagnosticsStatusNotification, (line, call, cancel) =>
                SaidAsync(line, JobKind.Diagnostics, "DiagnosticsStatus", call.Request.Status.ToString(), null, new DiagnosticsStatusNotificationResponse(), cancel))
            .On(V16Actions.FirmwareStatusNotification, (line, call, cancel) =>
                SaidAsync(line, JobKind.Firmware, "FirmwareStatus", call.Request.Status.ToString(), null, new FirmwareStatusNotificationResponse(), cancel))
            .On(V16Actions.LogStatusNotification, (line, call, cancel) =>
                SaidAsync(line, JobKind.Diagnostics, "LogStatus", call.Request.Status.ToString(), call.Request.RequestId, new LogStatusNotificationResponse(), cancel))
            .On(V16Actions.SignedFirmwareStatusNotification, (line, call, cancel) =>
                SaidAsync(line, JobKind.Firmware, "FirmwareStatus", call.Request.Status.ToString(), call.Request.RequestId, new SignedFirmwareStatusNotificationResponse(), cancel))
            .On(V16Actions.SecurityEventNotification, SecurityEventAsync)
            .On(V16Actions.SignCertificate, SignCertificateAsync);
    }

    public IReadOnlyList<OcppVersion> Versions => [OcppVersion.V16];

    public MessageSet MessagesOf(OcppVersion version) => V16Actions.All;

    public Task SetUpAsync(ChargerLine line, CancellationToken lineEnded) => _setUp.RunAsync(line, lineEnded);

    public Task AdjustAsync(ChargerLine line, CancellationToken cancellationToken) => _setUp.AdjustAsync(line, cancellationToken);

    public ValueTask<Payload> HandleAsync(ChargerLine line, IncomingCall call, CancellationToken cancel) =>
        _router.HandleAsync(line, call, cancel);

    private async ValueTask<BootNotificationResponse> BootAsync(ChargerLine line, Call<BootNotificationRequest> call, CancellationToken cancel)
    {
        var boot = call.Request;
        var admission = await _site.ReportAsync(
            new StationBooted(line.Station, new(
                boot.ChargePointVendor, boot.ChargePointModel, boot.ChargePointSerialNumber ?? boot.ChargeBoxSerialNumber,
                boot.FirmwareVersion, boot.MeterSerialNumber ?? boot.MeterType, boot.Iccid)),
            cancel);
        var settings = _options();
        if (admission == Admission.Accepted)
        {
            await _jobs.BootedAsync(line.Station, boot.FirmwareVersion, cancel);
            line.BootAccepted();
        }
        return new()
        {
            Status = admission switch
            {
                Admission.Accepted => RegistrationStatus.Accepted,
                Admission.Pending => RegistrationStatus.Pending,
                _ => RegistrationStatus.Rejected,
            },
            CurrentTime = _clock.GetUtcNow(),
            Interval = admission == Admission.Accepted ? settings.HeartbeatSeconds : settings.PendingSeconds,
        };
    }

    private async ValueTask<StatusNotificationResponse> StatusAsync(ChargerLine line, Call<StatusNotificationRequest> call, CancellationToken cancel)
    {
        var status = call.Request;
        // A number that no connector has is no place's state.
        if (line.Connectors.At(status.ConnectorId) is not { } at)
        {
            line.Tolerated(Tolerances.NoConnector, $"a status of connector {status.ConnectorId}");
            return new();
        }
        var freed = status.Status == ChargePointStatus.Available ? await _meters.AtFreeingAsync(at, status.Timestamp, line.Opened, cancel) : null;
        await _site.ReportAsync(
            new ConnectorReported(
                at, StateOf(status.Status), status.ErrorCode == ChargePointErrorCode.NoError ? null : status.ErrorCode.ToString(),
                status.Info, status.VendorErrorCode, status.Timestamp, freed),
            cancel);
        line.HasTold(at);
        return new();
    }

    private async ValueTask<AuthorizeResponse> AuthorizeAsync(ChargerLine line, Call<AuthorizeRequest> call, CancellationToken cancel)
    {
        var idTag = IdTags.Of(line, call.Request.IdTag);
        return new() { IdTagInfo = InfoOf(await _authorizations.AdmitAsync(line.Station, idTag, cancel)) };
    }

    private async ValueTask<StartTransactionResponse> StartAsync(ChargerLine line, Call<StartTransactionRequest> call, CancellationToken cancel)
    {
        var start = call.Request;
        var at = line.Connectors.At(start.ConnectorId);
        var incomplete = Missing(
            at is null or { IsStation: true } ? "connectorId" : null, start.IdTag is null ? "idTag" : null,
            start.MeterStart is null ? "meterStart" : null, start.Timestamp is null ? "timestamp" : null);
        if (at is null or { IsStation: true })
        {
            at = PlaceOfStart(line);
            line.Tolerated(Tolerances.NoConnector, $"a start at connector {start.ConnectorId?.ToString(CultureInfo.InvariantCulture) ?? "none"}: taken for {at}");
        }
        var idTag = IdTags.Of(line, start.IdTag);
        var authorization = await DecideAsync(line, at, idTag, start.Timestamp, cancel);
        var sample = await _meters.AtAsync(at, start.Timestamp, MeterMoment.Start, line.Opened, cancel);
        var begun = await _site.ReportAsync(
            new SessionBegan(at, idTag, start.Timestamp, start.MeterStart, authorization, incomplete, start.ReservationId, sample), cancel);
        return new() { TransactionId = begun.Number, IdTagInfo = InfoOf(begun.Authorization) };
    }

    private async ValueTask<StopTransactionResponse> StopAsync(ChargerLine line, Call<StopTransactionRequest> call, CancellationToken cancel)
    {
        var stop = call.Request;
        var incomplete = Missing(
            stop.TransactionId is null ? "transactionId" : null, null,
            stop.MeterStop is null ? "meterStop" : null, stop.Timestamp is null ? "timestamp" : null);
        var session = SessionOf(line, stop.TransactionId);
        NoteStop(line, stop);
        var place = session?.At ?? line.Connectors.Only ?? line.Connectors.Station;
        var idTag = stop.IdTag is null ? null : IdTags.Of(line, stop.IdTag);
        // Nobody is asked in real time for a stop: it has happened, whatever the answer.
        var authorization = idTag is null ? null : await StopAuthorizationAsync(line, stop.TransactionId, idTag, cancel);
        await _site.ReportAsync(
            new SessionEnded(
                line.Station, stop.TransactionId, idTag, stop.Timestamp, stop.MeterStop, stop.Reason?.ToString(),
                await ValuesOfAsync(line, place, session, stop.TransactionData, cancel), authorization, incomplete,
                await _meters.AtAsync(place, stop.Timestamp, MeterMoment.End, line.Opened, cancel)),
            cancel);
        return new() { IdTagInfo = authorization is null ? null : InfoOf(authorization) };
    }

    private async ValueTask<SecurityEventNotificationResponse> SecurityEventAsync(
        ChargerLine line, Call<SecurityEventNotificationRequest> call, CancellationToken cancel)
    {
        var text = call.Request.TechInfo is { } info ? $"{call.Request.Type}: {info}" : call.Request.Type;
        await _site.ReportAsync(new Remarked(Severity.Warning, "SecurityEvent", line.Station, Printable(text)), cancel);
        return new();
    }

    /// <summary>A status that chargers repeat: an event only when it changes (FIELD-NOTES 25).</summary>
    private async ValueTask<TResponse> SaidAsync<TResponse>(
        ChargerLine line, JobKind kind, string code, string said, int? job, TResponse response, CancellationToken cancel)
    {
        await _jobs.HeardAsync(line.Station, kind, said, job, cancel);
        if (line.LastSaid.TryGetValue(code, out var last) && last == said)
            return response;
        var severity = said.Contains("Fail", StringComparison.Ordinal) || said == "InvalidSignature" ? Severity.Warning : Severity.Info;
        if (said != "Idle" || last is not null)
            await _site.ReportAsync(new Remarked(severity, code, line.Station, said), cancel);
        line.LastSaid[code] = said;
        return response;
    }

    private async ValueTask<Authorization> DecideAsync(ChargerLine line, Position at, string idTag, DateTimeOffset? told, CancellationToken cancel) =>
        !line.IsAdmitted ? Authorization.Refused(Site.Model.AuthorizationStatus.Invalid, "the station is not accepted yet")
        : idTag.Length == 0 ? Authorization.Refused(Site.Model.AuthorizationStatus.Invalid, "no id tag")
        : await _authorizations.DecideStartAsync(at, idTag, told, cancel);

    private async ValueTask<Authorization> StopAuthorizationAsync(ChargerLine line, int? number, string idTag, CancellationToken cancel) =>
        number is { } n && _site.State.Sessions.TryGetValue(n, out var session) && Uid.Same(session.IdTag, idTag)
            ? session.Authorization
            : await _authorizations.DecideLocallyAsync(line.Station, idTag, cancel);

    /// <summary>Where a start without a place most likely is: the only connector, else the only one with a plug in it, else the first.</summary>
    private Position PlaceOfStart(ChargerLine line)
    {
        if (line.Connectors.Only is { } only)
            return only;
        Position? prepared = null;
        foreach (var connector in _site.State.Stations.GetValueOrDefault(line.Station)?.Connectors.Values ?? [])
        {
            if (connector.State != ConnectorState.Preparing || connector.At.IsStation)
                continue;
            if (prepared is not null)
                return line.Connectors.At(1)!;
            prepared = connector.At;
        }
        return prepared ?? line.Connectors.At(1)!;
    }

    private static string? Missing(string? first, string? second, string? third, string? fourth)
    {
        if (first is null && second is null && third is null && fourth is null)
            return null;
        string?[] all = [first, second, third, fourth];
        return $"missing or unreadable: {string.Join(", ", all.Where(static m => m is not null))}";
    }

    private static IdTagInfo InfoOf(Authorization authorization) => new()
    {
        Status = authorization.Status switch
        {
            Site.Model.AuthorizationStatus.Accepted => Protocols.Ocpp.V16.AuthorizationStatus.Accepted,
            // 1.6 has no words for an empty account or a place that is not allowed; the event says which it was.
            Site.Model.AuthorizationStatus.Blocked or Site.Model.AuthorizationStatus.NoCredit or Site.Model.AuthorizationStatus.NotAllowed =>
                Protocols.Ocpp.V16.AuthorizationStatus.Blocked,
            Site.Model.AuthorizationStatus.Expired => Protocols.Ocpp.V16.AuthorizationStatus.Expired,
            _ => Protocols.Ocpp.V16.AuthorizationStatus.Invalid,
        },
        // CiString20: a longer group cannot be said in 1.6.
        ParentIdTag = authorization.Token?.GroupId is { Length: > 0 and <= 20 } group ? group : null,
    };

    private static ConnectorState StateOf(ChargePointStatus status) => status switch
    {
        ChargePointStatus.Available => ConnectorState.Available,
        ChargePointStatus.Preparing => ConnectorState.Preparing,
        ChargePointStatus.Charging => ConnectorState.Charging,
        ChargePointStatus.SuspendedEVSE => ConnectorState.SuspendedEvse,
        ChargePointStatus.SuspendedEV => ConnectorState.SuspendedEV,
        ChargePointStatus.Finishing => ConnectorState.Finishing,
        ChargePointStatus.Reserved => ConnectorState.Reserved,
        ChargePointStatus.Unavailable => ConnectorState.Unavailable,
        _ => ConnectorState.Faulted,
    };

    // What a charger says becomes no structure of ours (S6).
    private static string Printable(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsControl(source[i]) ? ' ' : source[i];
    });
}
