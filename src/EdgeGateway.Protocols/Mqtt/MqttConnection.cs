using System.Runtime.InteropServices;
using System.Threading.Channels;
using EdgeGateway.Protocols.Mqtt.Native;

namespace EdgeGateway.Protocols.Mqtt;

/// <summary>
/// A connection to a broker that is kept up for as long as it is not disposed, whatever the broker does: there is no failure after which it is not
/// tried again. States reach the broker as they are now, events in their order; an event may come twice after a line broke
/// (QoS 1), and is lost only where <see cref="MqttOptions.EventLimit"/> or its own expiry says so. Safe for several threads.
/// </summary>
public sealed class MqttConnection : IAsyncDisposable, MqttLine.Owner
{
    /// <summary>After this <see cref="DisposeAsync"/> leaves the thread to itself.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(1.7);

    /// <summary>The same without a line: the system's connect towards a silent host cannot be called back, and there is nobody to take leave of.</summary>
    private static readonly TimeSpan EndOfflineWithin = TimeSpan.FromSeconds(0.3);

    private readonly MqttOptions _options;
    private readonly TimeProvider _clock;
    private readonly string _library;
    private readonly MqttPace _pace;
    private readonly MqttOutbox _outbox;
    private readonly MqttSubscriptions _subscriptions = new();
    private readonly Wakeup _wakeup = new();
    private readonly Lock _gate = new();
    private readonly Channel<MqttMessage> _heard = Channel.CreateBounded<MqttMessage>(new BoundedChannelOptions(MqttLimits.Inbound) { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _handling = Task.CompletedTask;
    private MqttLink _link;
    private long _droppedIn;
    private bool _started;
    private bool _connectedOnce;
    private long? _stopping;

    /// <exception cref="ArgumentException"><see cref="MqttOptions.Fault"/>.</exception>
    public MqttConnection(MqttOptions options, TimeProvider clock, Random? random = null)
        : this(options, clock, new MqttPace(options, clock, random ?? new Random()))
    {
    }

    /// <param name="library">Another name than the true one, so that it is missing.</param>
    internal MqttConnection(MqttOptions options, TimeProvider clock, MqttPace pace, string? library = null)
    {
        if (options.Fault() is { } fault)
            throw new ArgumentException(fault, nameof(options));
        (_options, _clock, _pace, _library) = (options, clock, pace, library ?? Mosquitto.Library);
        _outbox = new(options.EventLimit, options.StateLimit, clock);
        _link = new() { State = MqttState.Connecting, Since = clock.GetUtcNow() };
    }

    /// <summary>How it stands now.</summary>
    public MqttLink Link
    {
        get
        {
            lock (_gate)
                return _link with { Dropped = _outbox.Dropped, DroppedIn = _droppedIn, Waiting = _outbox.Waiting };
        }
    }

    /// <summary>On each connect, with whether the broker remembered our session; on the connection's thread, so it must not block.</summary>
    public Action<bool>? Connected { get; set; }

    /// <summary>When the state or its reason changed; on the connection's thread, so it must not block.</summary>
    public Action<MqttLink>? LinkChanged { get; set; }

    /// <summary>What one of our owner's handlers threw. The connection goes on.</summary>
    public Action<Exception>? Failed { get; set; }

    /// <summary>Returns at once; what happens is told by <see cref="LinkChanged"/>.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_started || _stopping is not null)
                return;
            _started = true;
        }
        _handling = Task.Run(HandleAsync);
        new Thread(Run) { IsBackground = true, Name = "mqtt" }.Start();
    }

    /// <summary>What a topic says now, retained. While the broker is away only the newest is kept; what did not change is not sent.</summary>
    /// <param name="payload">At most <see cref="MqttLimits.Payload"/>, not empty; copied.</param>
    /// <returns>False when topic, payload or the number of topics break a limit.</returns>
    public bool Set(string topic, ReadOnlyMemory<byte> payload) =>
        MqttLimits.IsTopic(topic) && payload.Length is > 0 and <= MqttLimits.Payload && Owe(outbox => outbox.Set(topic, payload.Span));

    /// <summary>Takes a retained message off the broker, whoever put it there.</summary>
    /// <returns>As <see cref="Set"/>.</returns>
    public bool Clear(string topic) => MqttLimits.IsTopic(topic) && Owe(outbox => outbox.Set(topic, []));

    /// <summary>An event. It is kept until the broker has confirmed it; at <see cref="MqttOptions.EventLimit"/> the oldest is dropped.</summary>
    /// <returns>False when it breaks a limit.</returns>
    public bool Tell(MqttMessage message) => MqttLimits.Allows(message) && Owe(outbox =>
    {
        outbox.Tell(message);
        return true;
    });

    /// <summary>
    /// On this and every later line. The handler runs on a worker, one message at a time, and must not block: while it does,
    /// <see cref="MqttLimits.Inbound"/> messages wait, and the next are dropped and counted.
    /// </summary>
    /// <exception cref="ArgumentException">No filter of MQTT, or more than <see cref="MqttLimits.Subscriptions"/>.</exception>
    public void Subscribe(string filter, Action<MqttMessage> handler)
    {
        lock (_gate)
            _subscriptions.Add(filter, handler);
        _wakeup.Signal();
    }

    /// <summary>Sends what waits, for a second at most, then DISCONNECT; ends within two seconds whatever the broker does.</summary>
    public async ValueTask DisposeAsync()
    {
        bool started, online;
        lock (_gate)
        {
            if (_stopping is not null)
                return;
            // First of all, so that the end of the line is not taken for a loss.
            _stopping = _clock.GetTimestamp();
            (started, online) = (_started, _link.State == MqttState.Online);
        }
        if (!started)
        {
            _wakeup.Dispose();
            return;
        }
        _wakeup.Signal();
        await Within(_ended.Task, online ? EndWithin : EndOfflineWithin);
        _heard.Writer.TryComplete();
        await Within(_handling, TimeSpan.FromMilliseconds(200));
    }

    Lock MqttLine.Owner.Gate => _gate;
    MqttOutbox MqttLine.Owner.Outbox => _outbox;
    MqttSubscriptions MqttLine.Owner.Subscriptions => _subscriptions;
    long? MqttLine.Owner.Stopping => Stopping;

    bool MqttLine.Owner.Restless => _pace.Restless;

    void MqttLine.Owner.Welcome(bool five, bool sessionPresent)
    {
        _pace.Welcomed(five);
        Become(MqttState.Online, "", five);
        Guard(() => Connected?.Invoke(sessionPresent));
    }

    void MqttLine.Owner.Hear(MqttMessage? message)
    {
        if (message is null || !_heard.Writer.TryWrite(message))
            Interlocked.Increment(ref _droppedIn);
    }

    void MqttLine.Owner.Denied(string? why) => Become(MqttState.Online, why ?? "", _link.Version == "5");

    private long? Stopping
    {
        get
        {
            lock (_gate)
                return _stopping;
        }
    }

    private bool Owe(Func<MqttOutbox, bool> what)
    {
        lock (_gate)
        {
            if (_stopping is not null || !what(_outbox))
                return false;
        }
        _wakeup.Signal();
        return true;
    }

    private void Run()
    {
        try
        {
            while (Stopping is null)
            {
                if (!NativeLibrary.TryLoad(_library, typeof(Mosquitto).Assembly, null, out _))
                {
                    Become(MqttState.Unavailable, $"{_library} is not installed: install libmosquitto1");
                    Pause(_options.RetryAtMost);
                    continue;
                }
                Pause(Attempt());
            }
        }
        finally
        {
            Become(MqttState.Offline, "switched off");
            _wakeup.Dispose();
            _ended.TrySetResult();
        }
    }

    /// <returns>The pause until the next.</returns>
    private TimeSpan Attempt()
    {
        var five = _pace.Five;
        var line = new MqttLine(_options, _clock, _wakeup, this);
        MqttFailure? failure;
        try
        {
            failure = line.Run(five);
        }
        catch (Exception fault)
        {
            // Whatever it was, the thread must not die of it silently and leave the broker without us (FIELD pain 5).
            Failed?.Invoke(fault);
            failure = new(fault is EntryPointNotFoundException ? $"{_library} is too old: 2.0 or newer is needed" : fault.Message, NeedsPeople: true);
        }
        if (failure is null)
            return TimeSpan.Zero;
        var pause = _pace.After(failure, five, line.Online);
        // Before an attempt in the other version nothing has failed yet.
        if (pause > TimeSpan.Zero)
            Become(failure.NeedsPeople ? MqttState.Refused : MqttState.Offline, _pace.Restless ? MqttReasons.Restless(failure, _options) : failure.Why);
        return pause;
    }

    private void Pause(TimeSpan pause)
    {
        if (pause <= TimeSpan.Zero)
            return;
        // Not judged by the time that has passed: a timer may be early by a hair, and there is no second one.
        var over = false;
        using var timer = _clock.CreateTimer(
            _ =>
            {
                Volatile.Write(ref over, true);
                _wakeup.Signal();
            },
            null, pause, Timeout.InfiniteTimeSpan);
        while (Stopping is null && !Volatile.Read(ref over))
            _wakeup.Wait(-1, write: false, milliseconds: -1);
    }

    private void Become(MqttState state, string why, bool five = false)
    {
        MqttLink link;
        lock (_gate)
        {
            var former = _link;
            if (former.State == state && former.Why == why)
                return;
            var again = state == MqttState.Online && former.State != MqttState.Online;
            _link = former with
            {
                State = state,
                Why = why,
                Since = former.State == state ? former.Since : _clock.GetUtcNow(),
                Version = state != MqttState.Online ? null : five ? "5" : "3.1.1",
                Reconnects = former.Reconnects + (again && _connectedOnce ? 1 : 0),
            };
            _connectedOnce |= again;
        }
        link = Link;
        Guard(() => LinkChanged?.Invoke(link));
    }

    private async Task HandleAsync()
    {
        await foreach (var message in _heard.Reader.ReadAllAsync())
        {
            foreach (var handler in _subscriptions.HandlersOf(message.Topic))
            {
                if (Stopping is null)
                    Guard(() => handler(message));
            }
        }
    }

    private void Guard(Action what)
    {
        try
        {
            what();
        }
        catch (Exception fault)
        {
            Failed?.Invoke(fault);
        }
    }

    private async Task Within(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, _clock);
        }
        catch (TimeoutException)
        {
            // It ends by itself; nobody waits for it.
        }
    }
}
