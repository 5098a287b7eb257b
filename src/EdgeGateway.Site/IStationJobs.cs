using EdgeGateway.Site.Care;

namespace EdgeGateway.Site;

/// <summary>How far the chargers have come with what <see cref="IStationCare"/> began and did not end.</summary>
public interface IStationJobs
{
    /// <summary>Newest first; as many as are kept.</summary>
    ValueTask<IReadOnlyList<StationJob>> OfAsync(string station, CancellationToken cancellationToken);

    /// <summary>The job once it has more steps or bytes than that, or is over; as it is when the time is up. Null when there is no such job.</summary>
    ValueTask<StationJob?> ChangedAsync(string station, int number, int steps, long bytes, TimeSpan patience, CancellationToken cancellationToken);
}
