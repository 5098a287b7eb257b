using System.Collections.Immutable;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Site;

/// <summary>Where turns are made durable, and what the site remembers beyond its memory.</summary>
public interface ISiteJournal
{
    /// <summary>Writes all changes and deliveries in one transaction and returns when they are on disk. Throws when they are not: nothing is then.</summary>
    Task CommitAsync(Turn turn, CancellationToken cancellationToken);

    /// <summary>All that a site needs to go on where it was.</summary>
    Task<StoredSite> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Looks up sessions that are no longer in memory. Order of the answer does not matter; what is unknown is left out.</summary>
    ValueTask<Recalled> RecallAsync(IReadOnlyList<SessionKey> keys, CancellationToken cancellationToken);
}

/// <summary>What the journal found.</summary>
/// <param name="Cdrs">All of the session that a <see cref="SessionKey.ByCdr"/> named: original, credits, corrections.</param>
public sealed record Recalled(ImmutableArray<Session> Sessions, ImmutableArray<Cdr> Cdrs)
{
    /// <summary>Of these sessions the CDR is what it is: a hub was sent it, or it was credited (I4). By session number.</summary>
    public ImmutableHashSet<int> Frozen { get; init; } = [];

    public static Recalled Nothing { get; } = new([], []);

    public static implicit operator Recalled(ImmutableArray<Session> sessions) => new(sessions, []);
}

/// <summary>By what an old session can be found again: its number, the content of its start, or what came before its end (I8).</summary>
public abstract record SessionKey
{
    /// <param name="Number">The transactionId.</param>
    public sealed record ByNumber(int Number) : SessionKey;

    /// <summary>Station (without case), position, tag, told time and meter: what a repeated start has in common with its original.</summary>
    public sealed record ByStart(Position At, string IdTag, DateTimeOffset? Told, long? MeterStartWh) : SessionKey;

    /// <summary>The session of a CDR that is to be credited; the CDRs that were made of it come with it (<see cref="Recalled.Cdrs"/>).</summary>
    public sealed record ByCdr(string Id) : SessionKey;

    /// <summary>Station (without case) and its own id of the transaction (2.x), exactly.</summary>
    public sealed record ByTransaction(string Station, string Transaction) : SessionKey;

    /// <summary>What a Stop under a wrong number can mean: the sessions of its station, at most <see cref="Most"/>, that began last before it.</summary>
    public sealed record BeforeEnd(string Station, DateTimeOffset Told) : SessionKey
    {
        public const int Most = 8;
    }
}

/// <summary>The site as it was last committed.</summary>
public sealed record StoredSite
{
    /// <summary>32 random bytes, made with the database; ids of sessions are drawn from it (S10).</summary>
    public required ImmutableArray<byte> Seed { get; init; }
    public required SiteCounters Counters { get; init; }
    public ImmutableArray<Station> Stations { get; init; } = [];

    /// <summary>Pending and active ones, each with its course.</summary>
    public ImmutableArray<Session> OpenSessions { get; init; } = [];
    public ImmutableArray<HeldAdmission> Admissions { get; init; } = [];
    public ImmutableArray<Stamp> Stamps { get; init; } = [];

    /// <summary>Every EVSE that hubs were ever shown.</summary>
    public ImmutableArray<ShownEvse> Shown { get; init; } = [];
    public ImmutableArray<Reservation> Reservations { get; init; } = [];
}

/// <summary>A CDR was to be revised that a hub has been sent meanwhile (I4). Nothing of the turn is on disk; asked again, the journal recalls it as frozen.</summary>
public sealed class CdrFrozenException(string id) : Exception($"CDR {id} was sent meanwhile and stays as it is.");
