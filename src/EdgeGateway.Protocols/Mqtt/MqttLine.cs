using EdgeGateway.Protocols.Mqtt.Native;

namespace EdgeGateway.Protocols.Mqtt;

/// <summary>One line to the broker from CONNECT to its end, on the thread of the connection.</summary>
internal sealed class MqttLine(MqttOptions options, TimeProvider clock, Wakeup wakeup, MqttLine.Owner owner)
{
    /// <summary>At an end that was asked for: how long what waits may still take, and then the farewell.</summary>
    public static readonly TimeSpan DrainFor = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan FarewellFor = TimeSpan.FromSeconds(0.4);

    private long? _welcomed;
    private long _refusedTried;
    private bool _denied;

    /// <summary>How long the broker had us.</summary>
    public TimeSpan Online => _welcomed is { } since ? clock.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>What the line does with the connection it belongs to. All are called on the line's thread, outside the library.</summary>
    internal interface Owner
    {
        /// <summary>Guards the two below.</summary>
        Lock Gate { get; }
        MqttOutbox Outbox { get; }
        MqttSubscriptions Subscriptions { get; }

        /// <summary>When the end was asked for (<see cref="TimeProvider.GetTimestamp"/>).</summary>
        long? Stopping { get; }

        /// <summary>The lines before this one were cut short by the broker.</summary>
        bool Restless { get; }

        void Welcome(bool five, bool sessionPresent);
        void Hear(MqttMessage? message);

        /// <summary>What the broker does not want; null after a while without.</summary>
        void Denied(string? why);
    }

    /// <returns>Why it ended; null when that was asked for.</returns>
    public MqttFailure? Run(bool five)
    {
        using var client = new MosquittoClient(options, five);
        if (client.SetUp(options) is { } impossible)
            return new(impossible, NeedsPeople: true);
        if (client.Connect(options) is not 0 and var failed)
            return owner.Stopping is null ? MqttReasons.NotReached(failed, client.Errno, client.Notes, options) : null;
        var begun = clock.GetTimestamp();
        // Short enough to notice a broker that does not confirm; the library wants to be asked twice a second for its pings.
        var look = (int)Math.Clamp(options.ConfirmWithin.TotalMilliseconds / 4, 10, 500);
        while (true)
        {
            var result = client.Step(wakeup, look);
            Take(client);
            if (_welcomed is null && client.ConnectReason is { } reason)
            {
                if (reason != 0)
                    return MqttReasons.ConnectRefused(reason, options);
                Welcome(client, five);
            }
            if (result != 0)
                return _welcomed is null ? MqttReasons.NotAnswered(result, client.Notes, options) : MqttReasons.Lost(result, client.DisconnectReason, options);
            if (_welcomed is null)
            {
                if (owner.Stopping is not null)
                    return null;
                if (clock.GetElapsedTime(begun) > options.ConfirmWithin)
                    return MqttReasons.NoAnswer(options);
                continue;
            }
            if (Pump(client) is { } broken)
                return broken;
            if (owner.Stopping is { } since && (Waiting == 0 || clock.GetElapsedTime(since) > DrainFor))
                return Farewell(client);
        }
    }

    private int Waiting
    {
        get
        {
            lock (owner.Gate)
                return owner.Outbox.Waiting;
        }
    }

    private void Welcome(MosquittoClient client, bool five)
    {
        _welcomed = _refusedTried = clock.GetTimestamp();
        string? suspect;
        lock (owner.Gate)
        {
            suspect = owner.Outbox.Restart(owner.Restless);
            // Also where the broker remembers a session: it may have been given another access list since.
            owner.Subscriptions.Restart();
        }
        owner.Welcome(five, client.SessionPresent);
        Deny(suspect is null ? null : MqttReasons.HangsUpOn(suspect));
    }

    /// <summary>What the callbacks noted.</summary>
    private void Take(MosquittoClient client)
    {
        string? denied = null;
        lock (owner.Gate)
        {
            foreach (var (id, reason) in client.Confirmed)
            {
                if (reason < MqttReasons.FirstRefusal)
                    owner.Outbox.Confirm(id);
                else if (owner.Outbox.Refuse(id) is { } topic)
                    denied = MqttReasons.Denied("publish", topic, reason);
            }
            foreach (var (id, reason) in client.Subscribed)
            {
                var refused = reason >= MqttReasons.FirstRefusal;
                if (owner.Subscriptions.Answered(id, refused) is { } filter && refused)
                    denied = MqttReasons.Denied("subscribe to", filter, reason);
            }
        }
        client.Confirmed.Clear();
        client.Subscribed.Clear();
        foreach (var message in client.Heard)
            owner.Hear(message);
        client.Heard.Clear();
        for (; client.Unheard > 0; client.Unheard--)
            owner.Hear(null);
        Deny(denied);
    }

    private void Deny(string? why)
    {
        if (why is null)
            return;
        _denied = true;
        owner.Denied(why);
    }

    /// <summary>
    /// Gives the library what the broker is owed, as far as its small window goes. Never from the connect callback: the library sends what it
    /// is given there before what it held itself.
    /// </summary>
    private MqttFailure? Pump(MosquittoClient client)
    {
        if (clock.GetElapsedTime(_refusedTried) > options.RetryAtMost)
        {
            _refusedTried = clock.GetTimestamp();
            // Said until a whole round went by without.
            if (!_denied)
                owner.Denied(null);
            _denied = false;
            lock (owner.Gate)
            {
                owner.Outbox.RetryRefused();
                owner.Subscriptions.Restart(refusedOnly: true);
            }
        }
        string? denied = null;
        lock (owner.Gate)
        {
            while (owner.Subscriptions.Next() is { } wanted)
            {
                if (client.Subscribe(wanted.Filter, out var id) is not 0 and var failed)
                    return MqttReasons.Lost(failed, null, options);
                wanted.Id = id;
            }
            while (owner.Outbox.Handed < owner.Outbox.Window && owner.Outbox.Next() is { } owed)
            {
                var result = client.Publish(owed.Message, owner.Outbox.Left(owed), out var id);
                if (result is 0 or Mosquitto.ErrorNoConnection or Mosquitto.ErrorConnectionLost or Mosquitto.ErrorTls or Mosquitto.ErrorErrno)
                {
                    // With an error the library has taken it all the same; the line is over, and it stays with us as unconfirmed.
                    owner.Outbox.Hand(owed, id);
                    if (result != 0)
                        return MqttReasons.Lost(result, null, options);
                }
                else
                {
                    owner.Outbox.Refuse(owed);
                    denied = result == Mosquitto.ErrorOversize
                        ? $"the broker takes no message as long as the one for {owed.Message.Topic}"
                        : $"the message for {owed.Message.Topic} cannot be sent (error {result} of the library)";
                }
            }
            if (owner.Outbox.OldestHanded is { } oldest && clock.GetElapsedTime(oldest) > options.ConfirmWithin)
                return MqttReasons.NotConfirmed(options);
        }
        Deny(denied);
        return null;
    }

    /// <summary>DISCONNECT, so that the broker does not publish the will; a broker that hangs is not waited for.</summary>
    private MqttFailure? Farewell(MosquittoClient client)
    {
        if (client.Disconnect() != 0)
            return null;
        var begun = clock.GetTimestamp();
        while (client.Step(wakeup, 50) == 0 && clock.GetElapsedTime(begun) < FarewellFor)
            client.Heard.Clear();
        return null;
    }
}
