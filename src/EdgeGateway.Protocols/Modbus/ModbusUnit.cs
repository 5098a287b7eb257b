using EdgeGateway.Protocols.Modbus.Lines;

namespace EdgeGateway.Protocols.Modbus;

/// <summary>One device on a real bus. Disposing gives it back: a bus without units closes its line.</summary>
public sealed class ModbusUnit : IModbusUnit, IDisposable
{
    private readonly ModbusBus _bus;
    private int _disposed;

    internal ModbusUnit(ModbusBus bus, byte number, ModbusTiming timing) => (_bus, Number, Timing) = (bus, number, timing);

    public ModbusTransport Transport => _bus.Transport;

    /// <summary>1 to 247; over TCP also 0 and 255.</summary>
    public byte Number { get; }
    public ModbusTiming Timing { get; }

    public Task<ModbusAnswer> ReadAsync(RegisterBank bank, ushort address, int count, CancellationToken cancellationToken) =>
        SubmitAsync(ModbusRequest.Read(Number, bank, address, count), cancellationToken);

    public Task<ModbusAnswer> WriteAsync(RegisterBank bank, ushort address, ReadOnlyMemory<ushort> values, bool multiple, CancellationToken cancellationToken) =>
        SubmitAsync(ModbusRequest.Write(Number, bank, address, values.Span, multiple), cancellationToken);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _bus.Release(Number);
    }

    private Task<ModbusAnswer> SubmitAsync(ModbusRequest request, CancellationToken cancellationToken) => Volatile.Read(ref _disposed) == 0
        ? _bus.SubmitAsync(request, Timing, cancellationToken)
        : Task.FromResult(ModbusAnswer.Failed(ModbusFault.NotSent, $"unit {Number} was given back"));
}
