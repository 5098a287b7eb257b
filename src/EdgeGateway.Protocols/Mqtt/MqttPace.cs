namespace EdgeGateway.Protocols.Mqtt;

/// <summary>When the broker is tried again, and in which version.</summary>
internal sealed class MqttPace(MqttOptions options, TimeProvider clock, Random random)
{
    /// <summary>A broker that only hangs up on version 5 may as well have been restarted: once is no proof.</summary>
    public const int HangUps = 2;

    /// <summary>A line that stood this long makes up for the failures before it.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    /// <summary>Brokers are updated: after this long version 5 is tried once more.</summary>
    public static readonly TimeSpan OldFor = TimeSpan.FromHours(12);

    /// <summary>So many lines in a row that the broker ended before they were <see cref="Settled"/> are no chance.</summary>
    public const int ShortLines = 2;

    private int _failures;
    private int _shortLines;
    private int _hangUps;
    private bool _tryOld;
    private long? _oldSince;

    /// <summary>Whether the next attempt is to be in version 5, else in 3.1.1.</summary>
    public bool Five => !_tryOld && (_oldSince is not { } since || clock.GetElapsedTime(since) >= OldFor);

    /// <summary>The broker hangs up soon after its welcome, again and again.</summary>
    public bool Restless => _shortLines >= ShortLines;

    public void Welcomed(bool five)
    {
        _hangUps = 0;
        _tryOld = false;
        _oldSince = five ? null : _oldSince is { } since && clock.GetElapsedTime(since) < OldFor ? since : clock.GetTimestamp();
    }

    /// <summary>The pause until the next attempt; none before the first one in the other version.</summary>
    /// <param name="online">How long the line stood; zero for none.</param>
    public TimeSpan After(MqttFailure failure, bool five, TimeSpan online)
    {
        if (online >= Settled)
            _failures = 0;
        if (online > TimeSpan.Zero)
            _shortLines = failure.HungUp && online < Settled ? _shortLines + 1 : 0;
        _tryOld = false;
        if (failure.OtherVersion && five && (failure.SaidSo || ++_hangUps >= HangUps))
        {
            _hangUps = 0;
            _tryOld = true;
            return TimeSpan.Zero;
        }
        if (failure.OtherVersion && !five)
            _oldSince = null;
        var longest = failure.NeedsPeople ? options.RetryAtMost : options.RetryAfter * Math.Pow(2, Math.Min(_failures++, 20));
        // Jittered: all gateways lose their broker at the same moment, and must not all come back at one.
        return (longest < options.RetryAtMost ? longest : options.RetryAtMost) * (0.5 + (random.NextDouble() / 2));
    }
}
