using System.Collections.Immutable;
using System.Globalization;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Courses of limits in the words of 2.x.</summary>
public sealed class V21Limits(LimitLadder ladder, DeviceModels models)
{
    private static readonly ImmutableArray<string> OfTransaction = [nameof(ChargingProfilePurpose.TxProfile)];
    private static readonly ImmutableArray<string> OfStation = [nameof(ChargingProfilePurpose.ChargingStationMaxProfile), nameof(ChargingProfilePurpose.TxDefaultProfile)];
    private static readonly ImmutableArray<string> OfEvse = [nameof(ChargingProfilePurpose.TxDefaultProfile)];

    /// <param name="profile">The session's number: setting it again replaces it (K01.FR.05).</param>
    /// <param name="transaction">The station's own id.</param>
    internal async Task<OrderResult> SetAsync(
        ChargerLine line, Position at, int profile, string transaction, ChargingLimits limits, CancellationToken cancellationToken) =>
        await ladder.SetAsync(
            line, at, limits, OfTransaction, await HighestLevelAsync(line, cancellationToken),
            (way, shaped) => SendAsync(line, at.Evse, Profile(profile, transaction, way, shaped), cancellationToken), cancellationToken);

    /// <summary>A limit that holds for every transaction to come, of the station (EVSE 0) or of one EVSE; null takes it off.</summary>
    internal async Task<OrderResult> SetStandingAsync(ChargerLine line, Position at, ChargingLimits? limits, CancellationToken cancellationToken)
    {
        var profile = LimitLadder.StandingProfile(at.Evse);
        return limits is null
            ? await ClearAsync(line, profile, cancellationToken)
            : await ladder.SetAsync(
                line, at, limits, at.IsStation ? OfStation : OfEvse, await HighestLevelAsync(line, cancellationToken),
                (way, shaped) => SendAsync(line, at.Evse, Profile(profile, null, way, shaped), cancellationToken), cancellationToken);
    }

    /// <summary>As the station's device model has it; null where it was not told.</summary>
    private async ValueTask<int?> HighestLevelAsync(ChargerLine line, CancellationToken cancellationToken) =>
        await models.ReadAsync(line.Station, cancellationToken) is { } model
        && int.TryParse(model.Find("SmartChargingCtrlr", "ProfileStackLevel")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var level)
            ? level
            : null;

    internal static async Task<OrderResult> ClearAsync(ChargerLine line, int profile, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(V21Actions.ClearChargingProfile, new() { ChargingProfileId = profile }, cancellationToken);
        // Unknown: there is nothing to take off any more, which is what was wanted.
        return OrderAnswers.Read(answer, static _ => OrderOutcome.Accepted);
    }

    /// <param name="unit">Null: as the station likes.</param>
    internal static async Task<OrderResult> AskAsync(ChargerLine line, int evse, TimeSpan duration, LimitUnit? unit, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(
            V21Actions.GetCompositeSchedule,
            new()
            {
                EvseId = evse,
                Duration = (int)Math.Clamp(duration.TotalSeconds, 1, int.MaxValue),
                ChargingRateUnit = unit is null ? null : unit is LimitUnit.Watts ? ChargingRateUnit.W : ChargingRateUnit.A,
            },
            cancellationToken);
        var result = V21Answers.Order(
            answer, static r => r.Status == GenericStatus.Accepted ? OrderOutcome.Accepted : OrderOutcome.Rejected, static r => r.StatusInfo);
        return result.Outcome is OrderOutcome.Accepted && answer.Response?.Schedule is { } schedule && Read(schedule) is { Steps.Length: > 0 } limits
            ? result with { Limits = limits }
            : result;
    }

    private static async Task<OrderResult> SendAsync(ChargerLine line, int evse, ChargingProfile profile, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(V21Actions.SetChargingProfile, new() { EvseId = evse, ChargingProfile = profile }, cancellationToken);
        return V21Answers.Order(
            answer,
            static r => r.Status == ChargingProfileStatus.Accepted ? OrderOutcome.Accepted
                // The reasons of a station that does no smart charging at all (2.0.1 part 2, appendix 5): no other way would do.
                : r.StatusInfo?.ReasonCode is "NotEnabled" or "UnsupportedRequest" ? OrderOutcome.NotSupported
                : OrderOutcome.Rejected,
            static r => r.StatusInfo);
    }

    /// <param name="transaction">Null for a profile that is of none.</param>
    private static ChargingProfile Profile(int id, string? transaction, LimitWay way, ChargingLimits limits) => new()
    {
        Id = id,
        TransactionId = transaction,
        StackLevel = way.StackLevel,
        ChargingProfilePurpose = Enum.Parse<ChargingProfilePurpose>(way.Purpose),
        ChargingProfileKind = way.Kind == LimitLadder.Relative ? ChargingProfileKind.Relative : ChargingProfileKind.Absolute,
        ChargingSchedule =
        [
            new()
            {
                Id = id,
                StartSchedule = limits.Start,
                Duration = limits.Duration is { } duration ? (int)Math.Min(duration.TotalSeconds, int.MaxValue) : null,
                ChargingRateUnit = limits.Unit is LimitUnit.Watts ? ChargingRateUnit.W : ChargingRateUnit.A,
                MinChargingRate = limits.Minimum,
                ChargingSchedulePeriod =
                [
                    .. limits.Steps.Select(static s => new ChargingSchedulePeriod { StartPeriod = (int)s.From.TotalSeconds, Limit = s.Limit, NumberPhases = s.Phases }),
                ],
            },
        ],
    };

    private static ChargingLimits Read(CompositeSchedule schedule) => new()
    {
        Start = schedule.ScheduleStart,
        Duration = TimeSpan.FromSeconds(schedule.Duration),
        Unit = schedule.ChargingRateUnit == ChargingRateUnit.W ? LimitUnit.Watts : LimitUnit.Amperes,
        // 2.1 may tell a setpoint in place of a limit: that is no limit.
        Steps =
        [
            .. schedule.ChargingSchedulePeriod.Where(static p => p.Limit is not null)
                .Select(static p => new LimitStep(TimeSpan.FromSeconds(p.StartPeriod), p.Limit!.Value, p.NumberPhases)),
        ],
    };
}
