using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>
/// The register that sessions at a Modbus charger are billed by: a number of our own that never goes back, fed by the charger's. It bears counters
/// that begin anew with each of the charger's own sessions, devices that are exchanged, and values that are none (FIELD pain 14: a 0, a jump back or
/// an absurd one is no reading). What cannot be explained counts for nothing, and is never billed twice.
/// </summary>
/// <param name="isOfSession">The charger's counter begins anew with each of its own sessions (ABB Terra AC).</param>
/// <param name="mostPowerW">What the charger can deliver: no more can have flowed.</param>
/// <param name="stepWh">The smallest difference that its counter can tell.</param>
/// <param name="poll">How often it is read; null: often.</param>
public sealed class EnergyBook(bool isOfSession, decimal mostPowerW, decimal stepWh = 1, TimeSpan? poll = null)
{
    /// <summary>Allowed beyond what can have flowed at once; counters tell in steps.</summary>
    private const decimal LeastSlackWh = 10m;

    /// <summary>Allowed beyond it for a counter that is brought up to date now and then only, once a second value agrees.</summary>
    private const decimal LateWh = 2_000m;

    /// <summary>Allowed at the first reading after a restart, whose length an unset clock cannot tell: a car takes no more.</summary>
    private const decimal CarWh = 200_000m;

    /// <summary>While nothing is counted, so many readings in a row that agree are the counter's new level.</summary>
    private const int Agreeing = 3;

    /// <summary>Meters read a little above what the charger is rated.</summary>
    private const decimal Tolerance = 1.2m;

    /// <summary>After a longer silence one value alone is not believed: a glitch may look like what can have flowed meanwhile.</summary>
    private readonly TimeSpan _sure = 3 * (poll ?? TimeSpan.FromSeconds(3));

    private EnergyEntry? _last;
    private TimeSpan _lastAt;
    private TimeSpan _movedAt;
    private (decimal Raw, TimeSpan At, int Count)? _doubted;
    private (decimal FlowWh, bool IsOpen) _gone;
    private bool _isProved;
    private bool _wasUnplugged;

    /// <summary>The newest that is believed, in whole Wh; null before there is any.</summary>
    public long? Wh => _last is { } last ? (long)decimal.Floor(last.OwnWh) : null;

    /// <summary>To be kept across restarts.</summary>
    public EnergyEntry? Entry => _last;

    /// <summary>Goes on from what was kept.</summary>
    /// <param name="since">How long ago that was, as far as the clock can tell.</param>
    /// <param name="leastWh">What the site is known to have been told: what was kept may be older.</param>
    public void Restore(EnergyEntry kept, TimeSpan since, long? leastWh)
    {
        var ahead = (leastWh ?? 0) - decimal.Floor(kept.OwnWh);
        _last = ahead > 0 ? new(kept.Raw + ahead, kept.OwnWh + ahead) : kept;
        _gone = (Flow(since > TimeSpan.Zero ? since : TimeSpan.Zero), true);
    }

    /// <summary>Another device stands in its place: its counter says nothing about what flowed before.</summary>
    public void Exchange() => (_last, _isProved, _doubted) = (_last is { } last ? last with { Raw = -1 } : null, false, null);

    /// <summary>No vehicle is there: a counter of the charger's own session may begin anew from now on.</summary>
    public void Unplugged() => _wasUnplugged = true;

    /// <summary>Takes what the charger's counter shows.</summary>
    /// <param name="raw">Wh; null: it showed nothing.</param>
    /// <param name="at">By a clock that only goes forward.</param>
    /// <param name="isCounting">A session is billed by it now: what is doubted must then prove itself by increasing.</param>
    /// <returns>The register now, in Wh; null: this was no reading.</returns>
    public long? Take(decimal? raw, TimeSpan at, bool isCounting)
    {
        if (raw is not { } value || value < 0 || value > MeterRegister.MostWh)
            return null;
        // The first value after a start stands alone: a second one has to agree.
        if (!_isProved)
        {
            if (_doubted is not { } first || !Follows(first, value, at))
                return Doubt(value, at);
            _isProved = true;
            if (_last is null or { Raw: < 0 })
                return Believe(value, _last?.OwnWh ?? value, at);
        }
        var last = _last!;
        var step = value - last.Raw;
        if (step >= 0 && step <= Can(at))
            return Believe(value, last.OwnWh + step, at);
        if (isOfSession && step < 0 && _wasUnplugged && value <= Can(at))
        {
            _wasUnplugged = false;
            return Believe(value, last.OwnWh + value, at);
        }
        return Settle(last, value, at, isCounting);
    }

    /// <summary>A level that the counter cannot have reached: it is believed when it stays, and what lies between is nobody's.</summary>
    private long? Settle(EnergyEntry last, decimal value, TimeSpan at, bool isCounting)
    {
        if (_doubted is not { } doubted || !Follows(doubted, value, at) || (value == 0 && isCounting))
            return Doubt(value, at);
        if (value >= last.Raw && value - last.Raw <= Flow(at - _movedAt) + LateWh)
            return Believe(value, last.OwnWh + value - last.Raw, at);
        if (isCounting ? value <= doubted.Raw : doubted.Count + 1 < Agreeing)
        {
            _doubted = doubted with { Count = doubted.Count + 1 };
            return null;
        }
        // From zero on it was counted by this very device, if it can have flowed since.
        var flowed = value < last.Raw && value <= Flowed(at) ? value : value - doubted.Raw;
        return Believe(value, last.OwnWh + (isCounting ? flowed : 0), at);
    }

    private long? Doubt(decimal value, TimeSpan at)
    {
        _doubted = (value, at, 1);
        return null;
    }

    private long Believe(decimal raw, decimal ownWh, TimeSpan at)
    {
        if (_last is { Raw: >= 0 } last && raw > last.Raw)
            _wasUnplugged = false;
        if (_last?.Raw != raw)
            _movedAt = at;
        (_last, _lastAt, _doubted, _gone, _isProved) = (new(raw, ownWh), at, null, default, true);
        return (long)decimal.Floor(ownWh);
    }

    private bool Follows((decimal Raw, TimeSpan At, int Count) earlier, decimal value, TimeSpan at) =>
        value >= earlier.Raw && value - earlier.Raw <= Flow(at - earlier.At) + Slack;

    private decimal Slack => Math.Max(LeastSlackWh, 2 * stepWh);

    private decimal Can(TimeSpan at) => _gone.IsOpen ? _gone.FlowWh + CarWh : Flow(at - _lastAt < _sure ? at - _lastAt : _sure) + Slack;

    /// <summary>What can have flowed since the newest value that is believed.</summary>
    private decimal Flowed(TimeSpan at) => _gone.IsOpen ? _gone.FlowWh : Flow(at - _lastAt);

    private decimal Flow(TimeSpan time) => mostPowerW * Tolerance * (decimal)time.TotalHours;
}

/// <param name="Raw">What the charger's counter showed, in Wh; negative: it is not known.</param>
/// <param name="OwnWh">What that comes to in the register of our own.</param>
public sealed record EnergyEntry(decimal Raw, decimal OwnWh);
