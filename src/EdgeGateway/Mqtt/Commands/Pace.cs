namespace EdgeGateway.Mqtt.Commands;

/// <summary>So many a second, and a few more at once after a pause.</summary>
internal sealed class Pace(int perSecond, int burst, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private double _left = burst;
    private long _since = clock.GetTimestamp();

    public bool Take()
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            _left = Math.Min(burst, _left + (clock.GetElapsedTime(_since, now).TotalSeconds * perSecond));
            _since = now;
            if (_left < 1)
                return false;
            _left--;
            return true;
        }
    }
}
