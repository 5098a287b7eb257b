namespace EdgeGateway.Simulators;

/// <summary>A clock that runs faster than the world: a charging afternoon in a minute. Its speed may change; timers under way follow.</summary>
public sealed class FastClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<FastTimer> _timers = [];
    private DateTimeOffset _siteBase = System.GetUtcNow();
    private long _realBase = System.GetTimestamp();
    private double _speed = 1;

    /// <summary>Seconds here per second of the world; more than 0.</summary>
    public double Speed
    {
        get => _speed;
        set
        {
            FastTimer[] timers;
            lock (_lock)
            {
                _siteBase = NowLocked();
                _realBase = System.GetTimestamp();
                _speed = value;
                timers = [.. _timers];
            }
            foreach (var timer in timers)
                timer.Arm();
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return NowLocked();
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FastTimer(this, callback, state);
        lock (_lock)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private DateTimeOffset NowLocked() => _siteBase + (System.GetElapsedTime(_realBase) * _speed);

    private void Forget(FastTimer timer)
    {
        lock (_lock)
            _timers.Remove(timer);
    }

    private sealed class FastTimer : ITimer
    {
        private readonly Lock _lock = new();
        private readonly FastClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _inner;
        private DateTimeOffset? _due;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public FastTimer(FastClock clock, TimerCallback callback, object? state)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            _inner = System.CreateTimer(static timer => ((FastTimer)timer!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_lock)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + dueTime;
                _period = period;
            }
            return Arm();
        }

        public bool Arm()
        {
            lock (_lock)
            {
                if (_due is not { } due)
                    return _inner.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                var wait = (due - _clock.GetUtcNow()) / _clock.Speed;
                return _inner.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            _clock.Forget(this);
            _inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            _clock.Forget(this);
            return _inner.DisposeAsync();
        }

        private void Ring()
        {
            bool isDue;
            lock (_lock)
            {
                if (_due is not { } due)
                    return;
                // A timer of the world may be a trifle early; then it is only set again.
                isDue = due <= _clock.GetUtcNow();
                if (isDue)
                    _due = _period > TimeSpan.Zero ? due + _period : null;
                Arm();
            }
            if (isDue)
                _callback(_state);
        }
    }
}
