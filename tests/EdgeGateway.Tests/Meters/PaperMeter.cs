using EdgeGateway.Protocols.Modbus;

namespace EdgeGateway.Tests.Meters;

/// <summary>An SDM120 without a wire: what it shows is set, and how it fails.</summary>
internal sealed class PaperMeter : IModbusUnit, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(RegisterBank, int), ushort> _words = [];
    private int _reads;

    public PaperMeter()
    {
        Set(0, 230);
        Set(6, 16);
        Power = 3_680;
        Set(30, 1);
        Set(70, 50);
        Set(74, 0);
        EnergyWh = 1_000;
        Serial = 4711;
    }

    /// <summary>In place of every answer.</summary>
    public ModbusFailure? Failure { get; set; }

    /// <summary>Thrown: a fault of ours.</summary>
    public Exception? Fault { get; set; }

    /// <summary>A register that it does not have.</summary>
    public int? Lacks { get; set; }

    /// <summary>Answers wait for it.</summary>
    public Task Held { get; set; } = Task.CompletedTask;
    public bool Disposed { get; private set; }

    /// <summary>Readings of its import register.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public float Power { set => Set(12, value); }

    public decimal EnergyWh { set => Set(72, (float)(value / 1000)); }

    public float EnergyKwh { set => Set(72, value); }

    public uint Serial
    {
        set
        {
            lock (_lock)
                (_words[(RegisterBank.Holding, 0xFC00)], _words[(RegisterBank.Holding, 0xFC01)]) = ((ushort)(value >> 16), (ushort)value);
        }
    }

    public async Task<ModbusAnswer> ReadAsync(RegisterBank bank, ushort address, int count, CancellationToken cancellationToken)
    {
        await Held.WaitAsync(cancellationToken);
        if (Fault is not null)
            throw Fault;
        if (bank == RegisterBank.Input && address <= 72 && address + count > 72)
            Interlocked.Increment(ref _reads);
        if (Failure is not null)
            return new(default, Failure);
        if (bank == RegisterBank.Input && address <= Lacks && address + count > Lacks)
            return ModbusAnswer.Failed(ModbusFault.Refused, "it has no such register (exception 2)", 2);
        var words = new ushort[count];
        lock (_lock)
        {
            for (var i = 0; i < count; i++)
            {
                if (!_words.TryGetValue((bank, address + i), out words[i]) && count <= 2)
                    return ModbusAnswer.Failed(ModbusFault.Refused, "it has no such register (exception 2)", 2);
            }
        }
        return new(words, null);
    }

    public Task<ModbusAnswer> WriteAsync(RegisterBank bank, ushort address, ReadOnlyMemory<ushort> values, bool multiple, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A meter is not written to.");

    public void Dispose() => Disposed = true;

    private void Set(int address, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        lock (_lock)
            (_words[(RegisterBank.Input, address)], _words[(RegisterBank.Input, address + 1)]) = ((ushort)(bits >> 16), (ushort)bits);
    }
}
