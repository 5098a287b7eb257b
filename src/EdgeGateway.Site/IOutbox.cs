namespace EdgeGateway.Site;

/// <summary>What is owed to whom. Filled by commits (<see cref="Turn.Deliveries"/>), emptied by the hubs' delivery loops.</summary>
public interface IOutbox
{
    /// <summary>The next objects that may go to this hub now, at most <paramref name="most"/>: due, per object in order, tariffs and locations before
    /// sessions (<see cref="Owed.TriesBeforeOthers"/>), a session's last state before its CDR (P4, P9). Objects named in <paramref name="inFlight"/> are left out.</summary>
    ValueTask<IReadOnlyList<Owed>> NextAsync(string hub, int most, IReadOnlySet<long> inFlight, CancellationToken cancellationToken);

    /// <summary>Completes when something may have become due for this hub: a new delivery, a retry by hand, or <paramref name="atMost"/> passed.</summary>
    Task WaitAsync(string hub, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>When the earliest waiting entry of this hub is due; null when there is none.</summary>
    ValueTask<DateTimeOffset?> NextDueAsync(string hub, CancellationToken cancellationToken);

    /// <summary>Records how a delivery went. An object that was owed anew meanwhile stays owed (its version moved on).</summary>
    Task SettleAsync(Owed owed, Settlement settlement, CancellationToken cancellationToken);

    /// <summary>The bytes a CDR was, or is now being, first sent as to this hub in this version: stored before the first attempt, the same ever after (I4).
    /// A hub that has come to speak another version gets the same CDR in that one, frozen in its turn.</summary>
    /// <param name="owed"><see cref="Owed.Issued"/> says of which CDR the body is made.</param>
    /// <returns>Null when the CDR was revised since it was read, which can be before its first attempt only: the body is to be made anew.</returns>
    Task<byte[]?> FreezeAsync(Owed owed, string version, Func<byte[]> body, CancellationToken cancellationToken);

    ValueTask<BacklogFigures> FiguresAsync(string hub, CancellationToken cancellationToken);

    /// <summary>For people. <paramref name="state"/>: null = all.</summary>
    ValueTask<IReadOnlyList<OutboxEntry>> ListAsync(string? hub, OwedState? state, int most, CancellationToken cancellationToken);

    ValueTask<OutboxEntry?> GetAsync(long id, CancellationToken cancellationToken);

    /// <summary>Makes an entry due now, a refused one too. False when there is none.</summary>
    Task<bool> RetryAsync(long id, CancellationToken cancellationToken);

    /// <summary>Drops a refused entry for good, by a person's word. False when there is none, or it is not refused.</summary>
    Task<bool> DiscardAsync(long id, CancellationToken cancellationToken);
}

/// <param name="Id">Number of the entry, for people too.</param>
/// <param name="Version">Grows when the object is owed anew before it was delivered.</param>
/// <param name="Attempts">Made so far.</param>
public sealed record Owed(long Id, string Hub, DeliveryKind Kind, string Object, long Version, int Attempts)
{
    /// <summary>So often a tariff or location is tried before sessions stop waiting for it (P9): a hub refuses for good what it cannot place, and a
    /// location that it stumbles over for ever must not keep CDRs from it.</summary>
    public const int TriesBeforeOthers = 5;

    /// <summary>Of a CDR that is to be frozen: <see cref="Model.Cdr.Created"/> of the one that was read. Null: nobody revises it.</summary>
    public DateTimeOffset? Issued { get; init; }
}

public enum OwedState
{
    Waiting,

    /// <summary>The hub refused it for good; kept, shown, can be retried (I11).</summary>
    Refused,
}

/// <summary>How a delivery ended.</summary>
public abstract record Settlement
{
    /// <param name="Receipt">What the hub gave as proof, for example a Location header.</param>
    public sealed record Delivered(string? Receipt) : Settlement;

    public sealed record TryLater(DateTimeOffset When, string Why) : Settlement;

    public sealed record Refused(string Why) : Settlement;

    /// <summary>There is nothing to send any more (the object is not to be shown to this hub).</summary>
    public sealed record Moot(string Why) : Settlement;
}

/// <param name="Oldest">When the oldest waiting entry was first owed.</param>
public sealed record BacklogFigures(long Waiting, long Refused, DateTimeOffset? Oldest, DateTimeOffset? LastDelivery);

/// <summary>An entry as people see it (PRODUCT §3: id, hub, kind, object, attempts, due, state, lastError).</summary>
public sealed record OutboxEntry(
    long Id, string Hub, DeliveryKind Kind, string Object, int Attempts, DateTimeOffset Due, OwedState State, string? LastError, DateTimeOffset Since);
