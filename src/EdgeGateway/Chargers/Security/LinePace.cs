namespace EdgeGateway.Chargers.Security;

/// <summary>
/// How fast one line may talk (S5). Beyond its burst its bytes are read no faster than the pace, which slows the sender down and loses
/// nothing; who has to be held back for <see cref="HeldLimit"/> on end is no charger with a queue, and is hung up on. A charger that waits for its
/// answers, as the standard asks, meets neither with a queue of thousands (FIELD-NOTES 29).
/// </summary>
/// <param name="perSecond">Messages, in the long run.</param>
public sealed class LinePace(int perSecond, SitePace site, TimeProvider clock)
{
    /// <summary>Messages at any speed, in seconds of the pace: 5000 of the usual one.</summary>
    public const int BurstSeconds = 50;

    /// <summary>So much counts as one message, whatever it holds: frames that are none, and pings.</summary>
    public const int BytesPerMessage = 4096;

    /// <summary>Used up beyond the pace before the site's own pace holds the line back: the quiet ones are not made to wait for the loud.</summary>
    public const int FairShare = 500;

    /// <summary>Held back for so long without recovering, the line is closed.</summary>
    public static readonly TimeSpan HeldLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly double _burst = (double)perSecond * BurstSeconds;
    private double _left = (double)perSecond * BurstSeconds;
    private long _since = clock.GetTimestamp();
    private long? _heldSince;
    private bool _isClosed;

    /// <summary>Told once, when the line is to be closed.</summary>
    public Action Flooded { get; set; } = static () => { };

    /// <summary>A message came.</summary>
    public void Message()
    {
        site.Message();
        Take(1);
    }

    /// <summary>So many bytes came.</summary>
    public void Bytes(int count) => Take((double)count / BytesPerMessage);

    /// <summary>Before the next read: completes when the line may go on.</summary>
    /// <param name="hasEnded">The line has ended meanwhile.</param>
    public async ValueTask WaitAsync(Func<bool> hasEnded)
    {
        while (!hasEnded() && Delay() is { } delay)
        {
            if (IsFlood())
            {
                Flooded();
                return;
            }
            await Task.Delay(delay < Breath ? delay : Breath, clock);
        }
    }

    private TimeSpan? Delay()
    {
        lock (_lock)
        {
            // What still comes is read only to reach its close frame.
            if (_isClosed)
                return null;
            Refill();
            if (_left > _burst / 10)
                _heldSince = null;
            if (_left < 0)
            {
                _heldSince ??= _since;
                // A wait of nothing would be no wait.
                return TimeSpan.FromSeconds(Math.Max(0.001, -_left / perSecond));
            }
            return _left < _burst - FairShare && site.IsBusy ? Breath / 10 : null;
        }
    }

    private bool IsFlood()
    {
        lock (_lock)
        {
            if (_isClosed || _heldSince is not { } held || clock.GetElapsedTime(held) < HeldLimit)
                return false;
            _isClosed = true;
            return true;
        }
    }

    private void Take(double messages)
    {
        lock (_lock)
        {
            Refill();
            _left -= messages;
        }
    }

    private void Refill()
    {
        var now = clock.GetTimestamp();
        _left = Math.Min(_burst, _left + (clock.GetElapsedTime(_since, now).TotalSeconds * perSecond));
        _since = now;
    }
}

/// <summary>How fast all lines together may talk (S5): beyond it those that said most wait.</summary>
public sealed class SitePace(Func<ChargersOptions> options, TimeProvider clock)
{
    /// <summary>Messages at any speed, in seconds of the pace: each of 2000 chargers says a few things after a power cut.</summary>
    public const int BurstSeconds = 10;

    private readonly Lock _lock = new();
    private double _left = (double)options().SiteMessagesPerSecond * BurstSeconds;
    private long _since = clock.GetTimestamp();

    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                Refill();
                return _left <= 0;
            }
        }
    }

    public void Message()
    {
        lock (_lock)
        {
            Refill();
            _left = Math.Max(-options().SiteMessagesPerSecond, _left - 1);
        }
    }

    private void Refill()
    {
        var now = clock.GetTimestamp();
        var perSecond = (double)options().SiteMessagesPerSecond;
        _left = Math.Min(perSecond * BurstSeconds, _left + (clock.GetElapsedTime(_since, now).TotalSeconds * perSecond));
        _since = now;
    }
}
