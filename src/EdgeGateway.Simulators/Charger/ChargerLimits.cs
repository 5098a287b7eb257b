using System.Collections.Immutable;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Simulators.Charger;

/// <summary>The charging profiles that a charger was given and keeps to, in 2.x's shape; 1.6's are brought into it.</summary>
internal sealed class ChargerLimits(ChargerQuirks quirks)
{
    private const int VoltsPerPhase = 230;
    private const int Phases = 3;

    private readonly Lock _lock = new();
    private ImmutableSortedDictionary<int, (int Evse, ChargingProfile Profile)> _profiles = ImmutableSortedDictionary<int, (int, ChargingProfile)>.Empty;

    /// <summary>By their ids.</summary>
    public IReadOnlyDictionary<int, (int Evse, ChargingProfile Profile)> All => _profiles;

    /// <param name="running">The transaction that runs there; null = none.</param>
    public bool Set(int evse, ChargingProfile profile, string? running)
    {
        var isForTransaction = profile.ChargingProfilePurpose == ChargingProfilePurpose.TxProfile;
        if ((isForTransaction && (running is null || (profile.TransactionId ?? running) != running))
            || (quirks.HasFlag(ChargerQuirks.OnlyStackLevelZero) && profile.StackLevel > 0)
            || (quirks.HasFlag(ChargerQuirks.OnlyWatts) && profile.ChargingSchedule.Any(s => s.ChargingRateUnit != ChargingRateUnit.W))
            || (quirks.HasFlag(ChargerQuirks.OnlyRelative) && profile.ChargingProfileKind != ChargingProfileKind.Relative))
            return false;
        lock (_lock)
        {
            // The same purpose and level on the same EVSE: the newer takes the older's place (1.6 5.16.2, K01.FR.05).
            var replaced = _profiles.Where(p => p.Value.Evse == evse && p.Value.Profile.StackLevel == profile.StackLevel && p.Value.Profile.ChargingProfilePurpose == profile.ChargingProfilePurpose);
            _profiles = _profiles.RemoveRange(replaced.Select(p => p.Key)).SetItem(profile.Id, (evse, isForTransaction ? profile with { TransactionId = running } : profile));
        }
        return true;
    }

    /// <summary>Removes what matches; null matches all.</summary>
    public bool Clear(int? id, int? evse, ChargingProfilePurpose? purpose, int? stackLevel)
    {
        lock (_lock)
        {
            var gone = _profiles.Where(p => id is { } one
                ? p.Key == one
                : (evse is null || p.Value.Evse == evse) && (purpose is null || p.Value.Profile.ChargingProfilePurpose == purpose) && (stackLevel is null || p.Value.Profile.StackLevel == stackLevel))
                .Select(p => p.Key).ToArray();
            _profiles = _profiles.RemoveRange(gone);
            return gone.Length > 0;
        }
    }

    public void Forget(string transaction)
    {
        lock (_lock)
            _profiles = _profiles.RemoveRange(_profiles.Where(p => p.Value.Profile.TransactionId == transaction).Select(p => p.Key));
    }

    /// <summary>The schedule in force on an EVSE: the transaction's own, else the default's, highest level first.</summary>
    public ChargingSchedule? ScheduleAt(int evse, string? transaction) => _profiles.Values
        .Where(p => p.Profile.ChargingProfilePurpose == ChargingProfilePurpose.TxProfile
            ? transaction is not null && p.Profile.TransactionId == transaction
            : p.Profile.ChargingProfilePurpose == ChargingProfilePurpose.TxDefaultProfile && (p.Evse == evse || p.Evse == 0))
        .OrderBy(p => p.Profile.ChargingProfilePurpose == ChargingProfilePurpose.TxProfile ? 0 : 1).ThenByDescending(p => p.Profile.StackLevel)
        .Select(p => p.Profile.ChargingSchedule[0]).FirstOrDefault();

    /// <summary>W that may flow on an EVSE now; null = no limit.</summary>
    public int? AllowedW(int evse, string? transaction, DateTimeOffset startedAt, DateTimeOffset now)
    {
        var station = _profiles.Values.Where(p => p.Profile.ChargingProfilePurpose is ChargingProfilePurpose.ChargingStationMaxProfile or ChargingProfilePurpose.ChargingStationExternalConstraints)
            .Select(p => LimitW(p.Profile.ChargingSchedule[0], startedAt, now)).Min();
        var own = ScheduleAt(evse, transaction) is { } schedule ? LimitW(schedule, startedAt, now) : null;
        return station is { } whole && own is { } one ? Math.Min(whole, one) : station ?? own;
    }

    private static int? LimitW(ChargingSchedule schedule, DateTimeOffset startedAt, DateTimeOffset now)
    {
        var seconds = (now - (schedule.StartSchedule ?? startedAt)).TotalSeconds;
        if (seconds < 0 || (schedule.Duration is { } duration && seconds >= duration))
            return null;
        var period = schedule.ChargingSchedulePeriod.LastOrDefault(p => p.StartPeriod <= seconds);
        return period?.Limit is not { } limit ? null
            : schedule.ChargingRateUnit == ChargingRateUnit.W ? (int)limit
            : (int)(limit * VoltsPerPhase * (period.NumberPhases ?? Phases));
    }
}
