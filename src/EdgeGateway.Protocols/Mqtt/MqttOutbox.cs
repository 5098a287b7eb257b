namespace EdgeGateway.Protocols.Mqtt;

/// <summary>
/// What the broker is owed. Of states only the newest; events in their order, the oldest dropped at the limit. Both stay until the broker has
/// confirmed them: the library's own queue has no bound, and sends what it holds of a lost line again before anything newer.
/// Not safe for several threads: its owner locks.
/// </summary>
internal sealed class MqttOutbox(int eventLimit, int stateLimit, TimeProvider clock)
{
    private readonly Dictionary<string, State> _states = new(StringComparer.Ordinal);
    private readonly Queue<State> _changed = new();
    private readonly LinkedList<Owed> _events = new();
    private readonly Dictionary<int, Owed> _handed = [];
    private bool _refusedSince;
    private int _eventsHanded;
    private long _told;
    private bool _eventNext;
    private bool _careful;

    /// <summary>A message is given up that was alone under way when the broker hung up so often.</summary>
    public const int Breaks = 3;

    /// <summary>Events that were lost, whatever the reason.</summary>
    public long Dropped { get; private set; }

    /// <summary>Not confirmed yet.</summary>
    public int Waiting => _changed.Count + _events.Count + _handed.Count;

    public int Handed => _handed.Count;

    /// <summary>
    /// How many may be under way. One at a time once something was refused: mosquitto hangs up on what follows a message that its access list
    /// forbids (its issue 2579; seen with 2.0.11), and some versions without a word about the message itself.
    /// </summary>
    public int Window => _careful ? 1 : MqttLimits.Window;

    /// <summary>When the message was handed over that has been unconfirmed for longest (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long? OldestHanded => _handed.Count == 0 ? null : _handed.Values.Min(owed => owed.HandedAt);

    /// <param name="payload">Empty takes the retained message off.</param>
    /// <returns>False when there are too many topics.</returns>
    public bool Set(string topic, ReadOnlySpan<byte> payload)
    {
        if (_states.TryGetValue(topic, out var state))
        {
            if (payload.SequenceEqual(state.Payload))
                return true;
        }
        else
        {
            if (_states.Count >= stateLimit)
                return false;
            _states.Add(topic, state = new(topic));
        }
        state.Payload = payload.ToArray();
        state.Version++;
        // A refused one waits for RetryRefused: it is refused for its topic, not for what it says.
        if (state.Place != Place.Refused)
            Enqueue(state);
        return true;
    }

    public void Tell(MqttMessage message)
    {
        while (_events.Count > 0 && _events.Count + _eventsHanded >= eventLimit)
        {
            _events.RemoveFirst();
            Dropped++;
        }
        var copy = message with { Payload = message.Payload.ToArray(), CorrelationData = message.CorrelationData.ToArray() };
        _events.AddLast(new Owed(copy, null, 0) { ToldAt = clock.GetTimestamp(), Number = _told++ });
    }

    /// <summary>States and events in turn, so that neither waits for the other. Each comes back through one of the methods below.</summary>
    public Owed? Next()
    {
        while (_events.First is { } oldest && Left(oldest.Value) <= TimeSpan.Zero)
        {
            _events.RemoveFirst();
            Dropped++;
        }
        _eventNext = !_eventNext;
        if ((_eventNext || _changed.Count == 0) && _events.First is { } first)
        {
            _events.RemoveFirst();
            return first.Value;
        }
        if (!_changed.TryDequeue(out var state))
            return null;
        state.Place = Place.Handed;
        return new(new(state.Topic, state.Payload) { Retain = true }, state, state.Version);
    }

    /// <summary>What is left of its life; null for ever.</summary>
    public TimeSpan? Left(Owed owed) => owed.Message.Expiry - clock.GetElapsedTime(owed.ToldAt);

    /// <summary>The library has it under this number.</summary>
    public void Hand(Owed owed, int id)
    {
        owed.HandedAt = clock.GetTimestamp();
        _handed[id] = owed;
        if (owed.State is null)
            _eventsHanded++;
    }

    /// <summary>The broker has it.</summary>
    public void Confirm(int id)
    {
        if (Take(id) is not { State: { } state } owed)
            return;
        state.Place = Place.Confirmed;
        state.Broke = 0;
        if (state.Version != owed.Version)
            Enqueue(state);
        else if (state.Payload.Length == 0)
            _states.Remove(state.Topic);
    }

    /// <summary>The broker will not have it: an event is lost, a state waits for <see cref="RetryRefused"/>.</summary>
    /// <returns>Its topic.</returns>
    public string? Refuse(int id)
    {
        var owed = Take(id);
        if (owed is not null)
            Refuse(owed);
        return owed?.Message.Topic;
    }

    /// <summary>As <see cref="Refuse(int)"/>, by the library already.</summary>
    public void Refuse(Owed owed)
    {
        _careful = _refusedSince = true;
        if (owed.State is { } state)
            state.Place = Place.Refused;
        else
            Dropped++;
    }

    public void RetryRefused()
    {
        _careful &= _refusedSince;
        _refusedSince = false;
        foreach (var state in _states.Values.Where(state => state.Place == Place.Refused))
            Enqueue(state);
    }

    /// <summary>
    /// A new line: what the former one did not confirm comes first, then every other state. A session that the broker remembers says
    /// nothing about its retained messages: mosquitto saves both each half hour, and a killed one comes back with old states.
    /// </summary>
    /// <param name="restless">The broker hung up soon after its welcome, and not for the first time.</param>
    /// <returns>The topic that it seems to hang up on, if any.</returns>
    public string? Restart(bool restless = false)
    {
        var suspect = restless ? Suspect() : null;
        foreach (var owed in _handed.Values.Where(owed => owed.State is null).OrderByDescending(owed => owed.Number))
            _events.AddFirst(owed);
        _handed.Clear();
        _eventsHanded = 0;
        _changed.Clear();
        foreach (var state in _states.Values.Where(state => state.Place != Place.Refused).OrderBy(state => state.Place == Place.Confirmed).ToList())
        {
            state.Place = Place.Confirmed;
            Enqueue(state);
        }
        return suspect;
    }

    private string? Suspect()
    {
        var alone = _careful && _handed.Count == 1 ? _handed.Single() : default;
        _careful = _refusedSince = true;
        if (alone.Value is not { } owed || (owed.State is { } state ? ++state.Broke : ++owed.Broke) < Breaks)
            return null;
        return Refuse(alone.Key);
    }

    private Owed? Take(int id)
    {
        if (!_handed.Remove(id, out var owed))
            return null;
        if (owed.State is null)
            _eventsHanded--;
        return owed;
    }

    /// <summary>Two of one topic are never under way at once; what changes meanwhile goes when the first is settled.</summary>
    private void Enqueue(State state)
    {
        if (state.Place is Place.Changed or Place.Handed)
            return;
        state.Place = Place.Changed;
        _changed.Enqueue(state);
    }

    internal enum Place
    {
        New,
        Changed,
        Handed,
        Confirmed,
        Refused,
    }

    internal sealed class State(string topic)
    {
        public string Topic => topic;
        public byte[] Payload { get; set; } = [];
        public long Version { get; set; }
        public Place Place { get; set; }

        /// <summary>How often the broker hung up on it.</summary>
        public int Broke { get; set; }
    }

    /// <param name="State">Null for an event.</param>
    /// <param name="Version">Of the state, when it was taken.</param>
    internal sealed record Owed(MqttMessage Message, State? State, long Version)
    {
        /// <summary>By the clock's timestamp.</summary>
        public long ToldAt { get; init; }

        public long HandedAt { get; set; }

        /// <summary>As <see cref="State.Broke"/>, of an event.</summary>
        public int Broke { get; set; }

        /// <summary>Order among events.</summary>
        public long Number { get; init; }
    }
}
