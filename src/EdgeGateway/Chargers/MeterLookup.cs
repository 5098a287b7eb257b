using System.Collections.Concurrent;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers;

/// <summary>What the site's own meter of an EVSE showed when a charger says that something happened there: for each of its reports one sample, since a session
/// may be billed by that meter. Asks nothing where there is none.</summary>
public sealed class MeterLookup(SiteEngine site, TimeProvider clock, ISiteMeters? meters = null)
{
    /// <summary>A charger waits no longer for a meter: its report then goes without, and the meter's last value counts.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, MeterSample Sample)> _ends = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="told">The charger's time; null: now.</param>
    /// <param name="lineOpened">Since when it can have told us: what it dates before that comes from its queue, and is looked up; all else happens now, whatever
    /// its clock says. Null: it has no queue.</param>
    /// <returns>Null where there is no meter, or it is silent.</returns>
    public ValueTask<MeterSample?> AtAsync(Position at, DateTimeOffset? told, MeterMoment moment, DateTimeOffset? lineOpened, CancellationToken cancellationToken) =>
        meters is null || at.IsStation || site.State.Configuration.MeterOf(at.Station, at.Evse) is not { } meter
            ? default
            : ReadAsync(meters, meter, at, told, moment, lineOpened, cancellationToken);

    /// <summary>For a place that is free again: where a session runs there that is billed by the meter, it may be its end.</summary>
    public ValueTask<MeterSample?> AtFreeingAsync(Position at, DateTimeOffset? told, DateTimeOffset? lineOpened, CancellationToken cancellationToken) =>
        site.State.OccupantOf(at) is { CountedBy: not null } ? AtAsync(at, told, MeterMoment.End, lineOpened, cancellationToken) : default;

    private async ValueTask<MeterSample?> ReadAsync(
        ISiteMeters meters, MeterConfiguration meter, Position at, DateTimeOffset? told, MeterMoment moment, DateTimeOffset? lineOpened, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var righted = site.State.RightedTime(at.Station, told, now);
        var when = lineOpened is { } opened && righted < opened ? righted : now;
        MeterSample? sample;
        try
        {
            sample = await meters.AtAsync(at.Station, at.Evse, when, moment, cancellationToken).AsTask().WaitAsync(Patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        if (sample is null)
            return null;
        if (sample.Serial is null && meters.Newest.FirstOrDefault(r => r.Meter == sample.Meter)?.Serial is { } serial)
            sample = sample with { Serial = serial };
        return moment switch
        {
            MeterMoment.Start => NoEarlierThanEnd(meter.Id, when, sample),
            MeterMoment.End => Remembered(meter.Id, when, sample),
            _ => sample,
        };
    }

    /// <summary>Of the past only a value a minute is known: where one session follows another within it, the second begins with what the first ended with, or
    /// what lies between two values would be billed to both (I5).</summary>
    private MeterSample NoEarlierThanEnd(string meter, DateTimeOffset when, MeterSample sample) =>
        _ends.TryGetValue(meter, out var end) && end.At <= when && sample.At <= end.Sample.At && sample.EnergyWh < end.Sample.EnergyWh ? end.Sample : sample;

    private MeterSample Remembered(string meter, DateTimeOffset when, MeterSample sample)
    {
        _ends[meter] = (when, sample);
        return sample;
    }
}
