using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Conformance;

/// <summary>
/// A million frames with something wrong in them, over real WebSockets in memory: nothing crashes, nothing leaks, and the charger beside
/// is served all the while.
/// </summary>
public sealed class OcppFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20_250_401;
    private const int Frames = 1_000_000;
    private const int FramesPerBatch = 500;

    // Mostly in binary, which the WebSocket does not look into: the rubbish is to reach us. A text that is no UTF-8 ends the line.
    private const int OneTextOf = 2_000;
    // Other tests run beside this one, so the bound is wide; it is still but a quarter of a kilobyte a frame.
    private const long MaxGrowthBytes = 256 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Bad_frames_crash_nothing_leak_nothing_and_leave_the_others_served()
    {
        var neighbour = new Neighbour();
        var attacks = OcppSchemas.Versions.Select((version, n) => new Attack(version, Seed + n)).ToList();
        // What is made once, such as the pool's buffers, is made in the first tenth.
        await Task.WhenAll(attacks.Select(a => a.SendAsync(Frames / 10 / attacks.Count)));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Task.WhenAll(attacks.Select(a => a.SendAsync(Frames * 9 / 10 / attacks.Count)));
        await Task.WhenAll(attacks.Select(a => a.EndAsync()));
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;

        foreach (var attack in attacks) output.WriteLine(attack.Report);
        var heartbeats = await neighbour.EndAsync();
        output.WriteLine($"seed {Seed}; the charger beside had {heartbeats} heartbeats answered; memory grew by {growth / 1024} KiB");
        foreach (var attack in attacks)
        {
            Assert.True(attack.Unforeseen.IsEmpty, $"{attack.Report}\n{string.Join('\n', attack.Unforeseen.Take(3))}");
            Assert.True(attack.Answers > Frames / 10 / attacks.Count, $"hardly anything was answered: {attack.Report}");
            Assert.True(attack.LinesAlive <= 1, $"{attack.LinesAlive} ended connections are still held: {attack.Report}");
        }
        Assert.True(heartbeats > attacks.Count, $"the charger beside had {heartbeats} heartbeats answered (seed {Seed})");
        Assert.True(growth < MaxGrowthBytes, $"memory grew by {growth} bytes (seed {Seed})");
    }

    [Theory]
    [InlineData("1.6")]
    [InlineData("2.1")]
    public void Bad_answers_to_our_calls_are_understood_or_refused_and_nothing_else(string version)
    {
        var schemas = OcppSchemas.Of(version);
        var (understood, refused) = (0, 0);
        foreach (var action in schemas.Ours.Actions.Where(a => a.ResponseType is not null && a.Sender.HasFlag(Party.Csms)))
        {
            var schema = schemas.Get(action, response: true);
            var right = Enum.GetValues<OptionalMembers>()
                .Select((members, n) => Encoding.UTF8.GetBytes(new SchemaInstances(members, n, longTexts: false).Make(schema).ToJsonString())).ToList();
            var mutator = new FrameMutator(right, Seed);
            for (var n = 0; n < 1_000; n++)
            {
                var answer = mutator.Next();
                try
                {
                    ((dynamic)action).ReadResponse(answer);
                    understood++;
                }
                catch (OcppException)
                {
                    refused++;
                }
                catch (Exception e)
                {
                    Assert.Fail($"{action} (seed {Seed}): {Encoding.UTF8.GetString(answer.Span)}\n{e}");
                }
            }
        }
        Assert.True(understood > 1_000 && refused > 1_000, $"{understood} understood, {refused} refused");
    }

    /// <summary>One charger that sends rubbish, and comes back whenever its line has ended.</summary>
    private sealed class Attack : ILineTap
    {
        private readonly OcppSchemas _schemas;
        private readonly string _version;
        private readonly FrameMutator _mutator;
        private readonly CallHandler _handler;
        private readonly List<WeakReference> _lines = [];
        private readonly byte[] _batch = new byte[4 * 1024 * 1024];
        private readonly Dictionary<LineEndCause, int> _ends = [];
        private Connection? _connection;
        private readonly Random _chance;
        private int _batches;
        private volatile int _received;
        private volatile int _answers;

        public Attack(string version, int seed)
        {
            _version = version;
            _schemas = OcppSchemas.Of(version);
            var frames = _schemas.Ours.Actions.Where(a => a.Sender.HasFlag(Party.Station)).SelectMany(a => Valid(_schemas, a)).ToList();
            (_mutator, _chance) = (new FrameMutator(frames, seed), new Random(seed));
            var router = new CallRouter<int>(_schemas.Ours);
            foreach (var action in _schemas.Ours.Actions.Where(a => a.Sender.HasFlag(Party.Station))) Serve(router, (dynamic)action);
            _handler = (call, cancel) => router.HandleAsync(0, call, cancel);
        }

        /// <summary>What no handler and no reader should have thrown.</summary>
        public ConcurrentQueue<string> Unforeseen { get; } = new();

        public int Answers => _answers;

        public int LinesAlive => _lines.Count(l => l.IsAlive);

        public string Report =>
            $"{_version}: {_received} frames, {_answers} answers, {_lines.Count} connections, ended by {string.Join(", ", _ends.Select(e => $"{e.Key} {e.Value}"))}";

        /// <summary>Until so many frames more have reached the other side; those behind the end of a line do not count.</summary>
        public async Task SendAsync(int count)
        {
            for (var enough = _received + count; _received < enough;) await SendBatchAsync();
        }

        public async Task EndAsync()
        {
            if (_connection is not null) await EndAsync(_connection);
            _connection = null;
        }

        void ILineTap.OnFrame(in TappedFrame frame)
        {
            // The two are counted on loops of their own.
            if (frame.Direction == FrameDirection.Sent) _answers++;
            else _received++;
        }

        void ILineTap.OnTrouble(LineTrouble trouble)
        {
            if (trouble.Kind == LineTroubleKind.HandlerFailed) Unforeseen.Enqueue($"{trouble.Detail}\n{trouble.Cause}");
        }

        // Some frames end the line, as they should: a text that is no UTF-8, a message that is too long. What came behind is lost with it.
        private async Task SendBatchAsync()
        {
            _connection ??= Connect();
            var length = 0;
            for (var n = 0; n < FramesPerBatch; n++)
            {
                var frame = _mutator.Next().Span;
                length += Write(frame, _batch.AsSpan(length), isText: _chance.Next(OneTextOf) == 0);
            }
            var sync = $"sync-{_batches++}";
            length += Write(Encoding.UTF8.GetBytes($$"""[2,"{{sync}}","Heartbeat",{}]"""), _batch.AsSpan(length), isText: false);
            var heard = _connection.HeardAsync(sync);
            await _connection.Bytes.WriteAsync(_batch.AsMemory(0, length)).AsTask().WaitAsync(Patience);
            if (await heard.WaitAsync(Patience)) return;
            await EndAsync(_connection);
            _connection = null;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private Connection Connect()
        {
            var connection = new Connection(_schemas.Version, _handler, this);
            _lines.Add(new WeakReference(connection.Line));
            return connection;
        }

        private async Task EndAsync(Connection connection)
        {
            var end = await connection.EndAsync().WaitAsync(Patience);
            _ends[end.Cause] = _ends.GetValueOrDefault(end.Cause) + 1;
        }

        // A client's frame as RFC 6455 has it, with a mask of zeros.
        private static int Write(ReadOnlySpan<byte> message, Span<byte> bytes, bool isText)
        {
            bytes[0] = (byte)(isText ? 0x81 : 0x82);
            var header = 2;
            if (message.Length < 126) bytes[1] = (byte)(0x80 | message.Length);
            else if (message.Length <= ushort.MaxValue)
            {
                bytes[1] = 0x80 | 126;
                BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)message.Length);
                header = 4;
            }
            else
            {
                bytes[1] = 0x80 | 127;
                BinaryPrimitives.WriteUInt64BigEndian(bytes[2..], (ulong)message.Length);
                header = 10;
            }
            bytes.Slice(header, 4).Clear();
            message.CopyTo(bytes[(header + 4)..]);
            return header + 4 + message.Length;
        }

        private static IEnumerable<byte[]> Valid(OcppSchemas schemas, OcppAction action)
        {
            var schema = schemas.Get(action, response: false);
            for (var variant = 0; variant < 3; variant++)
            {
                var json = new SchemaInstances((OptionalMembers)variant, variant, longTexts: false).Make(schema).ToJsonString();
                yield return Encoding.UTF8.GetBytes($"""[{(action.ResponseType is null ? 6 : 2)},"id-{variant}","{action.Name}",{json}]""");
            }
        }

        private static void Serve<TRequest, TResponse>(CallRouter<int> router, OcppAction<TRequest, TResponse> action)
            where TRequest : class
            where TResponse : class
        {
            var response = (TResponse)RuntimeHelpers.GetUninitializedObject(typeof(TResponse));
            router.On(action, (_, _, _) => ValueTask.FromResult(response));
        }

        private static void Serve<TMessage>(CallRouter<int> router, OcppSend<TMessage> send) where TMessage : class =>
            router.On(send, (_, _, _) => ValueTask.CompletedTask);
    }

    private sealed class Connection
    {
        private readonly WebSocket _client;
        private readonly Task<LineEnd> _end;
        private readonly Task _reading;
        private TaskCompletionSource<bool> _heard = new();
        private byte[] _awaited = [];

        public Connection(OcppVersion version, CallHandler handler, ILineTap tap)
        {
            (var served, _client, Bytes) = InProcessWebSockets.Pair();
            Line = new RpcConnection(served, version, handler, new() { MessageIdPrefix = "f" }, TimeProvider.System, tap);
            _end = Task.Run(() => Line.RunAsync(CancellationToken.None));
            _reading = ReadAsync();
        }

        public RpcConnection Line { get; }

        public Stream Bytes { get; }

        /// <summary>True once this is answered, false if the line has ended instead.</summary>
        public Task<bool> HeardAsync(string id)
        {
            var heard = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _awaited, Encoding.UTF8.GetBytes($"[3,\"{id}\""));
            Volatile.Write(ref _heard, heard);
            if (_reading.IsCompleted) heard.TrySetResult(false);
            return heard.Task;
        }

        public async Task<LineEnd> EndAsync()
        {
            Line.Abort("done");
            var end = await _end;
            _client.Dispose();
            await _reading;
            return end;
        }

        private async Task ReadAsync()
        {
            var buffer = new byte[FrameLimits.MessageBytes];
            try
            {
                while (true)
                {
                    var received = await _client.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                    if (received.MessageType == WebSocketMessageType.Close) break;
                    if (buffer.AsSpan(0, received.Count).StartsWith(Volatile.Read(ref _awaited))) Volatile.Read(ref _heard).TrySetResult(true);
                }
            }
            catch (WebSocketException)
            {
                // The line was dropped.
            }
            Volatile.Read(ref _heard).TrySetResult(false);
        }
    }

    /// <summary>A charger that behaves, beside the others.</summary>
    private sealed class Neighbour
    {
        private readonly RpcConnection _station;
        private readonly Task _serving;
        private readonly Task<int> _beating;
        private volatile bool _enough;

        public Neighbour()
        {
            var (served, client, _) = InProcessWebSockets.Pair();
            var router = new CallRouter<int>(V16Actions.All)
                .On(V16Actions.Heartbeat, (_, _, _) => ValueTask.FromResult(new HeartbeatResponse { CurrentTime = DateTimeOffset.UnixEpoch }));
            var csms = new RpcConnection(served, OcppVersion.V16, (c, cancel) => router.HandleAsync(0, c, cancel), new() { MessageIdPrefix = "c" }, TimeProvider.System);
            _station = new RpcConnection(client, OcppVersion.V16, (_, _) => default, new() { MessageIdPrefix = "s" }, TimeProvider.System);
            _serving = Task.WhenAll(csms.RunAsync(default), _station.RunAsync(default));
            _beating = Task.Run(BeatAsync);
        }

        public async Task<int> EndAsync()
        {
            _enough = true;
            var answered = await _beating.WaitAsync(Patience);
            _station.Abort("done");
            await _serving.WaitAsync(Patience);
            return answered;
        }

        private async Task<int> BeatAsync()
        {
            var answered = 0;
            while (!_enough)
            {
                var answer = await _station.CallAsync(V16Actions.Heartbeat, new(), default);
                Assert.True(answer.Succeeded, $"{answer.Outcome}");
                answered++;
                // At its own pace: it is there to be served, not to take the others' time.
                await Task.Delay(1);
            }
            return answered;
        }
    }
}
