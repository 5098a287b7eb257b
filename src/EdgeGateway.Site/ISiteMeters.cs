using EdgeGateway.Site.Model;

namespace EdgeGateway.Site;

/// <summary>The site's own meters: what they show now, and what they showed when something happened.</summary>
public interface ISiteMeters
{
    /// <summary>One for each configured meter, in the order of the configuration.</summary>
    IReadOnlyList<MeterReading> Newest { get; }

    /// <summary>What the meter of an EVSE showed at a moment: of now it is read anew if it can be within a second or so, of the past it is looked up.
    /// Never waits for a meter that is known to be silent.</summary>
    /// <returns>Null where the EVSE has no meter, or nothing is known of it near that moment.</returns>
    ValueTask<MeterSample?> AtAsync(string station, int evse, DateTimeOffset at, MeterMoment moment, CancellationToken cancellationToken);

    /// <summary>Called after each reading; must be quick and must not throw.</summary>
    void Watch(Action<MeterReading> watcher);
}

/// <summary>What the moment is to the one who asks: where the past was not read just then, a neighbour is as good if nothing flowed between.</summary>
public enum MeterMoment
{
    /// <summary>Something began: nothing had flowed for it before.</summary>
    Start,

    /// <summary>In the middle of something: between two neighbours it is reckoned by time.</summary>
    Within,

    /// <summary>Something ended: nothing flows for it afterwards.</summary>
    End,
}
