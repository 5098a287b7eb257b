using System.Net;

namespace EdgeGateway.Hosting;

/// <summary>
/// Connections of the chargers' listener that have not proved yet who they are (S3). They are few and wait for seconds; when one too many
/// comes, the one that goes is the oldest of the address that has most of them: a flood drives out itself, and a charger gets through.
/// </summary>
internal sealed class WaitingRoom : IDisposable
{
    private static readonly TimeSpan RoundEvery = TimeSpan.FromSeconds(1);

    private readonly int _most;
    private readonly TimeSpan _longest;
    private readonly TimeProvider _clock;
    private readonly ITimer _round;
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, LinkedList<Guest>> _guests = [];
    private int _count;
    private long _turnedAway;

    /// <param name="most">Who wait at the same time.</param>
    /// <param name="longest">From the connection to its admission.</param>
    public WaitingRoom(int most, TimeSpan longest, TimeProvider clock)
    {
        (_most, _longest, _clock) = (most, longest, clock);
        _round = clock.CreateTimer(_ => SendHome(), null, RoundEvery, RoundEvery);
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    /// <summary>Who had to go for others, or took too long, since the start.</summary>
    public long TurnedAway => Interlocked.Read(ref _turnedAway);

    /// <param name="leave">Ends the connection; called at most once, and not after <see cref="Leave"/>.</param>
    public Guest Enter(IPAddress address, Action<string> leave)
    {
        var guest = new Guest(address, leave, _clock.GetTimestamp());
        Guest? driven = null;
        lock (_gate)
        {
            if (!_guests.TryGetValue(address, out var own))
                _guests[address] = own = [];
            guest.Place = own.AddLast(guest);
            if (++_count > _most)
            {
                driven = _guests.Values.MaxBy(static g => g.Count)!.First!.Value;
                Remove(driven);
            }
        }
        driven?.Go("Too many others wait.");
        if (driven is not null)
            Interlocked.Increment(ref _turnedAway);
        return guest;
    }

    /// <summary>It was let in, or has gone. May be said twice.</summary>
    public void Leave(Guest guest)
    {
        lock (_gate)
            Remove(guest);
    }

    public void Dispose() => _round.Dispose();

    private void SendHome()
    {
        var late = new List<Guest>();
        lock (_gate)
        {
            // The oldest stand first.
            foreach (var own in _guests.Values.ToArray())
            {
                while (own.First is { } first && _clock.GetElapsedTime(first.Value.Since) > _longest)
                {
                    late.Add(first.Value);
                    Remove(first.Value);
                }
            }
        }
        foreach (var guest in late)
            guest.Go("It did not say in time who it is.");
        Interlocked.Add(ref _turnedAway, late.Count);
    }

    private void Remove(Guest guest)
    {
        if (guest.Place is not { List: { } own } place)
            return;
        own.Remove(place);
        guest.Place = null;
        _count--;
        if (own.Count == 0)
            _guests.Remove(guest.Address);
    }

    internal sealed class Guest(IPAddress address, Action<string> go, long since)
    {
        public IPAddress Address => address;
        public long Since => since;
        public LinkedListNode<Guest>? Place { get; set; }

        public void Go(string why) => go(why);
    }
}
