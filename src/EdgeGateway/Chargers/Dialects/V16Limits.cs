using System.Collections.Immutable;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Courses of limits in the words of 1.6.</summary>
public sealed class V16Limits(LimitLadder ladder)
{
    private static readonly ImmutableArray<string> OfTransaction = [nameof(ChargingProfilePurpose.TxProfile)];
    private static readonly ImmutableArray<string> OfStation = [nameof(ChargingProfilePurpose.ChargePointMaxProfile), nameof(ChargingProfilePurpose.TxDefaultProfile)];
    private static readonly ImmutableArray<string> OfConnector = [nameof(ChargingProfilePurpose.TxDefaultProfile)];

    internal async Task<OrderResult> SetAsync(ChargerLine line, LimitOrder order, CancellationToken cancellationToken)
    {
        // Unknown: there is nothing to take off any more, which is what was wanted.
        if (order.Limits is not { } limits)
            return await ClearAsync(line, order.Number, cancellationToken);
        return await ladder.SetAsync(
            line, order.At, limits, OfTransaction, null,
            (way, shaped) => SendAsync(line, line.Connectors.NumberOf(order.At), Profile(order.Number, order.Number, way, shaped), cancellationToken),
            cancellationToken);
    }

    /// <summary>A limit that holds for every transaction to come, of the station (EVSE 0) or of one connector; null takes it off.</summary>
    internal async Task<OrderResult> SetStandingAsync(ChargerLine line, Position at, ChargingLimits? limits, CancellationToken cancellationToken)
    {
        // By the connector: two of one EVSE would take each other's place.
        var profile = LimitLadder.StandingProfile(at.IsStation ? 0 : line.Connectors.NumberOf(at));
        if (limits is null)
            return await ClearAsync(line, profile, cancellationToken);
        return await ladder.SetAsync(
            line, at, limits, at.IsStation ? OfStation : OfConnector, null,
            (way, shaped) => SendAsync(line, at.IsStation ? 0 : line.Connectors.NumberOf(at), Profile(profile, null, way, shaped), cancellationToken),
            cancellationToken);
    }

    internal static async Task<OrderResult> AskAsync(ChargerLine line, AskLimitsOrder order, CancellationToken cancellationToken)
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

    private static async Task<OrderResult> ClearAsync(ChargerLine line, int profile, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(V16Actions.ClearChargingProfile, new() { Id = profile }, cancellationToken);
        return OrderAnswers.Read(answer, static _ => OrderOutcome.Accepted);
    }

    private static async Task<OrderResult> SendAsync(ChargerLine line, int connector, ChargingProfile profile, CancellationToken cancellationToken) =>
        OrderAnswers.Read(
            await line.Rpc.CallAsync(V16Actions.SetChargingProfile, new() { ConnectorId = connector, CsChargingProfiles = profile }, cancellationToken), OutcomeOf);

    /// <param name="transaction">Null for a profile that is of none.</param>
    private static ChargingProfile Profile(int id, int? transaction, LimitWay way, ChargingLimits limits) => new()
    {
        ChargingProfileId = id,
        TransactionId = transaction,
        StackLevel = way.StackLevel,
        ChargingProfilePurpose = Enum.Parse<ChargingProfilePurpose>(way.Purpose),
        ChargingProfileKind = way.Kind == LimitLadder.Relative ? ChargingProfileKind.Relative : ChargingProfileKind.Absolute,
        ChargingSchedule = new()
        {
            StartSchedule = limits.Start,
            Duration = limits.Duration is { } duration ? (int)Math.Min(duration.TotalSeconds, int.MaxValue) : null,
            ChargingRateUnit = limits.Unit is LimitUnit.Watts ? ChargingRateUnit.W : ChargingRateUnit.A,
            MinChargingRate = limits.Minimum,
            ChargingSchedulePeriod =
            [
                .. limits.Steps.Select(static s => new ChargingSchedulePeriod { StartPeriod = (int)s.From.TotalSeconds, Limit = s.Limit, NumberPhases = s.Phases }),
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

    private static OrderOutcome OutcomeOf(SetChargingProfileResponse response) => response.Status switch
    {
        ChargingProfileStatus.Accepted => OrderOutcome.Accepted,
        ChargingProfileStatus.NotSupported => OrderOutcome.NotSupported,
        _ => OrderOutcome.Rejected,
    };
}
