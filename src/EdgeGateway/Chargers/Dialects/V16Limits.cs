using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Courses of limits in the words of 1.6.</summary>
internal static class V16Limits
{
    /// <summary>Above whatever default the charger has; some only take 0 (FIELD-NOTES 13).</summary>
    private static readonly int[] StackLevels = [1, 0];

    public static async Task<OrderResult> SetAsync(ChargerLine line, LimitOrder order, CancellationToken cancellationToken)
    {
        var result = new OrderResult(OrderOutcome.Rejected);
        if (order.Limits is not { } limits)
        {
            var clear = new ClearChargingProfileRequest { Id = order.Number };
            // Unknown: there is nothing to take off any more, which is what was wanted.
            return OrderAnswers.Read(await line.Rpc.CallAsync(V16Actions.ClearChargingProfile, clear, cancellationToken), static _ => OrderOutcome.Accepted);
        }
        foreach (var level in StackLevels)
        {
            var request = new SetChargingProfileRequest { ConnectorId = line.Connectors.NumberOf(order.At), CsChargingProfiles = Profile(order.Number, level, limits) };
            result = OrderAnswers.Read(await line.Rpc.CallAsync(V16Actions.SetChargingProfile, request, cancellationToken), OutcomeOf);
            if (result.Outcome is not OrderOutcome.Rejected)
                break;
        }
        return result;
    }

    public static async Task<OrderResult> AskAsync(ChargerLine line, AskLimitsOrder order, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(
            V16Actions.GetCompositeSchedule,
            new()
            {
                ConnectorId = line.Connectors.NumberOf(order.At),
                Duration = (int)Math.Clamp(order.Duration.TotalSeconds, 1, int.MaxValue),
                ChargingRateUnit = order.Unit is LimitUnit.Watts ? ChargingRateUnit.W : ChargingRateUnit.A,
            },
            cancellationToken);
        var result = OrderAnswers.Read(answer, static r => r.Status == GetCompositeScheduleStatus.Accepted ? OrderOutcome.Accepted : OrderOutcome.Rejected);
        return result.Outcome is OrderOutcome.Accepted && answer.Response is { ChargingSchedule: { ChargingSchedulePeriod.Count: > 0 } schedule } told
            ? result with { Limits = Read(schedule, schedule.StartSchedule ?? told.ScheduleStart) }
            : result;
    }

    /// <summary>A profile of one transaction, under its number: setting it again replaces it.</summary>
    private static ChargingProfile Profile(int transaction, int level, ChargingLimits limits) => new()
    {
        ChargingProfileId = transaction,
        TransactionId = transaction,
        StackLevel = level,
        ChargingProfilePurpose = ChargingProfilePurpose.TxProfile,
        ChargingProfileKind = limits.Start is null ? ChargingProfileKind.Relative : ChargingProfileKind.Absolute,
        ChargingSchedule = new()
        {
            StartSchedule = limits.Start,
            Duration = limits.Duration is { } duration ? (int)Math.Min(duration.TotalSeconds, int.MaxValue) : null,
            ChargingRateUnit = limits.Unit is LimitUnit.Watts ? ChargingRateUnit.W : ChargingRateUnit.A,
            MinChargingRate = limits.Minimum is { } minimum ? Tenths(minimum) : null,
            ChargingSchedulePeriod =
            [
                .. limits.Steps.Select(static s => new ChargingSchedulePeriod { StartPeriod = (int)s.From.TotalSeconds, Limit = Tenths(s.Limit), NumberPhases = s.Phases }),
            ],
        },
    };

    private static ChargingLimits Read(ChargingSchedule schedule, DateTimeOffset? start) => new()
    {
        Start = start,
        Duration = schedule.Duration is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Unit = schedule.ChargingRateUnit == ChargingRateUnit.W ? LimitUnit.Watts : LimitUnit.Amperes,
        Minimum = schedule.MinChargingRate,
        Steps = [.. schedule.ChargingSchedulePeriod.Select(static p => new LimitStep(TimeSpan.FromSeconds(p.StartPeriod), p.Limit, p.NumberPhases))],
    };

    // One decimal is all that 1.6 can say; a limit is never exceeded by rounding.
    private static decimal Tenths(decimal limit) => Math.Floor(limit * 10) / 10;

    private static OrderOutcome OutcomeOf(SetChargingProfileResponse response) => response.Status switch
    {
        ChargingProfileStatus.Accepted => OrderOutcome.Accepted,
        ChargingProfileStatus.NotSupported => OrderOutcome.NotSupported,
        _ => OrderOutcome.Rejected,
    };
}
