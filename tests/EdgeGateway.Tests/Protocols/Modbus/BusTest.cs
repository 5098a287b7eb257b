using System.Collections.Concurrent;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Simulators.Modbus;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Protocols.Modbus;

/// <summary>A simulated bus, our own at the near end of a real line, and a clock for all that is longer than a transaction.</summary>
public abstract class BusTest : IAsyncDisposable
{
    protected const RegisterBank Holding = RegisterBank.Holding;
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>For units that answer: above what a busy machine takes over loopback.</summary>
    protected static readonly ModbusTiming Timing = new() { Response = TimeSpan.FromSeconds(8), Gap = TimeSpan.FromMilliseconds(1) };

    /// <summary>For those that are to stay silent.</summary>
    protected static readonly ModbusTiming Quick = Timing with { Response = TimeSpan.FromMilliseconds(60) };

    private PtyPair? _pty;

    protected ManualClock Clock { get; } = new();
    protected SimulatedModbusServer Server { get; } = new(TimeProvider.System);
    protected ConcurrentQueue<ModbusFrame> Frames { get; } = [];
    protected ModbusBuses Buses { get; }
    protected PtyPair Pty => _pty!;

    protected BusTest() => Buses = new(Clock, new Random(1));

    public async ValueTask DisposeAsync()
    {
        await Buses.DisposeAsync();
        await Server.DisposeAsync();
        if (_pty is not null)
            await _pty.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The near end of a line of this kind to the simulated bus.</summary>
    protected async Task<ModbusTransport> LineAsync(ModbusWire wire)
    {
        if (wire == ModbusWire.Rtu)
            return Parse((_pty = await PtyPair.ToPortOrSkipAsync(Server.ListenRtuOverTcp())).Transport(115200));
        return Parse(wire == ModbusWire.Tcp ? $"tcp://localhost:{Server.ListenTcp()}" : $"rtu+tcp://localhost:{Server.ListenRtuOverTcp()}");
    }

    protected static ModbusTransport Parse(string text) => ModbusTransport.TryParse(text, out var transport, out var fault) ? transport : throw new ArgumentException(fault, nameof(text));

    protected void Watch(ModbusTransport transport) => _ = Buses.Tap(transport, Frames.Enqueue);

    protected static Task<ModbusAnswer> ReadAsync(ModbusUnit unit, ushort address, int count = 1) => unit.ReadAsync(Holding, address, count, CancellationToken.None).WaitAsync(Patience);

    protected static async Task<ushort[]> WordsAsync(ModbusUnit unit, ushort address, int count = 1)
    {
        var answer = await ReadAsync(unit, address, count);
        Assert.True(answer.Succeeded, answer.Failure?.Text);
        return answer.Words.ToArray();
    }

    protected static async Task<ModbusFailure> FailureAsync(ModbusUnit unit, ushort address = 0, int count = 2)
    {
        var answer = await ReadAsync(unit, address, count);
        Assert.NotNull(answer.Failure);
        Assert.Equal(0, answer.Words.Length);
        return answer.Failure;
    }

    protected ModbusBusFigures Figures() => Assert.Single(Buses.Figures());
}
