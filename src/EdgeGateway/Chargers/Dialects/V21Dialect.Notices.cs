using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What a 2.x charger tells of itself: states, progress of what it was asked to do, security.</summary>
public sealed partial class V21Dialect
{
    /// <summary>What is kept of the kinds of notices that a line repeats; of kinds beyond it each notice is an event, at the pace of events (I16).</summary>
    private const int MostSaid = 256;

    // Of the security events (2.1 part 2, appendix 1) those of everyday life; all others, and what vendors add, are worth a look.
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "FirmwareUpdated", "SettingSystemTime", "StartupOfTheDevice", "ResetOrReboot",
    };

    private async ValueTask<StatusNotificationResponse> StatusAsync(ChargerLine line, Call<StatusNotificationRequest> call, CancellationToken cancel)
    {
        var status = call.Request;
        var places = V21Places.OfStatus(_site.State, line.Station, status.EvseId, status.ConnectorId);
        if (places.IsEmpty || status is { EvseId: > 0, ConnectorId: 0 })
            line.Tolerated(Tolerances.NoConnector, Text($"a status of connector {status.ConnectorId} of EVSE {status.EvseId}"));
        foreach (var at in places)
        {
            var state = StateOf(status.ConnectorStatus);
            var freed = state is ConnectorState.Available ? await _meters.AtFreeingAsync(at, status.Timestamp, line.Opened, cancel) : null;
            await _site.ReportAsync(new ConnectorReported(at, state, null, null, null, status.Timestamp, freed), cancel);
            line.HasTold(at);
        }
        return new();
    }

    private async ValueTask<FirmwareStatusNotificationResponse> FirmwareAsync(ChargerLine line, Call<FirmwareStatusNotificationRequest> call, CancellationToken cancel)
    {
        await _jobs.HeardAsync(line.Station, JobKind.Firmware, call.Request.Status.ToString(), call.Request.RequestId, cancel);
        await SaidAsync(line, "FirmwareStatus", Said(call.Request.Status, call.Request.StatusInfo), cancel);
        return new();
    }

    private async ValueTask<PublishFirmwareStatusNotificationResponse> PublishFirmwareAsync(
        ChargerLine line, Call<PublishFirmwareStatusNotificationRequest> call, CancellationToken cancel)
    {
        var told = call.Request;
        var where = told.Location is { Count: > 0 } ? $" at {string.Join(", ", told.Location.Take(3))}" : "";
        await SaidAsync(line, "PublishFirmwareStatus", Said(told.Status, told.StatusInfo) + where, cancel);
        return new();
    }

    private async ValueTask<LogStatusNotificationResponse> LogAsync(ChargerLine line, Call<LogStatusNotificationRequest> call, CancellationToken cancel)
    {
        await _jobs.HeardAsync(line.Station, JobKind.Diagnostics, call.Request.Status.ToString(), call.Request.RequestId, cancel);
        await SaidAsync(line, "LogStatus", Said(call.Request.Status, call.Request.StatusInfo), cancel);
        return new();
    }

    private async ValueTask<SecurityEventNotificationResponse> SecurityEventAsync(
        ChargerLine line, Call<SecurityEventNotificationRequest> call, CancellationToken cancel)
    {
        var (type, info) = (call.Request.Type, call.Request.TechInfo);
        await _site.ReportAsync(
            new Remarked(Harmless.Contains(type) ? Severity.Info : Severity.Warning, "SecurityEvent", line.Station, Printable(info is null ? type : $"{type}: {info}")), cancel);
        return new();
    }

    private async ValueTask<ReservationStatusUpdateResponse> ReservationAsync(
        ChargerLine line, Call<ReservationStatusUpdateRequest> call, CancellationToken cancel)
    {
        var loss = call.Request.ReservationUpdateStatus switch
        {
            ReservationUpdateStatus.Expired => ReservationLoss.Expired,
            ReservationUpdateStatus.NoTransaction => ReservationLoss.NoTransaction,
            _ => ReservationLoss.Removed,
        };
        await _site.ReportAsync(new ReservationLost(line.Station, call.Request.ReservationId, loss), cancel);
        return new();
    }

    /// <summary>No vendor's extensions are known here (P02.FR.06); the station's log has what it said.</summary>
    private static ValueTask<DataTransferResponse> DataTransferAsync(ChargerLine line, Call<DataTransferRequest> call, CancellationToken cancel)
    {
        return new(new DataTransferResponse { Status = DataTransferStatus.UnknownVendorId });
    }

    /// <summary>A notice that chargers repeat: an event only when it changes (FIELD-NOTES 25).</summary>
    private async ValueTask SaidAsync(ChargerLine line, string code, string said, CancellationToken cancel, string? about = null)
    {
        var key = about is null ? code : $"{code} {about}";
        var isFirst = !line.LastSaid.ContainsKey(key);
        if (!IsNews(line, key, said) || (isFirst && said == "Idle"))
            return;
        var severity = said.Contains("Fail", StringComparison.Ordinal) || said.StartsWith("Invalid", StringComparison.Ordinal) ? Severity.Warning : Severity.Info;
        await TellAsync(line, severity, code, about is null ? said : $"{about}: {said}", cancel);
    }

    /// <summary>An event, unless there were too many of this line's already: then only its log has it.</summary>
    private async ValueTask TellAsync(ChargerLine line, Severity severity, string code, string text, CancellationToken cancel)
    {
        if (line.Events.TryTake())
            await _site.ReportAsync(new Remarked(severity, code, line.Station, Printable(text)), cancel);
    }

    private static string Said<T>(T status, StatusInfo? info) where T : struct, Enum =>
        info is null ? status.ToString() : $"{status} ({info.ReasonCode}{(info.AdditionalInfo is { Length: > 0 } more ? $": {more}" : "")})";

    private static ConnectorState StateOf(ConnectorStatus status) => status switch
    {
        ConnectorStatus.Available => ConnectorState.Available,
        ConnectorStatus.Occupied => ConnectorState.Occupied,
        ConnectorStatus.Reserved => ConnectorState.Reserved,
        ConnectorStatus.Unavailable => ConnectorState.Unavailable,
        _ => ConnectorState.Faulted,
    };

    /// <summary>What a charger says becomes no structure of ours (S6), and no longer than an event's text should be.</summary>
    private static string Printable(string text)
    {
        const int most = 500;
        return string.Create(Math.Min(text.Length, most), text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
    }
}
