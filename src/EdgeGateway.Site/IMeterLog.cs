using EdgeGateway.Site.Model;

namespace EdgeGateway.Site;

/// <summary>What the site's meters showed over time, kept for as long as meter values are.</summary>
public interface IMeterLog
{
    /// <summary>Kept in one commit; loses nothing that matters if it fails, so it does not throw. Those without a time or an import register are left out.</summary>
    Task KeepAsync(IReadOnlyList<MeterReading> readings, CancellationToken cancellationToken);

    /// <summary>The last sample at or before a moment, and the first after it, each within <paramref name="reach"/>.</summary>
    ValueTask<(MeterSample? Before, MeterSample? After)> AroundAsync(string meter, DateTimeOffset at, TimeSpan reach, CancellationToken cancellationToken);

    /// <summary>The newest of each meter: what counters are held against after a restart.</summary>
    ValueTask<IReadOnlyList<KeptMeter>> LastAsync(CancellationToken cancellationToken);
}

/// <param name="Template">How it was read, so that another device in its place is noticed.</param>
/// <param name="Serial">Null where the device tells none.</param>
public sealed record KeptMeter(MeterSample Sample, string? Template, string? Serial);
