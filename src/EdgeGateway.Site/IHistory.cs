using EdgeGateway.Site.Model;

namespace EdgeGateway.Site;

/// <summary>What was, read from disk: for hubs that pull and people who ask.</summary>
public interface IHistory
{
    /// <summary>Sessions that this hub may see, by last_updated and id, oldest first (L1, L4).</summary>
    ValueTask<Page<Session>> SessionsAsync(PageQuery query, CancellationToken cancellationToken);

    ValueTask<Page<Cdr>> CdrsAsync(PageQuery query, CancellationToken cancellationToken);

    ValueTask<Session?> SessionAsync(string id, CancellationToken cancellationToken);

    ValueTask<Session?> SessionByNumberAsync(int number, CancellationToken cancellationToken);

    ValueTask<Cdr?> CdrAsync(string id, CancellationToken cancellationToken);

    /// <summary>The bytes a CDR was frozen as for a hub in this version of the protocol, or null when it has not been sent in it yet.</summary>
    ValueTask<byte[]?> FrozenCdrAsync(string hub, string id, string version, CancellationToken cancellationToken);

    /// <summary>The same for a whole page at once, by id; those that were never sent in this version, or are damaged (which is told), are left out.</summary>
    ValueTask<IReadOnlyDictionary<string, byte[]>> FrozenCdrsAsync(string hub, IReadOnlyList<string> ids, string version, CancellationToken cancellationToken);

    /// <summary>Newest first, for people; <see cref="CdrLine"/> says what the hub has of each.</summary>
    ValueTask<IReadOnlyList<Session>> RecentSessionsAsync(string? station, bool activeOnly, int most, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<CdrLine>> RecentCdrsAsync(int most, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    ValueTask<IReadOnlyList<SiteEvent>> EventsAsync(int most, CancellationToken cancellationToken);
}

/// <param name="Hub">Only what this hub is owed; null = all.</param>
/// <param name="From">Inclusive, on last_updated.</param>
/// <param name="To">Exclusive.</param>
/// <param name="After">Only what comes after this place: where the page before ended, whatever has left the list since (L4).</param>
public sealed record PageQuery(string? Hub, DateTimeOffset? From, DateTimeOffset? To, int Offset, int Limit, PageMark? After = null);

/// <summary>A place in a list: one of its objects, by last_updated and id.</summary>
public sealed record PageMark(DateTimeOffset At, string Id);

/// <param name="Total">All that match, beyond this page too.</param>
/// <param name="Last">Where this page ends; null when nothing follows it.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, long Total, PageMark? Last);

/// <param name="Delivery"><c>delivered</c>, <c>waiting</c>, <c>refused</c>, <c>site only</c>.</param>
public sealed record CdrLine(Cdr Cdr, string Delivery, string? Receipt, string? LastError);

/// <summary>A stored record is not what was written (I17). It must not be billed: whoever was to send it sets it aside.</summary>
public sealed class CorruptRecordException(string record, string why) : Exception($"{record} is damaged on disk: {why}.")
{
    public string Record { get; } = record;
}
