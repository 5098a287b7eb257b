using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Tests.Chargers.Modbus;

/// <summary>A charger behind Modbus, in memory: its registers are those of a template, its ledger is what the test judges by.</summary>
public sealed class MemoryCharger : IModbusUnit
{
    private readonly ChargerMap _map;
    private decimal _restWh;
    private TimeSpan _sinceWrite;

    public MemoryCharger(DeviceTemplate template) => (Template, _map, LimitA) = (template, template.Charger!, 0);

    public DeviceTemplate Template { get; }

    /// <summary>Over its whole life, in Wh.</summary>
    public long LedgerWh { get; set; } = 12_345_678;

    /// <summary>Of its own session: begins anew when a vehicle is plugged in.</summary>
    public long SessionWh { get; private set; }
    public bool IsPlugged { get; private set; }

    /// <summary>What the vehicle would take, A per phase; 0: it is full.</summary>
    public decimal WantsA { get; set; } = 16;
    public bool HasFault { get; set; }
    public string? Card { get; set; }
    public string Serial { get; set; } = "4711";
    public long Firmware { get; set; } = 20_000;

    /// <summary>Does not answer.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Shown in place of the energy, once each.</summary>
    public Queue<decimal> Glitches { get; } = new();

    /// <summary>Shown in place of the state, once each.</summary>
    public Queue<string> OddStates { get; } = new();

    /// <summary>Registers that it refuses to be written.</summary>
    public HashSet<ushort> Refuses { get; } = [];
    public decimal LimitA { get; private set; }
    public bool IsEnabled { get; private set; }
    public decimal SafeA { get; set; }

    /// <summary>Every write: where, what, and whether by function 16.</summary>
    public List<string> Writes { get; } = [];

    public decimal FlowsA => IsPlugged && !HasFault && (_map.Enable is null || IsEnabled) && LimitA >= 6 ? Math.Min(WantsA, LimitA) : 0;

    public void Plug()
    {
        if (!IsPlugged)
            SessionWh = 0;
        IsPlugged = true;
    }

    public void Unplug() => (IsPlugged, Card) = (false, null);

    /// <summary>Its counter is exchanged.</summary>
    public void Exchange(string serial, long ledgerWh) => (Serial, LedgerWh) = (serial, ledgerWh);

    public void Advance(TimeSpan time)
    {
        _restWh += FlowsA * 230 * 3 * (decimal)time.TotalHours;
        var whole = (long)_restWh;
        (_restWh, LedgerWh, SessionWh) = (_restWh - whole, LedgerWh + whole, SessionWh + whole);
        _sinceWrite += time;
        if (_map.WatchdogPeriod is { } period && _sinceWrite > period)
            LimitA = SafeA;
    }

    public Task<ModbusAnswer> ReadAsync(RegisterBank bank, ushort address, int count, CancellationToken cancellationToken)
    {
        if (IsSilent)
            return Task.FromResult(ModbusAnswer.Failed(ModbusFault.Silent, "no answer within 500 ms"));
        var words = new ushort[count];
        var isKnown = false;
        foreach (var point in Template.Points.Where(p => p.Bank == bank && p.Address < address + count && p.Address + p.Count > address))
        {
            var own = WordsOf(point);
            for (var i = 0; i < point.Count; i++)
            {
                if (point.Address + i - address is >= 0 and var at && at < count)
                    words[at] = own[i];
            }
            isKnown = true;
        }
        return Task.FromResult(isKnown ? new ModbusAnswer(words, null) : ModbusAnswer.Failed(ModbusFault.Refused, "illegal address", 2));
    }

    public Task<ModbusAnswer> WriteAsync(RegisterBank bank, ushort address, ReadOnlyMemory<ushort> values, bool multiple, CancellationToken cancellationToken)
    {
        if (IsSilent)
            return Task.FromResult(ModbusAnswer.Failed(ModbusFault.Silent, "no answer within 500 ms"));
        if (Refuses.Contains(address))
            return Task.FromResult(ModbusAnswer.Failed(ModbusFault.Refused, "illegal address", 2));
        Writes.Add($"{(bank is RegisterBank.Coil ? "coil " : "")}{address}={string.Join(',', values.ToArray())}{(multiple ? " x" : "")}");
        _sinceWrite = TimeSpan.Zero;
        if (Is(_map.Limit, bank, address))
            LimitA = RegisterDecoder.RawNumber(_map.Limit.Type, _map.Limit.Order, values.Span)!.Value * _map.Limit.Scale;
        else if (_map.Enable is { } enable && Is(enable, bank, address))
            IsEnabled = values.Span[0] == enable.Value;
        else if (_map.SafeCurrent is { } safe && Is(safe, bank, address))
            SafeA = values.Span[0] * safe.Scale;
        return Task.FromResult(new ModbusAnswer(default, null));
    }

    private static bool Is(ControlPoint point, RegisterBank bank, ushort address) => point.Bank == bank && point.Address == address;

    private ushort[] WordsOf(RegisterPoint point) => point.Quantity switch
    {
        Quantity.State => StateWords(point),
        Quantity.Plug => Number(point, IsPlugged ? 7 : 0),
        Quantity.EnergyImport => Number(point, Glitches.TryDequeue(out var odd) ? odd : LedgerWh),
        Quantity.SessionEnergy => Number(point, Glitches.TryDequeue(out var odd) ? odd : SessionWh),
        Quantity.Power => Number(point, point.Phase is Phase.All ? FlowsA * 690 : FlowsA * 230),
        Quantity.Current => Number(point, FlowsA),
        Quantity.Voltage => Number(point, 230),
        Quantity.Serial => point.Type is RegisterType.Text ? Text(point, Serial) : Number(point, int.Parse(Serial)),
        Quantity.Firmware => point.Type is RegisterType.Text ? Text(point, "1.2.3") : Number(point, Firmware),
        Quantity.Model => point.Type is RegisterType.Text ? Text(point, "M-1") : Number(point, 400_000),
        Quantity.Token => point.Type is RegisterType.Text ? Text(point, Card ?? "") : Raw(point, Card is null ? 0 : Convert.ToUInt64(Card, 16)),
        _ => Number(point, 0),
    };

    /// <summary>As a device of this template says it.</summary>
    private ushort[] StateWords(RegisterPoint point)
    {
        if (OddStates.TryDequeue(out var odd))
            return point.Type is RegisterType.Text ? Text(point, odd) : Raw(point, (ulong)(long.Parse(odd) << _map.StateShift));
        var state = HasFault && _map.States.ContainsValue(VehicleState.Fault) ? VehicleState.Fault
            : FlowsA > 0 ? VehicleState.Charging
            : IsPlugged || _map.PluggedMask is not null ? VehicleState.Connected
            : VehicleState.Absent;
        var code = _map.States.Where(s => s.Value == state).Select(s => s.Key).Order(StringComparer.Ordinal).First();
        return point.Type is RegisterType.Text ? Text(point, code) : Raw(point, (ulong)(long.Parse(code) << _map.StateShift));
    }

    private ushort[] Number(RegisterPoint point, decimal value)
    {
        var scale = point.ScaleWhen is { } rule && rule.Holds(Firmware) ? rule.Scale : point.Scale;
        return point.Type switch
        {
            RegisterType.Float32 => Raw(point, BitConverter.SingleToUInt32Bits((float)(value / scale))),
            RegisterType.Float64 => Raw(point, BitConverter.DoubleToUInt64Bits((double)(value / scale))),
            _ => Raw(point, (ulong)(long)decimal.Floor(value / scale)),
        };
    }

    private static ushort[] Raw(RegisterPoint point, ulong bits)
    {
        var words = new ushort[point.Count];
        for (var i = 0; i < words.Length; i++)
            words[point.Order is WordOrder.HighWordFirst ? words.Length - 1 - i : i] = (ushort)(bits >> (16 * i));
        return words;
    }

    private static ushort[] Text(RegisterPoint point, string text)
    {
        var words = new ushort[point.Count];
        for (var i = 0; i < text.Length && i / 2 < words.Length; i++)
            words[i / 2] |= (ushort)(text[i] << (i % 2 == 0 ? 8 : 0));
        return words;
    }
}
