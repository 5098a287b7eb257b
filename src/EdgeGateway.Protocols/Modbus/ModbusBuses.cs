using EdgeGateway.Protocols.Modbus.Lines;

namespace EdgeGateway.Protocols.Modbus;

/// <summary>All Modbus lines of this process: one a transport, however many devices share it (one master a wire; many devices take one TCP client only, FIELD pain 17).</summary>
/// <param name="jitter">Spreads reconnects.</param>
public sealed class ModbusBuses(TimeProvider clock, Random? jitter = null) : IAsyncDisposable
{
    /// <summary>A worker whose progress is older is stuck.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    /// <summary>A worker that the system does not let go (a name server that is waited for) is left to end by itself.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1.5);

    private readonly Lock _lock = new();
    private readonly Dictionary<ModbusTransport, ModbusBus> _buses = [];
    private readonly Random _jitter = jitter ?? new Random();
    private bool _closed;

    /// <summary>The line is opened at the first request, and closed when the last of its units is disposed.</summary>
    public ModbusUnit Unit(ModbusTransport transport, byte unit, ModbusTiming timing)
    {
        lock (_lock)
        {
            var bus = Bus(transport);
            bus.Hold(unit);
            return new(bus, unit, timing);
        }
    }

    public IReadOnlyList<ModbusBusFigures> Figures()
    {
        lock (_lock)
            return [.. _buses.Values.Where(b => !b.IsGone).Select(b => b.Figures())];
    }

    /// <summary>Every frame on that line from now on, in their order, on the bus's own thread: the tap must not block. One that throws is taken off.</summary>
    public IDisposable Tap(ModbusTransport transport, Action<ModbusFrame> tap)
    {
        lock (_lock)
        {
            var bus = Bus(transport);
            bus.Witness.Add(tap);
            return new Watch(bus, tap);
        }
    }

    /// <summary>Whoever waits for an answer gets <see cref="ModbusFault.NotSent"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] workers;
        lock (_lock)
        {
            _closed = true;
            workers = [.. _buses.Values.Select(b => b.DisposeAsync().AsTask())];
        }
        // The machine's time, not the clock handed in: that one may stand still.
        await Task.WhenAny(Task.WhenAll(workers), Task.Delay(StopLimit, TimeProvider.System, CancellationToken.None));
    }

    private ModbusBus Bus(ModbusTransport transport)
    {
        if (!_buses.TryGetValue(transport, out var bus))
        {
            foreach (var gone in _buses.Where(b => b.Value.IsGone).Select(b => b.Key).ToList())
                _buses.Remove(gone);
            _buses[transport] = bus = new(transport, clock, new Random(_jitter.Next()));
            if (_closed)
                _ = bus.DisposeAsync().AsTask();
        }
        return bus;
    }

    private sealed class Watch(ModbusBus bus, Action<ModbusFrame> tap) : IDisposable
    {
        public void Dispose() => bus.Witness.Remove(tap);
    }
}
