using System.Collections.Concurrent;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>Meters of a site that show what a test says, and remember what they were asked.</summary>
public sealed class ScriptedMeters(Func<DateTimeOffset, MeterMoment, MeterSample?> shown) : ISiteMeters
{
    public ConcurrentQueue<(string Station, int Evse, DateTimeOffset At, MeterMoment Moment)> Asked { get; } = [];

    /// <summary>While set, nobody is answered before it completes.</summary>
    public Task? Until { get; set; }
    public IReadOnlyList<MeterReading> Newest { get; set; } = [];

    public async ValueTask<MeterSample?> AtAsync(string station, int evse, DateTimeOffset at, MeterMoment moment, CancellationToken cancellationToken)
    {
        Asked.Enqueue((station, evse, at, moment));
        if (Until is { } until)
            await until;
        return shown(at, moment);
    }

    public void Watch(Action<MeterReading> watcher)
    {
    }
}
