using EdgeGateway.Chargers.Files;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>OCPP 2.0.1 and 2.1: what each message of a charger means to the site. An answer leaves when what it answers is on disk, not before.</summary>
public sealed partial class V21Dialect : IStationDialect
{
    private readonly Func<ChargersOptions> _options;
    private readonly SiteEngine _site;
    private readonly Authorizations _authorizations;
    private readonly TimeProvider _clock;
    private readonly V21SetUp _setUp;
    private readonly V21Limits _limits;
    private readonly V21Reports _reports;
    private readonly DeviceModels _models;
    private readonly StationPapers _papers;
    private readonly StationJobs _jobs;
    private readonly Lazy<StationCertificates> _certificates;
    private readonly MeterLookup _meters;
    private readonly CallRouter<ChargerLine> _newer;
    private readonly CallRouter<ChargerLine> _older;

    public V21Dialect(
        Func<ChargersOptions> options, SiteEngine site, Authorizations authorizations, V21SetUp setUp, V21Limits limits, V21Reports reports, DeviceModels models,
        StationPapers papers, StationJobs jobs, Lazy<StationCertificates> certificates, MeterLookup meters, TimeProvider clock)
    {
        _meters = meters;
        (_options, _site, _authorizations, _setUp, _clock) = (options, site, authorizations, setUp, clock);
        (_limits, _reports, _models, _papers, _jobs, _certificates) = (limits, reports, models, papers, jobs, certificates);
        (_newer, _older) = (RoutesOf(OcppVersion.V21), RoutesOf(OcppVersion.V201));
    }

    public IReadOnlyList<OcppVersion> Versions => [OcppVersion.V21, OcppVersion.V201];

    public MessageSet MessagesOf(OcppVersion version) => V21Actions.For(version);

    public Task SetUpAsync(ChargerLine line, CancellationToken lineEnded) => _setUp.RunAsync(line, lineEnded);

    public Task AdjustAsync(ChargerLine line, CancellationToken cancellationToken) => _setUp.AdjustAsync(line, cancellationToken);

    public ValueTask<Payload> HandleAsync(ChargerLine line, IncomingCall call, CancellationToken cancel) =>
        (line.Version == OcppVersion.V21 ? _newer : _older).HandleAsync(line, call, cancel);

    /// <summary>One table for both versions: 2.0.1's leaves out what it does not have.</summary>
    private CallRouter<ChargerLine> RoutesOf(OcppVersion version) => new CallRouter<ChargerLine>(V21Actions.For(version))
        .OnTolerated(static (line, call, warnings) => line.Tolerated(call.Action, warnings))
        .On(V21Actions.BootNotification, BootAsync)
        .On(V21Actions.SignCertificate, SignCertificateAsync)
        .On(V21Actions.Heartbeat, (_, _, _) => new(new HeartbeatResponse { CurrentTime = _clock.GetUtcNow() }))
        .On(V21Actions.StatusNotification, StatusAsync)
        .On(V21Actions.Authorize, AuthorizeAsync)
        .On(V21Actions.TransactionEvent, TransactionAsync)
        .On(V21Actions.MeterValues, MeterAsync)
        .On(V21Actions.ReservationStatusUpdate, ReservationAsync)
        .On(V21Actions.DataTransfer, DataTransferAsync)
        .On(V21Actions.SecurityEventNotification, SecurityEventAsync)
        .On(V21Actions.FirmwareStatusNotification, FirmwareAsync)
        .On(V21Actions.PublishFirmwareStatusNotification, PublishFirmwareAsync)
        .On(V21Actions.LogStatusNotification, LogAsync)
        .On(V21Actions.NotifyReport, ReportAsync)
        .On(V21Actions.NotifyMonitoringReport, MonitorsAsync)
        .On(V21Actions.NotifyEvent, EventAsync)
        .On(V21Actions.NotifyCustomerInformation, CustomerAsync)
        .On(V21Actions.NotifyDisplayMessages, DisplayMessagesAsync)
        .On(V21Actions.ReportChargingProfiles, ProfilesAsync)
        .On(V21Actions.NotifyChargingLimit, ChargingLimitAsync)
        .On(V21Actions.ClearedChargingLimit, ClearedLimitAsync)
        .On(V21Actions.NotifyEVChargingNeeds, ChargingNeedsAsync)
        .On(V21Actions.NotifyEVChargingSchedule, ChargingScheduleAsync)
        .On(V21Actions.PullDynamicScheduleUpdate, PullScheduleAsync)
        .On(V21Actions.NotifyPriorityCharging, PriorityAsync)
        .On(V21Actions.NotifyDERAlarm, DerAlarmAsync)
        .On(V21Actions.NotifyDERStartStop, DerStartStopAsync)
        .On(V21Actions.ReportDERControl, DerControlsAsync)
        .On(V21Actions.BatterySwap, BatterySwapAsync)
        .On(V21Actions.NotifySettlement, SettlementAsync)
        .On(V21Actions.VatNumberValidation, VatNumberAsync)
        .On(V21Actions.OpenPeriodicEventStream, OpenStreamAsync)
        .On(V21Actions.ClosePeriodicEventStream, CloseStreamAsync)
        .On(V21Actions.NotifyPeriodicEventStream, StreamAsync)
        .On(V21Actions.Get15118EVCertificate, EVCertificateAsync)
        .On(V21Actions.GetCertificateStatus, CertificateStatusAsync)
        .On(V21Actions.GetCertificateChainStatus, CertificateChainStatusAsync);

    private async ValueTask<BootNotificationResponse> BootAsync(ChargerLine line, Call<BootNotificationRequest> call, CancellationToken cancel)
    {
        var told = call.Request.ChargingStation;
        var admission = await _site.ReportAsync(
            new StationBooted(line.Station, new(told.VendorName, told.Model, told.SerialNumber, told.FirmwareVersion, Iccid: told.Modem?.Iccid)), cancel);
        var settings = _options();
        if (admission == Admission.Accepted)
        {
            line.BootAccepted();
            await _jobs.BootedAsync(line.Station, told.FirmwareVersion, cancel);
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

    /// <summary>The actions that have a line in the table of a version.</summary>
    public IReadOnlyCollection<string> Served(OcppVersion version) => (version == OcppVersion.V21 ? _newer : _older).Served;

}
