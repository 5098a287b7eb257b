using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.Simulators.Modbus;

/// <summary>
/// A bus of simulated devices behind real lines: Modbus TCP and RTU over TCP on loopback, RTU on any stream that goes both ways.
/// All lines lead to the same units. It may go down and come back at the same ports.
/// </summary>
/// <param name="clock">Of delays and figures.</param>
public sealed class SimulatedModbusServer(TimeProvider clock) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<byte, SimulatedUnit> _units = new();
    private readonly ConcurrentDictionary<ModbusLine, Task> _lines = new();
    private readonly List<Door> _doors = [];
    private long _opened;

    /// <summary>The slowness of the wire; null: none. Of Modbus TCP only its latency and the request's time.</summary>
    public ModbusPace? Pace { get; set; }

    /// <summary>The adapter hears itself: every RTU request comes back before its answer (RS-485 without a muted receiver).</summary>
    public bool Echoes { get; set; }

    /// <summary>What a Modbus TCP server says for a unit that it does not have (gateways: 10 or 11); null: nothing. On RTU nobody says anything.</summary>
    public byte? AbsentException { get; set; }

    /// <summary>Connections of one port at a time; one more is closed at once (FIELD pain 17).</summary>
    public int MostConnections { get; set; } = int.MaxValue;

    /// <summary>Lines that are open now.</summary>
    public int Lines => _lines.Count;

    /// <summary>Lines that ever were.</summary>
    public long LinesOpened => Interlocked.Read(ref _opened);

    /// <summary>Requests that reached any unit.</summary>
    public long Requests => _units.Values.Sum(u => u.Requests);

    /// <summary>The unit of this address, made if it is not there.</summary>
    public SimulatedUnit Unit(byte address) => _units.GetOrAdd(address, static (a, clock) => new(a, clock), clock);

    /// <summary>The unit is taken off the bus.</summary>
    public void Remove(byte address) => _units.TryRemove(address, out _);

    /// <summary>Opens a Modbus TCP port on loopback.</summary>
    /// <param name="port">0: the system chooses.</param>
    /// <returns>The port.</returns>
    public int ListenTcp(int port = 0) => Listen(port, isRtu: false);

    /// <summary>Opens a port on loopback that carries RTU frames, as a transparent serial server does.</summary>
    public int ListenRtuOverTcp(int port = 0) => Listen(port, isRtu: true);

    /// <summary>Serves RTU on a stream until it ends; the stream is closed then.</summary>
    public Task ServeRtuAsync(Stream stream) => Serve(stream, isRtu: true);

    /// <summary>Closes every line that is open; new ones are taken.</summary>
    public async Task CutLinesAsync()
    {
        foreach (var (line, served) in _lines)
        {
            await line.DisposeAsync();
            await served;
        }
    }

    /// <summary>Closes the ports and every line.</summary>
    public async Task GoDownAsync()
    {
        foreach (var door in _doors)
            await door.DisposeAsync();
        await CutLinesAsync();
    }

    /// <summary>Opens the same ports again.</summary>
    public void ComeUp()
    {
        foreach (var door in _doors)
            door.Open();
    }

    public async ValueTask DisposeAsync() => await GoDownAsync();

    internal SimulatedUnit? Find(byte address) => _units.GetValueOrDefault(address);

    private int Listen(int port, bool isRtu)
    {
        var door = new Door(this, port, isRtu);
        door.Open();
        _doors.Add(door);
        return door.Port;
    }

    private Task Serve(Stream stream, bool isRtu)
    {
        var line = new ModbusLine(this, stream, isRtu, clock);
        Interlocked.Increment(ref _opened);
        // Known before it runs, so that a line that ends at once is not kept for ever.
        var served = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lines[line] = served.Task;
        _ = RunAsync();
        return served.Task;

        async Task RunAsync()
        {
            await line.RunAsync();
            _lines.TryRemove(line, out _);
            served.SetResult();
        }
    }

    /// <summary>A port that can be closed and opened again.</summary>
    private sealed class Door(SimulatedModbusServer server, int port, bool isRtu) : IAsyncDisposable
    {
        private TcpListener? _listener;
        private Task _listening = Task.CompletedTask;
        private int _connections;

        public int Port { get; private set; } = port;

        public void Open()
        {
            if (_listener is not null)
                return;
            _listener = new(IPAddress.Loopback, Port);
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _listening = ListenAsync(_listener);
        }

        public async ValueTask DisposeAsync()
        {
            _listener?.Stop();
            _listener = null;
            await _listening;
        }

        private async Task ListenAsync(TcpListener listener)
        {
            try
            {
                while (true)
                {
                    var client = await listener.AcceptSocketAsync();
                    client.NoDelay = true;
                    if (_connections >= server.MostConnections)
                        client.Dispose();
                    else
                        _ = ServeAsync(client);
                }
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The port was closed.
            }
        }

        private async Task ServeAsync(Socket client)
        {
            Interlocked.Increment(ref _connections);
            await server.Serve(new NetworkStream(client, ownsSocket: true), isRtu);
            Interlocked.Decrement(ref _connections);
        }
    }
}
