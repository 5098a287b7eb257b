using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeGateway.Protocols.Mqtt.Native;

/// <summary>
/// One attempt to reach the broker and the line that comes of it. A new one for each attempt: what the library still holds of a lost line
/// (old states, a TLS context with yesterday's certificate) would be sent before anything of ours.
/// All of it, callbacks too, happens on the one thread that calls <see cref="Step"/>, so callbacks only take notes.
/// </summary>
internal sealed unsafe class MosquittoClient : IDisposable
{
    private static readonly Lazy<int> Initialised = new(Mosquitto.Initialise);

    /// <summary>Lines of the library's log that are kept to explain a failure.</summary>
    private const int NoteLimit = 16;

    private readonly bool _five;
    private readonly List<string> _notes = [];
    private GCHandle _self;
    private nint _client;
    private Exception? _fault;

    public MosquittoClient(MqttOptions options, bool five)
    {
        _five = five;
        if (Initialised.Value != 0)
            throw new InvalidOperationException($"mosquitto_lib_init failed ({Initialised.Value})");
        _self = GCHandle.Alloc(this);
        _client = Mosquitto.New(options.ClientId, cleanStart: false, GCHandle.ToIntPtr(_self));
        if (_client == 0)
        {
            _self.Free();
            throw new InvalidOperationException("mosquitto_new failed");
        }
    }

    /// <summary>The broker's answer to CONNECT; null until it came. 0 is welcome.</summary>
    public int? ConnectReason { get; private set; }

    public bool SessionPresent { get; private set; }

    /// <summary>Why the line ended: a reason code of the broker (from 128) or an error of the library.</summary>
    public int? DisconnectReason { get; private set; }

    /// <summary>Publishes that the broker confirmed or refused (from 128), since they were last taken away.</summary>
    public List<(int Id, int Reason)> Confirmed { get; } = [];

    /// <summary>As <see cref="Confirmed"/>, of subscriptions.</summary>
    public List<(int Id, int Reason)> Subscribed { get; } = [];

    public List<MqttMessage> Heard { get; } = [];

    /// <summary>Messages that broke a limit.</summary>
    public int Unheard { get; set; }

    /// <summary>Errors and warnings that the library wrote, newest last.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>errno of the last <see cref="Connect"/> or <see cref="Step"/> that failed.</summary>
    public int Errno { get; private set; }

    /// <summary>Everything before CONNECT.</summary>
    /// <returns>Null when all of it was taken; else what was not. Then nothing may be connected: the library would go out in plain text, with the password.</returns>
    public string? SetUp(MqttOptions options)
    {
        if (Mosquitto.SetOption(_client, Mosquitto.OptionProtocolVersion, _five ? 5 : 4) is not 0 and var version)
            return $"the library refuses the protocol version ({version})";
        if (Mosquitto.SetOption(_client, Mosquitto.OptionNoDelay, 1) is not 0 and var delay)
            return $"the library refuses its options ({delay})";
        Mosquitto.OnConnect(_client, &Connected);
        Mosquitto.OnDisconnect(_client, &Disconnected);
        Mosquitto.OnPublish(_client, &Published);
        Mosquitto.OnMessage(_client, &MessageCame);
        Mosquitto.OnSubscribe(_client, &SubscriptionAnswered);
        Mosquitto.OnLog(_client, &Logged);
        if (options.IsSecure && MosquittoTls.SetUp(_client, options) is { } insecure)
            return insecure;
        if (options.Username is not null && Mosquitto.SetLogin(_client, options.Username, options.Password) is not 0 and var login)
            return $"the library refuses user and password ({login})";
        return options.Will is null ? null : SetWill(options.Will);
    }

    /// <summary>Resolves, connects and sends CONNECT; blocks as long as the system's connect does (two minutes towards a silent host).</summary>
    /// <returns>An error of the library; see <see cref="Errno"/>.</returns>
    public int Connect(MqttOptions options)
    {
        nint properties = 0;
        try
        {
            if (_five)
            {
                Check(Mosquitto.Add(ref properties, Mosquitto.PropertySessionExpiry, (uint)Math.Clamp(options.SessionExpiry.TotalSeconds, 0, uint.MaxValue - 1d)));
                // The library would take 256 MiB into memory (S5): the broker is told not to send it.
                Check(Mosquitto.Add(ref properties, Mosquitto.PropertyMaximumPacketSize, MqttLimits.Payload + (16 * 1024)));
            }
            var result = Mosquitto.Connect(_client, options.Broker.IdnHost, options.Port, (int)options.KeepAlive.TotalSeconds, null, properties);
            Errno = Marshal.GetLastPInvokeError();
            Rethrow();
            return result;
        }
        finally
        {
            Mosquitto.Free(ref properties);
        }
    }

    /// <summary>Waits for the line or a signal, then lets the library read, write and keep the line alive.</summary>
    /// <returns>0 while the line stands; else an error of the library.</returns>
    public int Step(Wakeup wakeup, int milliseconds)
    {
        var socket = Mosquitto.Socket(_client);
        if (socket < 0)
            return Mosquitto.ErrorNoConnection;
        wakeup.Wait(socket, Mosquitto.WantsToWrite(_client), milliseconds);
        // Read also without news: during a TLS handshake it is what goes on, and nothing to read costs one call.
        var result = Mosquitto.Read(_client, 1);
        Errno = Marshal.GetLastPInvokeError();
        if (result == 0 && Mosquitto.Socket(_client) >= 0 && Mosquitto.WantsToWrite(_client))
        {
            result = Mosquitto.Write(_client, 1);
            Errno = Marshal.GetLastPInvokeError();
        }
        if (result == 0 && Mosquitto.Socket(_client) >= 0)
        {
            result = Mosquitto.KeepAlive(_client);
            Errno = Marshal.GetLastPInvokeError();
        }
        Rethrow();
        return result == 0 && Mosquitto.Socket(_client) < 0 ? Mosquitto.ErrorNoConnection : result;
    }

    /// <param name="expiry">What is left of the message's.</param>
    /// <returns>0, or an error of the library. <paramref name="id"/> comes back in <see cref="Confirmed"/>.</returns>
    public int Publish(MqttMessage message, TimeSpan? expiry, out int id)
    {
        nint properties = 0;
        id = 0;
        try
        {
            if (_five && Add(ref properties, message, expiry) is not 0 and var refused)
                return refused;
            fixed (byte* payload = message.Payload.Span)
                return Mosquitto.Publish(_client, out id, message.Topic, message.Payload.Length, payload, qos: 1, message.Retain, properties);
        }
        finally
        {
            Mosquitto.Free(ref properties);
        }
    }

    public int Subscribe(string filter, out int id) => Mosquitto.Subscribe(_client, out id, filter, qos: 1, options: 0, properties: 0);

    /// <summary>DISCONNECT goes out with the next steps, and then the line ends; the broker throws the will away.</summary>
    public int Disconnect() => Mosquitto.Disconnect(_client, reason: 0, properties: 0);

    public void Dispose()
    {
        if (_client == 0)
            return;
        Mosquitto.Destroy(_client);
        _client = 0;
        _self.Free();
    }

    private string? SetWill(MqttMessage will)
    {
        nint properties = 0;
        if (_five)
            Check(Mosquitto.Add(ref properties, Mosquitto.PropertyWillDelay, 0));
        int result;
        fixed (byte* payload = will.Payload.Span)
            result = Mosquitto.SetWill(_client, will.Topic, will.Payload.Length, payload, qos: 1, will.Retain, properties);
        if (result == 0)
            return null;
        // What is taken belongs to the library, what is refused to us.
        Mosquitto.Free(ref properties);
        return $"the library refuses the last will ({result})";
    }

    private static int Add(ref nint properties, MqttMessage message, TimeSpan? expiry)
    {
        var result = 0;
        if (expiry is { } left)
            result = Mosquitto.Add(ref properties, Mosquitto.PropertyMessageExpiry, (uint)Math.Clamp(Math.Ceiling(left.TotalSeconds), 1, uint.MaxValue));
        if (result == 0 && message.ContentType is not null)
            result = Mosquitto.Add(ref properties, Mosquitto.PropertyContentType, message.ContentType);
        if (result == 0 && message.ResponseTopic is not null)
            result = Mosquitto.Add(ref properties, Mosquitto.PropertyResponseTopic, message.ResponseTopic);
        if (result != 0 || message.CorrelationData.IsEmpty)
            return result;
        fixed (byte* data = message.CorrelationData.Span)
            return Mosquitto.Add(ref properties, Mosquitto.PropertyCorrelationData, data, (ushort)message.CorrelationData.Length);
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new InvalidOperationException($"libmosquitto refuses a property ({result})");
    }

    private void Rethrow()
    {
        if (_fault is { } fault)
            throw new InvalidOperationException("A message could not be taken from the library.", fault);
    }

    private static MosquittoClient Self(nint user) => (MosquittoClient)GCHandle.FromIntPtr(user).Target!;

    /// <summary>A managed exception that leaves a callback ends the process, so each keeps its own, and <see cref="Step"/> throws it.</summary>
    private void Keep(Exception fault) => _fault ??= fault;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Connected(nint client, nint user, int reason, int flags, nint properties)
    {
        var self = Self(user);
        self.ConnectReason = reason;
        self.SessionPresent = (flags & 1) != 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Disconnected(nint client, nint user, int reason, nint properties) => Self(user).DisconnectReason ??= reason;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Published(nint client, nint user, int id, int reason, nint properties)
    {
        var self = Self(user);
        try
        {
            self.Confirmed.Add((id, reason));
        }
        catch (Exception fault)
        {
            self.Keep(fault);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void SubscriptionAnswered(nint client, nint user, int id, int count, int* granted, nint properties)
    {
        var self = Self(user);
        try
        {
            self.Subscribed.Add((id, count > 0 ? granted[0] : MqttReasons.FirstRefusal));
        }
        catch (Exception fault)
        {
            self.Keep(fault);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MessageCame(nint client, nint user, MosquittoMessage* message, nint properties)
    {
        var self = Self(user);
        try
        {
            if (MosquittoReading.Read(message, properties) is { } heard)
                self.Heard.Add(heard);
            else
                self.Unheard++;
        }
        catch (Exception fault)
        {
            self.Keep(fault);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Logged(nint client, nint user, int level, byte* text)
    {
        if (level is not (Mosquitto.LogWarning or Mosquitto.LogError))
            return;
        var self = Self(user);
        try
        {
            if (self._notes.Count == NoteLimit)
                self._notes.RemoveAt(0);
            self._notes.Add(Marshal.PtrToStringUTF8((nint)text) ?? "");
        }
        catch (Exception fault)
        {
            self.Keep(fault);
        }
    }
}
