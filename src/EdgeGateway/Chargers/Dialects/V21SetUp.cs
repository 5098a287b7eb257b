using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>
/// What the gateway asks of a 2.x charger when a line is new: what it is made of, to have the settings that sessions need, and its connectors'
/// states. Nothing before its Boot was answered, each question once for a model and firmware (FIELD-NOTES 9, 14, 15).
/// </summary>
public sealed partial class V21SetUp(
    Func<ChargersOptions> options, SiteEngine site, IDocuments documents, DesiredConfiguration desired, V21Reports reports, DeviceModels models, TimeProvider clock,
    ILogger<V21SetUp> log)
{
    /// <summary>Times that a charger is asked for its device model, over lines: one that restarts because of it is left alone.</summary>
    public const int MostReports = 2;

    /// <summary>A charger tells its states after a boot by itself; only if it has not by then, it is asked.</summary>
    private static readonly TimeSpan ForStates = TimeSpan.FromSeconds(10);

    /// <summary>Device models have hundreds of variables, and slow links.</summary>
    private static readonly TimeSpan ForReport = TimeSpan.FromSeconds(60);

    public Task RunAsync(ChargerLine line, CancellationToken lineEnded) => KeptAsync(line, async () =>
    {
        await line.MayBeAsked;
        lineEnded.ThrowIfCancellationRequested();
        var learned = await ReadAsync(line.Station, lineEnded);
        if (!line.Booted.IsCompleted && IdentityOf(line) is null)
            learned = await AskForBootAsync(line, learned, lineEnded);
        if (!line.IsAdmitted)
            await line.Booted.WaitAsync(lineEnded);
        if (IdentityOf(line) is { } identity)
        {
            if (!learned.IsOf(identity))
                learned = (learned.Vendor is null ? learned : new()) with { Vendor = identity.Vendor, Model = identity.Model, Firmware = identity.Firmware };
            if (line.Quirks.NeverAsked != true)
                learned = await AskForReportAsync(line, learned, lineEnded);
            await BringAsync(line, lineEnded);
        }
        await AskForStatesAsync(line, learned, lineEnded);
    });

    public Task AdjustAsync(ChargerLine line, CancellationToken cancellationToken) => KeptAsync(line, async () =>
    {
        if (line.IsAdmitted && line.MayBeAsked.IsCompletedSuccessfully && IdentityOf(line) is not null)
            await BringAsync(line, cancellationToken);
    });

    private async Task KeptAsync(ChargerLine line, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (OperationCanceledException)
        {
            // The line ended; the next one goes on where this one was.
        }
        catch (Exception failure)
        {
            // The charger works on without it; what could not be remembered is asked again on its next line.
            line.Note("set-up failed", failure.Message);
            LogFailed(failure, line.Station);
        }
    }

    /// <summary>Only of a charger that we know nothing of: an answer to a trigger looks like a restart, which ends sessions (FIELD-NOTES 22).</summary>
    private async Task<V21Learned> AskForBootAsync(ChargerLine line, V21Learned learned, CancellationToken cancel)
    {
        if (learned.NoTriggers)
            return learned;
        if (!await TriggerAsync(line, MessageTrigger.BootNotification, cancel))
            return await WriteAsync(line.Station, learned with { NoTriggers = true }, cancel);
        await Task.WhenAny(line.Booted, Task.Delay(ForStates, clock, cancel));
        return learned;
    }

    /// <summary>A state is a connector's: one question for each that has not told its own (F06.FR.12).</summary>
    private async Task AskForStatesAsync(ChargerLine line, V21Learned learned, CancellationToken cancel)
    {
        if (learned.NoTriggers)
            return;
        if (line.Booted.IsCompleted)
            await Task.Delay(ForStates, clock, cancel);
        foreach (var at in line.Connectors.Connectors.OrderBy(Connector.Key))
        {
            if (line.HasToldAll([at]))
                continue;
            if (!await TriggerAsync(line, MessageTrigger.StatusNotification, cancel, new() { Id = at.Evse, ConnectorId = at.Connector }))
            {
                await WriteAsync(line.Station, learned with { NoTriggers = true }, cancel);
                return;
            }
        }
    }

    private static async Task<bool> TriggerAsync(ChargerLine line, MessageTrigger message, CancellationToken cancel, EVSE? evse = null)
    {
        var answer = await line.Rpc.CallAsync(V21Actions.TriggerMessage, new() { RequestedMessage = message, Evse = evse }, cancel);
        StopIfEnded(answer.Outcome);
        // Rejected is for now; NotImplemented, and an error, are for good. Silence says nothing.
        return answer.Response?.Status != TriggerMessageStatus.NotImplemented && answer.Outcome is not CallRefused;
    }

    /// <summary>The whole device model, which the dialect keeps as it comes in (NotifyReport); where a charger has none, what can be set of it (B07).</summary>
    private async Task<V21Learned> AskForReportAsync(ChargerLine line, V21Learned learned, CancellationToken cancel)
    {
        if (learned.ReportDone || learned.ReportTries >= MostReports)
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
            GenericDeviceModelStatus.Accepted => await report.CompleteAsync(ForReport, clock, cancel),
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

    private async Task BringAsync(ChargerLine line, CancellationToken cancel)
    {
        var model = await models.ReadAsync(line.Station, cancel) is { } told && told.IsOf(IdentityOf(line)) ? told : null;
        line.VariablesPerRead ??= V21Variables.LimitOf(model, 0);
        line.VariablesPerWrite ??= V21Variables.LimitOf(model, 1);
        var wanted = desired.WantedOf(line, Defaults(line, model), static name => V21SettingName.Read(name) is not null);
        await desired.BringAsync(line, wanted, new V21Settings(line), cancel);
    }

    private StationIdentity? IdentityOf(ChargerLine line) => site.State.Stations.GetValueOrDefault(line.Station)?.Identity;

    /// <summary>What sessions need to be billed and shown, and what keeps the line alive. The configuration goes before all of it.</summary>
    private List<WantedSetting> Defaults(ChargerLine line, DeviceModel? model)
    {
        var settings = options();
        var wanted = new List<WantedSetting>
        {
            // Start and end of each transaction carry the register: what is billed lies between them.
            new("SampledDataCtrlr.TxStartedMeasurands", [Register], IsLeast: true),
            new("SampledDataCtrlr.TxEndedMeasurands", [Register], IsLeast: true),
            new("SampledDataCtrlr.TxUpdatedMeasurands", Lists(line, model), IsLeast: true),
            // Samples of sessions are enough; those by the clock would double them.
            new("AlignedDataCtrlr.Interval", ["0"]),
            new("OCPPCommCtrlr.HeartbeatInterval", [Text(settings.HeartbeatSeconds)]),
            // Cards that the gateway refuses do not go on charging.
            new("TxCtrlr.StopTxOnInvalidId", ["true"]),
            // Those of the local list charge while the line is down. While it is open the gateway is asked: a card's hub may want to be.
            new("AuthCtrlr.LocalAuthorizeOffline", ["true"]),
            new("AuthCtrlr.LocalPreAuthorize", ["false"]),
        };
        if (settings.MeterValueSeconds > 0)
            wanted.Add(new("SampledDataCtrlr.TxUpdatedInterval", [Text(settings.MeterValueSeconds)]));
        // Half-open sockets are found by both ends (FIELD-NOTES 16).
        if ((line.Quirks.PingSeconds ?? StationAccess.UsualPingSeconds) is var ping and > 0)
            wanted.Add(new("OCPPCommCtrlr.WebSocketPingInterval", [Text(ping)]));
        return wanted;
    }

    /// <summary>The whole list, then each one shorter from its end: what a session needs comes first (FIELD-NOTES 14). What the station says that it
    /// cannot measure is not asked of it.</summary>
    private static ImmutableArray<string> Lists(ChargerLine line, DeviceModel? model)
    {
        var measurands = line.Quirks.Measurands is { IsDefaultOrEmpty: false } ofModel ? ofModel : Measurands;
        var choices = model?.Find("SampledDataCtrlr", "TxUpdatedMeasurands")?.Choices?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var possible = choices is null ? measurands : [.. measurands.Where(m => choices.Contains(m, StringComparer.OrdinalIgnoreCase))];
        if (possible.IsEmpty)
            possible = measurands;
        return [.. Enumerable.Range(0, possible.Length).Select(i => string.Join(',', possible.Take(possible.Length - i)))];
    }

    private const string Register = "Energy.Active.Import.Register";
    private static readonly ImmutableArray<string> Measurands = [Register, "Power.Active.Import", "Current.Import", "SoC"];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async ValueTask<V21Learned> ReadAsync(string station, CancellationToken cancel) =>
        await documents.ReadAsync(DocumentOf(station), cancel) is { } json && JsonSerializer.Deserialize(json, ChargersJson.Default.V21Learned) is { } learned
            ? learned
            : new();

    private async Task<V21Learned> WriteAsync(string station, V21Learned learned, CancellationToken cancel)
    {
        await documents.WriteAsync(DocumentOf(station), JsonSerializer.Serialize(learned, ChargersJson.Default.V21Learned), cancel);
        return learned;
    }

    // Not the document of 1.6: a charger's version is its line's.
    private static string DocumentOf(string station) => $"charger/{station.ToLowerInvariant()}/learned-2";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The set-up of {Station} was left unfinished")]
    private partial void LogFailed(Exception failure, string station);
}

/// <summary>What was found out about a 2.x charger, for one model and firmware.</summary>
public sealed record V21Learned
{
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Firmware { get; init; }

    /// <summary>It does not know TriggerMessage.</summary>
    public bool NoTriggers { get; init; }

    /// <summary>Times that it was asked for its device model; counted before it is asked.</summary>
    public int ReportTries { get; init; }

    /// <summary>Its device model came whole, or it has none.</summary>
    public bool ReportDone { get; init; }

    public bool IsOf(StationIdentity identity) => Vendor == identity.Vendor && Model == identity.Model && Firmware == identity.Firmware;
}
