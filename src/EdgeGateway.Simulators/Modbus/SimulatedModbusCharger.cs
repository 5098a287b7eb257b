using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Simulators.Modbus;

/// <summary>What a simulated charger on Modbus is like.</summary>
public sealed record SimulatedModbusChargerOptions
{
    public int Phases { get; init; } = 3;

    /// <summary>A per phase that the wiring bears.</summary>
    public decimal MaxCurrentA { get; init; } = 32;

    /// <summary>A per phase that the car takes, at most.</summary>
    public decimal CarCurrentA { get; init; } = 16;

    /// <summary>A per phase when nobody feeds it and nobody wrote what it is to fall back to; 0: it holds back.</summary>
    public decimal SafeCurrentA { get; init; }

    /// <summary>What its counter shows at first.</summary>
    public long RegisterWh { get; init; } = 500_000;
}

/// <summary>One car's stay at a charger, as it truly was.</summary>
/// <param name="MeterStartWh">The counter when the car came.</param>
/// <param name="MeterStopWh">And when it left; null: it is still there.</param>
public sealed record ChargerVisit(DateTimeOffset PluggedAt, long MeterStartWh, DateTimeOffset? UnpluggedAt = null, long? MeterStopWh = null)
{
    public long? DeliveredWh => MeterStopWh - MeterStartWh;
}

/// <summary>A charger without OCPP, laid out as its template says: shows its state, draws what it is allowed, counts, and falls back when nobody feeds it.</summary>
public sealed class SimulatedModbusCharger
{
    private const decimal VoltageV = 230;

    private readonly Lock _lock = new();
    private readonly SimulatedModbusChargerOptions _options;
    private readonly SimulatedUnit _unit;
    private readonly ChargerMap _map;
    private readonly TimeProvider _clock;
    private readonly TemplateRegisters _registers;
    private readonly RegisterPoint? _state;
    private readonly EnergyFlow _flow;
    private readonly List<ChargerVisit> _visits = [];
    private DateTimeOffset _fedAt;
    private decimal _limitA;
    private bool _isEnabled;
    private bool _isFault;
    private bool _hasFallenBack;
    private long? _fullAtWh;

    public SimulatedModbusCharger(SimulatedUnit unit, DeviceTemplate template, TimeProvider clock, SimulatedModbusChargerOptions? options = null)
    {
        _map = template.Charger ?? throw new ArgumentException($"{template.Id} is no charger", nameof(template));
        (_unit, _clock, _options) = (unit, clock, options ?? new());
        (_fedAt, _flow) = (clock.GetUtcNow(), new(_options.RegisterWh, clock));
        _state = template.Points.FirstOrDefault(p => p.Quantity == Quantity.State);
        _registers = new(unit, template);
        foreach (var control in Controls())
            unit.Set(control.Bank, control.Address, new ushort[RawWords.CountOf(control.Type)]);
        _registers.Set(Quantity.Voltage, VoltageV);
        _registers.Set(Quantity.Serial, "87654321");
        // As a number, as those have it whose unit of energy depends on it (KEBA: 1.2.1 is 10201).
        _registers.Set(Quantity.Firmware, 20_000);
        // Until somebody says otherwise it does nothing.
        _isEnabled = _map.Enable is null;
        Refresh();
        unit.BeforeRead(Refresh);
        unit.OnWrite((bank, address, _) => Ordered(_map.Watchdog is not { } life || (life.Bank, life.Address) == (bank, address)));
    }

    /// <summary>Every car that came, oldest first.</summary>
    public IReadOnlyList<ChargerVisit> Visits
    {
        get
        {
            lock (_lock)
                return [.. _visits];
        }
    }

    /// <summary>Its counter now, in Wh.</summary>
    public long EnergyWh
    {
        get
        {
            lock (_lock)
                return Bring();
        }
    }

    /// <summary>W that flow into the car now.</summary>
    public decimal PowerW
    {
        get
        {
            lock (_lock)
            {
                Bring();
                return DrawA() * VoltageV * _options.Phases;
            }
        }
    }

    /// <summary>A per phase that it allows the car now.</summary>
    public decimal AllowedA
    {
        get
        {
            lock (_lock)
            {
                Bring();
                return Allowed();
            }
        }
    }

    /// <summary>Nobody fed it for too long; it holds its safe current until somebody does again.</summary>
    public bool HasFallenBack
    {
        get
        {
            lock (_lock)
            {
                Bring();
                return _hasFallenBack;
            }
        }
    }

    public VehicleState State
    {
        get
        {
            lock (_lock)
            {
                Bring();
                return StateNow();
            }
        }
    }

    /// <summary>A car that takes so many Wh is plugged in.</summary>
    public void PlugIn(long needWh = 100_000)
    {
        lock (_lock)
        {
            var wh = Bring();
            _visits.Add(new(_clock.GetUtcNow(), wh));
            _fullAtWh = wh + needWh;
            _flow.PowerMw = Milliwatts();
        }
    }

    /// <summary>The car leaves; its card is forgotten.</summary>
    public void Unplug()
    {
        lock (_lock)
        {
            var wh = Bring();
            if (_visits is [.., { UnpluggedAt: null } open])
                _visits[^1] = open with { UnpluggedAt = _clock.GetUtcNow(), MeterStopWh = wh };
            (_fullAtWh, _flow.PowerMw) = (null, 0);
            _registers.Set(Quantity.Token, "");
        }
    }

    /// <summary>A card is held to it; shown until another one is, or the car leaves.</summary>
    public void ShowCard(string uid) => _registers.Set(Quantity.Token, uid);

    /// <summary>Something in it is broken, or whole again.</summary>
    public void Fail(bool isBroken)
    {
        lock (_lock)
        {
            Bring();
            (_isFault, _flow.PowerMw) = (isBroken, 0);
            _flow.PowerMw = Milliwatts();
        }
    }

    private IEnumerable<ControlPoint> Controls() =>
        new[] { _map.Limit, _map.Enable, _map.Unlock, _map.Watchdog, _map.SafeCurrent, _map.SafeAfter }.OfType<ControlPoint>().Concat(_map.Prepare);

    /// <summary>Brings the counter up to now, through what happened on the way: the car became full, nobody fed it.</summary>
    private long Bring()
    {
        var now = _clock.GetUtcNow();
        if (_map.WatchdogPeriod is { } period && !_hasFallenBack && now - _fedAt > period)
        {
            Flow(_fedAt + period > _flow.Since ? _fedAt + period : _flow.Since);
            _hasFallenBack = true;
            _flow.PowerMw = Milliwatts();
        }
        return Flow(now);
    }

    private long Flow(DateTimeOffset until)
    {
        if (_fullAtWh is { } full && _flow.MomentAt(full) is { } at && at <= until)
        {
            _flow.ReadTo(at);
            _flow.PowerMw = 0;
        }
        return _flow.ReadTo(until);
    }

    /// <summary>Something was written.</summary>
    /// <param name="isFood">It keeps the charger from falling back.</param>
    private byte? Ordered(bool isFood)
    {
        lock (_lock)
        {
            Bring();
            var limit = Written(_map.Limit) * _map.Limit.Scale;
            if (limit < 0 || limit > _options.MaxCurrentA * 4)
                return ModbusPdu.IllegalValue;
            (_limitA, _isEnabled) = (limit, _map.Enable is not { } enable || Written(enable) == enable.Value);
            if (isFood)
                (_fedAt, _hasFallenBack) = (_clock.GetUtcNow(), false);
            _flow.PowerMw = Milliwatts();
            return null;
        }
    }

    private decimal Written(ControlPoint point) =>
        RawWords.Number(point.Type, point.Order, _unit.Get(point.Bank, point.Address, RawWords.CountOf(point.Type)));

    private decimal Allowed()
    {
        var amperes = _hasFallenBack ? _map.SafeCurrent is { } safe && Written(safe) is var told and > 0 ? told * safe.Scale : _options.SafeCurrentA
            : _isEnabled ? _limitA : 0;
        return amperes < _map.LeastCurrent ? 0 : Math.Min(amperes, _options.MaxCurrentA);
    }

    private decimal DrawA() => _isFault || _fullAtWh is not { } full || _flow.ReadTo(_flow.Since) >= full ? 0 : Math.Min(Allowed(), _options.CarCurrentA);

    private long Milliwatts() => (long)(DrawA() * VoltageV * _options.Phases * 1000);

    private VehicleState StateNow() => _isFault ? VehicleState.Fault
        : _fullAtWh is null ? VehicleState.Absent
        : DrawA() > 0 ? VehicleState.Charging
        : VehicleState.Connected;

    private void Refresh()
    {
        lock (_lock)
        {
            var wh = Bring();
            var (draw, visit) = (DrawA(), _visits is [.., var last] ? last : null);
            _registers.Set(Quantity.Current, draw * _options.Phases, isShared: true);
            _registers.Set(Quantity.Power, draw * VoltageV * _options.Phases, isShared: true);
            _registers.Set(Quantity.EnergyImport, wh, isShared: true);
            _registers.Set(Quantity.SessionEnergy, visit is null ? 0 : (visit.MeterStopWh ?? wh) - visit.MeterStartWh);
            _registers.Set(Quantity.CurrentLimit, Allowed());
            if (_map.PluggedMask is { } plugged)
                _registers.Set(Quantity.Plug, _fullAtWh is null ? 0 : plugged);
            if (_state is { } state)
                _unit.Set(state.Bank, state.Address, StateWords(state));
        }
    }

    private ushort[] StateWords(RegisterPoint point)
    {
        // Where another register says whether a car is there, the state has no word for it.
        var code = CodeOf(StateNow()) ?? CodeOf(VehicleState.Connected) ?? throw new InvalidOperationException($"the template has no code for {StateNow()}");
        if (point.Type == RegisterType.Text)
            return RawWords.OfText(code, point.Count);
        return RawWords.Of(point.Type, point.Order, (long.TryParse(code, out var number) ? number : code[0]) << _map.StateShift);
    }

    private string? CodeOf(VehicleState state) => _map.States.Where(s => s.Value == state).Select(s => s.Key).Order(StringComparer.Ordinal).FirstOrDefault();
}
