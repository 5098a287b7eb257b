using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Simulators.Modbus;

/// <summary>What a meter has before it.</summary>
/// <param name="EnergyWh">What went through it since it was made.</param>
public readonly record struct MeasuredFlow(decimal PowerW, long EnergyWh);

/// <summary>A meter on a simulated bus, laid out as its template says: voltage, current, power and a counter of whole Wh.</summary>
public sealed class SimulatedMeter
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly TemplateRegisters _registers;
    private readonly EnergyFlow _flow;
    private readonly Func<MeasuredFlow>? _before;
    private long _registerWh;
    private decimal _powerW;

    /// <param name="registerWh">What its counter shows at first.</param>
    /// <param name="before">What it measures (asked at each read; what it tells may only grow); null: <see cref="PowerW"/>.</param>
    public SimulatedMeter(SimulatedUnit unit, DeviceTemplate template, TimeProvider clock, long registerWh = 0, Func<MeasuredFlow>? before = null)
    {
        (_clock, _registerWh, _before) = (clock, registerWh, before);
        _registers = new(unit, template);
        _flow = new(0, clock);
        _registers.Set(Quantity.Voltage, VoltageV);
        _registers.Set(Quantity.Frequency, 50);
        _registers.Set(Quantity.PowerFactor, 1);
        _registers.Set(Quantity.Serial, "12345678");
        Refresh();
        unit.BeforeRead(Refresh);
    }

    public const decimal VoltageV = 230;

    /// <summary>W that flow from now on, where it is not told by what it measures.</summary>
    public decimal PowerW
    {
        get => _powerW;
        set
        {
            lock (_lock)
            {
                _flow.ReadTo(_clock.GetUtcNow());
                (_powerW, _flow.PowerMw) = (value, (long)(value * 1000));
            }
        }
    }

    /// <summary>What its counter shows now, in Wh.</summary>
    public long EnergyWh
    {
        get
        {
            lock (_lock)
                return _registerWh + Now().EnergyWh;
        }
    }

    /// <summary>The counter jumps (a reset, an overflow, another meter in its place): what it is to show now.</summary>
    public void Jump(long registerWh)
    {
        lock (_lock)
            _registerWh = registerWh - Now().EnergyWh;
    }

    private MeasuredFlow Now() => _before?.Invoke() ?? new(_powerW, _flow.ReadTo(_clock.GetUtcNow()));

    private void Refresh()
    {
        lock (_lock)
        {
            var now = Now();
            _registers.Set(Quantity.Power, now.PowerW, isShared: true);
            _registers.Set(Quantity.ApparentPower, Math.Abs(now.PowerW), isShared: true);
            _registers.Set(Quantity.Current, Math.Abs(now.PowerW) / VoltageV, isShared: true);
            _registers.Set(Quantity.EnergyImport, _registerWh + now.EnergyWh, isShared: true);
        }
    }
}
