using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Meters;

/// <summary>Tells the technician of meters at a pace that no flapping bus turns into a flood. Who is refused asks again: what still holds then is told then.</summary>
internal sealed class MeterRemarks(Func<Remarked, Task> report, TimeProvider clock)
{
    /// <summary>Of all meters in a minute: a dead bus of thirty takes three minutes to be told of.</summary>
    public const int PerMinute = 10;

    /// <summary>Between two of the same kind about the same meter.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Meter, string Code), long> _told = [];
    private long _since = clock.GetTimestamp();
    private int _count;

    /// <returns>False when it was withheld; who asks again later is told then.</returns>
    public bool Make(Severity severity, string code, string meter, string text)
    {
        lock (_lock)
        {
            if (clock.GetElapsedTime(_since) >= Window)
                (_since, _count) = (clock.GetTimestamp(), 0);
            if (_count >= PerMinute || (_told.TryGetValue((meter, code), out var last) && clock.GetElapsedTime(last) < Pause))
                return false;
            _count++;
            _told[(meter, code)] = clock.GetTimestamp();
        }
        _ = report(new(severity, code, meter, text));
        return true;
    }

    public void Forget(string meter)
    {
        lock (_lock)
        {
            foreach (var key in _told.Keys.Where(k => k.Meter == meter).ToList())
                _told.Remove(key);
        }
    }
}
