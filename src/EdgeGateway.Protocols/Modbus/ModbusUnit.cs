namespace EdgeGateway.Protocols.Modbus;

/// <summary>One device on a real bus. Disposing gives it back: a bus without units closes its line.</summary>
public sealed class ModbusUnit : IModbusUnit, IDisposable
{
    public required ModbusTransport Transport { get; init; }

    /// <summary>0 (TCP devices that want it) to 247, 255 on TCP.</summary>
    public required byte Number { get; init; }
    public required ModbusTiming Timing { get; init; }

    public Task<ModbusAnswer> ReadAsync(RegisterBank bank, ushort address, int count, CancellationToken cancellationToken) =>
        Task.FromResult(ModbusAnswer.Failed(ModbusFault.NotSent, $"{Transport}: no line yet"));

    public Task<ModbusAnswer> WriteAsync(RegisterBank bank, ushort address, ReadOnlyMemory<ushort> values, bool multiple, CancellationToken cancellationToken) =>
        Task.FromResult(ModbusAnswer.Failed(ModbusFault.NotSent, $"{Transport}: no line yet"));

    public void Dispose()
    {
    }
}
