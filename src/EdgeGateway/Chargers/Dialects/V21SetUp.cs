using System.Collections.Immutable;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>How a 2.x charger is set up; nothing before its Boot was answered (FIELD-NOTES 9, 15).</summary>
public sealed class V21SetUp(
    Func<ChargersOptions> options, SiteEngine site, IDocuments documents, DesiredConfiguration desired, V21Reports reports, DeviceModels models, TimeProvider clock,
    ILogger<V21SetUp> log)
    : StationSetUp(site, documents, clock, log)
{
    /// <summary>Times that a charger is asked for its device model, over lines: one that restarts because of it is left alone.</summary>
    public const int MostReports = 2;

    /// <summary>Device models have hundreds of variables, and slow links.</summary>
    private static readonly TimeSpan ForReport = TimeSpan.FromSeconds(60);

    protected override string Document => "learned-2";

    protected override Task<bool> TriggerBootAsync(ChargerLine line, CancellationToken cancel) => TriggerAsync(line, MessageTrigger.BootNotification, cancel);

    /// <summary>A state is a connector's: one question for each that has not told its own (F06.FR.12).</summary>
    protected override async Task<bool> TriggerStatesAsync(ChargerLine line, CancellationToken cancel)
    {
        foreach (var at in line.Connectors.Connectors.OrderBy(Connector.Key).Where(at => !line.HasToldAll([at])))
        {
            if (!await TriggerAsync(line, MessageTrigger.StatusNotification, cancel, new() { Id = at.Evse, ConnectorId = at.Connector }))
                return false;
        }
        return true;
    }

    private static async Task<bool> TriggerAsync(ChargerLine line, MessageTrigger message, CancellationToken cancel, EVSE? evse = null)
    {
        var answer = await line.Rpc.CallAsync(V21Actions.TriggerMessage, new() { RequestedMessage = message, Evse = evse }, cancel);
        StopIfEnded(answer.Outcome);
        return KnowsTriggers(answer.Response?.Status == TriggerMessageStatus.NotImplemented, answer.Outcome);
    }

    /// <summary>The whole device model, which the dialect keeps as it comes in (NotifyReport); where a charger has none, what can be set of it (B07).</summary>
    protected override async Task<StationLearned> AskWhatItIsAsync(ChargerLine line, StationLearned learned, CancellationToken cancel)
    {
        if (line.Quirks.NeverAsked == true || learned.ReportDone || learned.ReportTries >= MostReports)
            return learned;
        // Remembered before it is asked: a charger that restarts because of it is not asked for ever.
        learned = await WriteAsync(line.Station, learned with { ReportTries = learned.ReportTries + 1 }, cancel);
        var isDone = await ReportAsync(line, ReportBase.FullInventory, cancel) ?? await ReportAsync(line, ReportBase.ConfigurationInventory, cancel);
        return isDone == false ? learned : await WriteAsync(line.Station, learned with { ReportDone = true }, cancel);
    }

    /// <returns>True when it came whole; false when it did not, so that it is asked for again; null when the charger has no such report.</returns>
    private async Task<bool?> ReportAsync(ChargerLine line, ReportBase kind, CancellationToken cancel)
    {
        using var report = reports.Await(line);
        var answer = await line.Rpc.CallAsync(V21Actions.GetBaseReport, new() { RequestId = report.Request, ReportBase = kind }, cancel);
        StopIfEnded(answer.Outcome);
        return answer.Response?.Status switch
        {
            GenericDeviceModelStatus.Accepted => await report.CompleteAsync(ForReport, Clock, cancel),
            GenericDeviceModelStatus.Rejected => false,
            not null => null,
            null => answer.Outcome is CallRefused ? null : false,
        };
    }

    /// <summary>What is not asked any more is not counted as asked.</summary>
    private static void StopIfEnded(CallOutcome outcome)
    {
        if (outcome is CallUnanswered { Why: CallFailure.LineEnded } ended)
            throw new OperationCanceledException(ended.Detail);
    }

    protected override async Task BringAsync(ChargerLine line, CancellationToken cancel)
    {
        var model = await models.ReadAsync(line.Station, cancel) is { } told && told.IsOf(IdentityOf(line)) ? told : null;
        line.VariablesPerRead ??= V21Variables.LimitOf(model, 0);
        line.VariablesPerWrite ??= V21Variables.LimitOf(model, 1);
        var wanted = desired.WantedOf(line, Defaults(line, model), static name => V21SettingName.Read(name) is not null);
        await desired.BringAsync(line, wanted, new V21Settings(line), cancel);
    }

    /// <summary>What sessions need to be billed and shown, and what keeps the line alive. The configuration goes before all of it.</summary>
    private List<WantedSetting> Defaults(ChargerLine line, DeviceModel? model)
    {
        var settings = options();
        var wanted = new List<WantedSetting>
        {
            // Start and end of each transaction carry the register: what is billed lies between them.
            new("SampledDataCtrlr.TxStartedMeasurands", [Register], IsLeast: true),
            new("SampledDataCtrlr.TxEndedMeasurands", [Register], IsLeast: true),
            new("SampledDataCtrlr.TxUpdatedMeasurands", EverShorter(Possible(line, model)), IsLeast: true),
            // Samples of sessions are enough; those by the clock would double them.
            new("AlignedDataCtrlr.Interval", ["0"]),
            new("OCPPCommCtrlr.HeartbeatInterval", [Text(settings.HeartbeatSeconds)]),
            // Cards that the gateway refuses do not go on charging.
            new("TxCtrlr.StopTxOnInvalidId", ["true"]),
            // Those of the local list charge while the line is down. While it is open the gateway is asked: a card's hub may want to be.
            new("AuthCtrlr.LocalAuthorizeOffline", ["true"]),
            new("AuthCtrlr.LocalPreAuthorize", ["false"]),
            // What a charger could not send it throws away after so many tries (E13): the more the better, as far as it takes it.
            new("OCPPCommCtrlr.MessageAttempts(TransactionEvent)", ["20", "10", "5"], IsLeast: true),
            new("OCPPCommCtrlr.MessageAttemptInterval(TransactionEvent)", ["30"]),
        };
        if (settings.MeterValueSeconds > 0)
            wanted.Add(new("SampledDataCtrlr.TxUpdatedInterval", [Text(settings.MeterValueSeconds)]));
        // Half-open sockets are found by both ends (FIELD-NOTES 16).
        if ((line.Quirks.PingSeconds ?? StationAccess.UsualPingSeconds) is var ping and > 0)
            wanted.Add(new("OCPPCommCtrlr.WebSocketPingInterval", [Text(ping)]));
        return wanted;
    }

    /// <summary>What the station says that it cannot measure is not asked of it.</summary>
    private static ImmutableArray<string> Possible(ChargerLine line, DeviceModel? model)
    {
        var measurands = MeasurandsOf(line);
        var choices = model?.Find("SampledDataCtrlr", "TxUpdatedMeasurands")?.Choices?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return choices is not null && measurands.RemoveAll(m => !choices.Contains(m, StringComparer.OrdinalIgnoreCase)) is { IsEmpty: false } possible ? possible : measurands;
    }
}
