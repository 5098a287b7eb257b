using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Meters;

/// <summary>All readings of the last minutes, in memory: chargers tell of what happened seconds ago, and the log has a sample a minute only.</summary>
internal sealed class MeterPast(string meter)
{
    /// <summary>How long readings are kept here.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(10);

    /// <summary>Readings, at the fastest pace that can be set (5 a second), and some for what is read beside it.</summary>
    public const int Limit = 4_000;

    /// <summary>A neighbour of a moment is one for so long: the log has a sample a minute, and one or two may be missing. Beyond it another session
    /// may have begun and ended in between.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();
    private readonly Queue<MeterSample> _samples = [];

    public void Add(DateTimeOffset at, long energyWh)
    {
        lock (_lock)
        {
            _samples.Enqueue(new(meter, at, energyWh));
            // The clock may have been set back: then the count alone bounds it.
            while (_samples.Count > Limit || (_samples.TryPeek(out var oldest) && at - oldest.At > Span))
                _samples.Dequeue();
        }
    }

    public MeterSample? Newest
    {
        get
        {
            lock (_lock)
                return _samples.LastOrDefault();
        }
    }

    public void Clear()
    {
        lock (_lock)
            _samples.Clear();
    }

    /// <summary>The last at or before a moment, and the first after it.</summary>
    public (MeterSample? Before, MeterSample? After) Around(DateTimeOffset at, TimeSpan reach)
    {
        MeterSample? before = null, after = null;
        lock (_lock)
        {
            foreach (var sample in _samples)
            {
                if ((sample.At - at).Duration() > reach)
                    continue;
                if (sample.At <= at && (before is null || sample.At >= before.At))
                    before = sample;
                else if (sample.At > at && (after is null || sample.At < after.At))
                    after = sample;
            }
        }
        return (before, after);
    }

    /// <summary>What of its two neighbours holds for a moment. At a start nothing had flowed yet, so what was shown before holds; at an end what was shown after;
    /// in between it is reckoned by time, unless the counter began anew there. With only one of them it is that one: its time says how near it is.</summary>
    public static MeterSample? Choose(MeterSample? before, MeterSample? after, DateTimeOffset at, MeterMoment moment) => (before, after) switch
    {
        (null, _) or (_, null) => before ?? after,
        _ when moment == MeterMoment.Start => before,
        _ when moment == MeterMoment.End => after.EnergyWh >= before.EnergyWh ? after : before,
        _ when after.EnergyWh < before.EnergyWh => before,
        _ => before with { At = at, EnergyWh = before.EnergyWh + (long)((after.EnergyWh - before.EnergyWh) * ((at - before.At) / (after.At - before.At))) },
    };
}
