using EdgeGateway.Site.Model;

namespace EdgeGateway.Site;

/// <summary>What the site's meters showed over time, kept for as long as meter values are.</summary>
public interface IMeterLog
{
    /// <summary>Kept in one commit; loses nothing that matters if it fails, so it does not throw.</summary>
    Task KeepAsync(IReadOnlyList<MeterReading> readings, CancellationToken cancellationToken);

    /// <summary>The last sample at or before a moment, and the first after it, each within <paramref name="reach"/>.</summary>
    ValueTask<(MeterSample? Before, MeterSample? After)> AroundAsync(string meter, DateTimeOffset at, TimeSpan reach, CancellationToken cancellationToken);

    /// <summary>The newest sample of each meter: what counters are held against after a restart.</summary>
    ValueTask<IReadOnlyList<MeterSample>> LastAsync(CancellationToken cancellationToken);
}
