using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;
using UnlockConnector = EdgeGateway.Site.Care.UnlockConnector;
using UpdateFirmware = EdgeGateway.Site.Care.UpdateFirmware;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What people want done, in 2.x. What the line's version cannot say is not sent: Invalid, with what it is that it cannot say.</summary>
public sealed partial class V21Dialect
{
    public async Task<CareAnswer> CareAsync(ChargerLine line, CareTask task, CancellationToken cancellationToken) => task switch
    {
        ResetStation reset => await ResetAsync(line, reset, cancellationToken),
        UnlockConnector unlock => CareAnswers.Of(await UnlockAsync(line, unlock.Evse, unlock.Connector, cancellationToken), "Unlocked"),
        SetAvailability availability => await ChangeAvailabilityAsync(line, availability, cancellationToken),
        TriggerMessage trigger => await TriggerAsync(line, trigger, cancellationToken),
        ReadSettings { Names.IsDefaultOrEmpty: true } => await ReadAllSettingsAsync(line, cancellationToken),
        ReadSettings read => await ReadSettingsAsync(line, read, cancellationToken),
        WriteSettings write => await WriteSettingsAsync(line, write, cancellationToken),
        SetStationLimit limit => CareAnswers.Of(await _limits.SetStandingAsync(line, PlaceOf(line, limit.Evse), LimitsOf(limit), cancellationToken), "Accepted"),
        ReadLimits read => await ReadLimitsAsync(line, read, cancellationToken),
        ClearAuthorizationCache => V21Answers.Care(
            await line.Rpc.CallAsync(V21Actions.ClearCache, new(), cancellationToken),
            static r => r.Status == ClearCacheStatus.Accepted ? CareOutcome.Done : CareOutcome.Refused, static r => r.Status.ToString(), static r => r.StatusInfo),
        UpdateFirmware update => await UpdateFirmwareAsync(line, update, cancellationToken),
        UploadLogs upload => await UploadLogsAsync(line, upload, cancellationToken),
        CustomerData customer => await CustomerDataAsync(line, customer, cancellationToken),
        ShowText show => await ShowTextAsync(line, show, cancellationToken),
        HideText hide => V21Answers.Care(
            await line.Rpc.CallAsync(V21Actions.ClearDisplayMessage, new() { Id = hide.Number }, cancellationToken),
            static r => r.Status == ClearMessageStatus.Accepted ? CareOutcome.Done : CareOutcome.Refused, static r => r.Status.ToString(), static r => r.StatusInfo),
        ReadTexts => await ReadTextsAsync(line, cancellationToken),
        _ => CareAnswer.Of(CareOutcome.NotSupported, $"no 2.x message does {task.GetType().Name}"),
    };

    private static async Task<CareAnswer> ResetAsync(ChargerLine line, ResetStation task, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(
            V21Actions.Reset, new() { Type = task.Hard ? ResetKind.Immediate : ResetKind.OnIdle, EvseId = task.Evse }, cancellationToken);
        return V21Answers.Care(
            answer,
            static r => r.Status switch
            {
                ResetStatus.Accepted => CareOutcome.Done,
                ResetStatus.Scheduled => CareOutcome.Later,
                _ => CareOutcome.Refused,
            },
            static r => r.Status.ToString(), static r => r.StatusInfo);
    }

    private static async Task<CareAnswer> ChangeAvailabilityAsync(ChargerLine line, SetAvailability task, CancellationToken cancellationToken)
    {
        if (task is { Connector: not null, Evse: null })
            return CareAnswer.Of(CareOutcome.Invalid, "a connector is of an EVSE, and none is named");
        var request = new ChangeAvailabilityRequest
        {
            OperationalStatus = task.Operative ? OperationalStatus.Operative : OperationalStatus.Inoperative,
            Evse = EvseOf(task.Evse, task.Connector),
        };
        var answer = await line.Rpc.CallAsync(V21Actions.ChangeAvailability, request, cancellationToken);
        return V21Answers.Care(
            answer,
            static r => r.Status switch
            {
                ChangeAvailabilityStatus.Accepted => CareOutcome.Done,
                ChangeAvailabilityStatus.Scheduled => CareOutcome.Later,
                _ => CareOutcome.Refused,
            },
            static r => r.Status.ToString(), static r => r.StatusInfo);
    }

    /// <summary>A name that is no message of the standard's is the station's own (2.1 only).</summary>
    private static async Task<CareAnswer> TriggerAsync(ChargerLine line, TriggerMessage task, CancellationToken cancellationToken)
    {
        var isKnown = Enum.TryParse<MessageTrigger>(task.Message, ignoreCase: true, out var message) && Enum.IsDefined(message) && !char.IsAsciiDigit(task.Message[0]);
        var request = new TriggerMessageRequest
        {
            RequestedMessage = isKnown ? message : MessageTrigger.CustomTrigger,
            CustomTrigger = isKnown ? null : task.Message,
            Evse = EvseOf(task.Evse, task.Connector),
        };
        var answer = await line.Rpc.CallAsync(V21Actions.TriggerMessage, request, cancellationToken);
        return V21Answers.Care(
            answer,
            static r => r.Status switch
            {
                TriggerMessageStatus.Accepted => CareOutcome.Done,
                TriggerMessageStatus.NotImplemented => CareOutcome.NotSupported,
                _ => CareOutcome.Refused,
            },
            static r => r.Status.ToString(), static r => r.StatusInfo);
    }

    private async Task<CareAnswer> UpdateFirmwareAsync(ChargerLine line, UpdateFirmware task, CancellationToken cancellationToken)
    {
        if (task.Signature is null != task.SigningCertificate is null)
            return CareAnswer.Of(CareOutcome.Invalid, "signed firmware comes with its signature and the certificate of who signed it");
        var request = new UpdateFirmwareRequest
        {
            RequestId = task.Number,
            Retries = task.Retries,
            Firmware = new()
            {
                Location = task.Location.AbsoluteUri,
                RetrieveDateTime = task.Retrieve ?? _clock.GetUtcNow(),
                InstallDateTime = task.Install,
                Signature = task.Signature,
                SigningCertificate = task.SigningCertificate,
            },
        };
        var answer = await line.Rpc.CallAsync(V21Actions.UpdateFirmware, request, cancellationToken);
        return V21Answers.Care(
            answer, static r => r.Status is UpdateFirmwareStatus.Accepted or UpdateFirmwareStatus.AcceptedCanceled ? CareOutcome.Done : CareOutcome.Refused,
            static r => r.Status == UpdateFirmwareStatus.AcceptedCanceled ? "Accepted, and an update that was under way is given up" : r.Status.ToString(),
            static r => r.StatusInfo);
    }

    private static async Task<CareAnswer> UploadLogsAsync(ChargerLine line, UploadLogs task, CancellationToken cancellationToken)
    {
        var request = new GetLogRequest
        {
            RequestId = task.Number,
            LogType = task.Security ? LogKind.SecurityLog : LogKind.DiagnosticsLog,
            Log = new() { RemoteLocation = task.Location.AbsoluteUri, OldestTimestamp = task.From, LatestTimestamp = task.To },
        };
        var answer = await line.Rpc.CallAsync(V21Actions.GetLog, request, cancellationToken);
        var care = V21Answers.Care(
            answer, static r => r.Status is LogStatus.Accepted or LogStatus.AcceptedCanceled ? CareOutcome.Done : CareOutcome.Refused,
            static r => r.Status == LogStatus.AcceptedCanceled ? "Accepted, and an upload that was under way is given up" : r.Status.ToString(),
            static r => r.StatusInfo);
        return answer.Response?.Filename is { Length: > 0 } name ? care with { Values = [new("fileName", V21Answers.Printable(name))] } : care;
    }

    private static Position PlaceOf(ChargerLine line, int? evse) => evse is { } id
        ? line.Connectors.Connectors.FirstOrDefault(c => c.Evse == id) ?? new(line.Station, id, 1)
        : line.Connectors.Station;

    private static ChargingLimits? LimitsOf(SetStationLimit task) =>
        task.Limit is { } limit ? new() { Unit = task.Unit, Steps = [new(TimeSpan.Zero, limit)] } : null;

    private static EVSE? EvseOf(int? evse, int? connector) => evse is { } id ? new() { Id = id, ConnectorId = connector } : null;
}
