using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Limits from outside, what vehicles want, the grid's controls, payments and batteries: heard, said in words, and kept (K, R, S, C of 2.x).</summary>
public sealed partial class V21Dialect
{
    /// <summary>Steps of a schedule that an event's text shows.</summary>
    private const int ShownSteps = 4;

    private async ValueTask<NotifyChargingLimitResponse> ChargingLimitAsync(ChargerLine line, Call<NotifyChargingLimitRequest> call, CancellationToken cancel)
    {
        var (told, limit) = (call.Request, call.Request.ChargingLimit);
        var critical = limit.IsGridCritical == true ? ", grid critical" : "";
        var text = $"limit from {limit.ChargingLimitSource} at {Where(told.EvseId)}{critical}{Shown(told.ChargingSchedule)}";
        await KeepOneAsync(line, StationPapers.ChargingLimit, call, cancel);
        if (IsNews(line, $"ChargingLimit {told.EvseId ?? 0}", text))
            await TellAsync(line, limit.IsGridCritical == true ? Severity.Warning : Severity.Info, "ChargingLimit", text, cancel);
        return new();
    }

    private async ValueTask<ClearedChargingLimitResponse> ClearedLimitAsync(ChargerLine line, Call<ClearedChargingLimitRequest> call, CancellationToken cancel)
    {
        var text = $"the limit from {call.Request.ChargingLimitSource} at {Where(call.Request.EvseId)} is gone";
        if (IsNews(line, $"ChargingLimit {call.Request.EvseId ?? 0}", text))
            await TellAsync(line, Severity.Info, "ChargingLimit", text, cancel);
        return new();
    }

    /// <summary>We make no schedules for vehicles: the station goes by the limits that it has (2.1 K15: NoChargingProfile; 2.0.1 has no other word than Rejected).</summary>
    private async ValueTask<NotifyEVChargingNeedsResponse> ChargingNeedsAsync(ChargerLine line, Call<NotifyEVChargingNeedsRequest> call, CancellationToken cancel)
    {
        var (needs, ac, dc) = (call.Request.ChargingNeeds, call.Request.ChargingNeeds.AcChargingParameters, call.Request.ChargingNeeds.DcChargingParameters);
        string?[] more =
        [
            needs.RequestedEnergyTransfer.ToString(),
            ac is null ? null : Text($"{ac.EnergyAmount} Wh at most {ac.EvMaxCurrent} A"),
            dc?.StateOfCharge is { } soc ? Text($"battery at {soc} %") : null,
            needs.DepartureTime is { } departure ? Text($"leaves at {departure.UtcDateTime:yyyy-MM-dd HH:mm}Z") : null,
        ];
        await KeepOneAsync(line, StationPapers.ChargingNeeds, call, cancel);
        await TellAsync(line, Severity.Info, "ChargingNeeds", $"{Where(call.Request.EvseId)}: {string.Join(", ", more.Where(static m => m is not null))}", cancel);
        return new()
        {
            Status = line.Version == OcppVersion.V21 ? NotifyEVChargingNeedsStatus.NoChargingProfile : NotifyEVChargingNeedsStatus.Rejected,
        };
    }

    private async ValueTask<NotifyEVChargingScheduleResponse> ChargingScheduleAsync(ChargerLine line, Call<NotifyEVChargingScheduleRequest> call, CancellationToken cancel)
    {
        await KeepOneAsync(line, StationPapers.ChargingSchedule, call, cancel);
        await TellAsync(line, Severity.Info, "ChargingSchedule", $"{Where(call.Request.EvseId)}: the vehicle means to follow{Shown([call.Request.ChargingSchedule])}", cancel);
        return new() { Status = GenericStatus.Accepted };
    }

    /// <summary>No dynamic profile is ours, so that there is nothing newer than what the station has (K28).</summary>
    private static ValueTask<PullDynamicScheduleUpdateResponse> PullScheduleAsync(ChargerLine line, Call<PullDynamicScheduleUpdateRequest> call, CancellationToken cancel)
    {
        return new(new PullDynamicScheduleUpdateResponse { Status = ChargingProfileStatus.Rejected, StatusInfo = new() { ReasonCode = "UnknownProfile" } });
    }

    private async ValueTask<NotifyPriorityChargingResponse> PriorityAsync(ChargerLine line, Call<NotifyPriorityChargingRequest> call, CancellationToken cancel)
    {
        await TellAsync(line, Severity.Info, "PriorityCharging", $"transaction {call.Request.TransactionId}: {(call.Request.Activated ? "the driver asked for priority" : "priority has ended")}", cancel);
        return new();
    }

    private async ValueTask<NotifyDERAlarmResponse> DerAlarmAsync(ChargerLine line, Call<NotifyDERAlarmRequest> call, CancellationToken cancel)
    {
        var (told, isOver) = (call.Request, call.Request.AlarmEnded == true);
        var text = $"{told.ControlType}{(told.GridEventFault is { } fault ? $", {fault}" : "")}{(isOver ? ", over" : "")}{(told.ExtraInfo is { Length: > 0 } info ? $": {info}" : "")}";
        await TellAsync(line, isOver ? Severity.Info : Severity.Warning, "GridAlarm", text, cancel);
        return new();
    }

    private async ValueTask<NotifyDERStartStopResponse> DerStartStopAsync(ChargerLine line, Call<NotifyDERStartStopRequest> call, CancellationToken cancel)
    {
        var over = call.Request.SupersededIds is { Count: > 0 } ids ? $", in place of {string.Join(", ", ids.Take(5))}" : "";
        await TellAsync(line, Severity.Info, "GridControl", $"{call.Request.ControlId} {(call.Request.Started ? "started" : "stopped")}{over}", cancel);
        return new();
    }

    private async ValueTask<BatterySwapResponse> BatterySwapAsync(ChargerLine line, Call<BatterySwapRequest> call, CancellationToken cancel)
    {
        var batteries = string.Join(", ", call.Request.BatteryData.Take(ShownSteps).Select(static b => Text($"{b.SerialNumber} at {Where(b.EvseId)} with {b.SoC} %")));
        await TellAsync(line, Severity.Info, "BatterySwap", $"{call.Request.EventType} for {Uid.Mask(call.Request.IdToken.Token)}: {batteries}", cancel);
        return new();
    }

    /// <summary>Who takes payments on the spot settles them with the provider; we only write down what it says. No receipt is ours to give.</summary>
    private async ValueTask<NotifySettlementResponse> SettlementAsync(ChargerLine line, Call<NotifySettlementRequest> call, CancellationToken cancel)
    {
        var told = call.Request;
        await KeepOneAsync(line, StationPapers.Settlement, call, cancel);
        await TellAsync(
            line, told.Status == PaymentStatus.Settled ? Severity.Info : Severity.Warning, "Settlement",
            Text($"{told.Status}: {told.SettlementAmount} for transaction {told.TransactionId ?? "(none)"}, reference {told.PspRef}"), cancel);
        return new();
    }

    /// <summary>No register of companies is at hand.</summary>
    private static ValueTask<VatNumberValidationResponse> VatNumberAsync(ChargerLine line, Call<VatNumberValidationRequest> call, CancellationToken cancel)
    {
        return new(new VatNumberValidationResponse
        {
            VatNumber = call.Request.VatNumber.Length <= 20 ? call.Request.VatNumber : call.Request.VatNumber[..20],
            EvseId = call.Request.EvseId is >= 0 ? call.Request.EvseId : null,
            Status = GenericStatus.Rejected,
            StatusInfo = new() { ReasonCode = "NotSupported" },
        });
    }

    /// <summary>Whether a line says something else than it said last under a key; of more keys than are kept everything is news.</summary>
    private static bool IsNews(ChargerLine line, string key, string said)
    {
        if (line.LastSaid.TryGetValue(key, out var last) && last == said)
            return false;
        if (last is not null || line.LastSaid.Count < MostSaid)
            line.LastSaid[key] = said;
        return true;
    }

    private async ValueTask KeepOneAsync<T>(ChargerLine line, string kind, Call<T> call, CancellationToken cancel) =>
        await _papers.KeepAsync(line.Station, kind, [call.Raw.Payload], cancel);

    private static string Where(int? evse) => evse is null or 0 ? "the station" : Text($"EVSE {evse}");

    private static string Shown(IReadOnlyList<ChargingSchedule>? schedules) => schedules is not { Count: > 0 } ? ""
        : ": " + string.Join("; ", schedules.Take(3).Select(static s => string.Join(
            ", ", s.ChargingSchedulePeriod.Take(ShownSteps).Select(p => Text($"{p.Limit} {s.ChargingRateUnit} from {p.StartPeriod} s on")))
            + (s.ChargingSchedulePeriod.Count > ShownSteps ? " …" : "")));
}
