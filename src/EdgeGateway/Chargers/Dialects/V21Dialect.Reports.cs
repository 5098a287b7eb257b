using System.Globalization;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What a 2.x station reports of itself: its device model, monitors and events (B07, N), and whatever else it was asked to tell in parts.</summary>
public sealed partial class V21Dialect
{
    private async ValueTask<NotifyReportResponse> ReportAsync(ChargerLine line, Call<NotifyReportRequest> call, CancellationToken cancel)
    {
        var told = call.Request;
        var isLast = told.Tbc != true;
        if (line.Reports.Take("model", told.RequestId, told, call.Raw.Payload.Length, isLast) is { } parts)
        {
            var variables = parts.SelectMany(static p => p.ReportData ?? []).ToList();
            await _models.TakeAsync(line.Station, variables, cancel);
            await SaidAsync(line, "DeviceModel", Text($"{variables.Count} variables were reported"), cancel);
        }
        _reports.Heard(line, told.RequestId, told, isLast);
        return new();
    }

    private async ValueTask<NotifyMonitoringReportResponse> MonitorsAsync(ChargerLine line, Call<NotifyMonitoringReportRequest> call, CancellationToken cancel)
    {
        await KeepAsync(line, StationPapers.Monitors, call, call.Request.RequestId, call.Request.Tbc, cancel);
        return new();
    }

    private async ValueTask<ReportChargingProfilesResponse> ProfilesAsync(ChargerLine line, Call<ReportChargingProfilesRequest> call, CancellationToken cancel)
    {
        await KeepAsync(line, StationPapers.ChargingProfiles, call, call.Request.RequestId, call.Request.Tbc, cancel);
        return new();
    }

    private async ValueTask<NotifyDisplayMessagesResponse> DisplayMessagesAsync(ChargerLine line, Call<NotifyDisplayMessagesRequest> call, CancellationToken cancel)
    {
        await KeepAsync(line, StationPapers.DisplayMessages, call, call.Request.RequestId, call.Request.Tbc, cancel);
        return new();
    }

    private async ValueTask<ReportDERControlResponse> DerControlsAsync(ChargerLine line, Call<ReportDERControlRequest> call, CancellationToken cancel)
    {
        await KeepAsync(line, StationPapers.DerControls, call, call.Request.RequestId, call.Request.Tbc, cancel);
        return new();
    }

    /// <summary>A person's data: only for who asked, and kept nowhere (N09).</summary>
    private async ValueTask<NotifyCustomerInformationResponse> CustomerAsync(ChargerLine line, Call<NotifyCustomerInformationRequest> call, CancellationToken cancel)
    {
        var isLast = call.Request.Tbc != true;
        if (isLast)
            await TellAsync(line, Severity.Info, "CustomerInformation", Text($"The customer information of request {call.Request.RequestId} was told."), cancel);
        _reports.Heard(line, call.Request.RequestId, call.Request, isLast);
        return new();
    }

    /// <summary>What a monitor or the station itself noticed: an event when it changes, so that a value that trembles fills no page (FIELD-NOTES 25).</summary>
    private async ValueTask<NotifyEventResponse> EventAsync(ChargerLine line, Call<NotifyEventRequest> call, CancellationToken cancel)
    {
        foreach (var noticed in call.Request.EventData)
        {
            // A value told at intervals is no event; the station's log has it.
            if (noticed.Trigger == EventTrigger.Periodic)
                continue;
            var name = V21SettingName.Of(noticed.Component, noticed.Variable);
            var value = FrameMasking.IsSecret(noticed.Variable.Name) ? "***" : noticed.ActualValue;
            string?[] more = [noticed.Cleared == true ? "cleared" : null, noticed.TechCode, noticed.TechInfo, noticed.TransactionId is { } transaction ? $"transaction {transaction}" : null];
            var text = $"{value}{string.Concat(more.Where(static m => m is { Length: > 0 }).Select(static m => $", {m}"))}";
            if (IsNews(line, $"StationEvent {name}", text))
                await TellAsync(line, SeverityOf(noticed), "StationEvent", $"{name}: {text}", cancel);
        }
        return new();
    }

    /// <summary>2.1 tells the monitor's severity (0 is danger, 9 debugging); in 2.0.1 a threshold that was crossed is worth a look.</summary>
    private static Severity SeverityOf(EventData noticed) => noticed switch
    {
        { Cleared: true } => Severity.Info,
        { Severity: <= 4 } => Severity.Error,
        { Severity: <= 6 } => Severity.Warning,
        { Severity: not null } => Severity.Info,
        { Trigger: EventTrigger.Alerting } => Severity.Warning,
        _ when noticed.Variable.Name.Equals("Problem", StringComparison.OrdinalIgnoreCase) && noticed.ActualValue.Equals("true", StringComparison.OrdinalIgnoreCase) => Severity.Warning,
        _ => Severity.Info,
    };

    private async ValueTask<OpenPeriodicEventStreamResponse> OpenStreamAsync(ChargerLine line, Call<OpenPeriodicEventStreamRequest> call, CancellationToken cancel)
    {
        var stream = call.Request.ConstantStreamData;
        await SaidAsync(line, "EventStream", Text($"opened for monitor {stream.VariableMonitoringId}"), cancel, Text($"stream {stream.Id}"));
        return new() { Status = GenericStatus.Accepted };
    }

    private async ValueTask<ClosePeriodicEventStreamResponse> CloseStreamAsync(ChargerLine line, Call<ClosePeriodicEventStreamRequest> call, CancellationToken cancel)
    {
        await SaidAsync(line, "EventStream", "closed", cancel, Text($"stream {call.Request.Id}"));
        return new();
    }

    /// <summary>Never answered (a SEND). The newest is kept, at a pace that a stream cannot set; all of it is in the station's log.</summary>
    private async ValueTask StreamAsync(ChargerLine line, Call<NotifyPeriodicEventStreamMessage> call, CancellationToken cancel)
    {
        if (line.StreamsKept.TryTake())
            await _papers.KeepAsync(line.Station, StationPapers.EventStream, [call.Raw.Payload], cancel);
    }

    /// <summary>Puts a report's parts together, keeps it when it is whole, and hands each part to whoever asked for it.</summary>
    private async ValueTask KeepAsync<T>(ChargerLine line, string kind, Call<T> call, int request, bool? toBeContinued, CancellationToken cancel) where T : class
    {
        var isLast = toBeContinued != true;
        var text = call.Raw.Payload.ToArray();
        if (line.Reports.Take(kind, request, text, text.Length, isLast) is { } parts)
            await _papers.KeepAsync(line.Station, kind, parts.Select(static p => (ReadOnlyMemory<byte>)p), cancel);
        _reports.Heard(line, request, call.Request, isLast);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
