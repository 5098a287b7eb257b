using System.Collections.Immutable;

namespace EdgeGateway.Protocols.Modbus.Templates;

public enum DeviceKind
{
    Meter,
    Charger,
}

/// <summary>What a register holds. Numbers are in the SI unit of the name: V, A, W, var, VA, Hz, Wh; a power factor has none.</summary>
public enum Quantity
{
    Voltage,
    Current,
    Power,
    ReactivePower,
    ApparentPower,
    PowerFactor,
    Frequency,

    /// <summary>From the grid to the load; a charger's: to vehicles. Over the device's whole life.</summary>
    EnergyImport,
    EnergyExport,

    /// <summary>Of the charger's own session; begins anew with each.</summary>
    SessionEnergy,

    /// <summary>The charger's state, in its own code: <see cref="ChargerMap.States"/>.</summary>
    State,

    /// <summary>Where the cable is, in bits of the charger's own: <see cref="ChargerMap.PluggedMask"/>.</summary>
    Plug,
    ErrorCode,

    /// <summary>The uid of the card that was shown last; empty or zeros: none.</summary>
    Token,

    /// <summary>What the charger holds to be its limit now, in A.</summary>
    CurrentLimit,
    Serial,
    Firmware,
    Model,
    Temperature,
}

public enum Phase
{
    /// <summary>All of them, or one that is none of them.</summary>
    All,
    L1,
    L2,
    L3,
}

public enum RegisterType
{
    UInt16,
    Int16,
    UInt32,
    Int32,
    UInt64,
    Int64,
    Float32,
    Float64,

    /// <summary>Two characters a register, ended by zeros or blanks.</summary>
    Text,
    Bit,
}

/// <summary>How words of one value follow each other; within a word the high byte always comes first.</summary>
public enum WordOrder
{
    /// <summary>ABCD.</summary>
    HighWordFirst,

    /// <summary>CDAB.</summary>
    LowWordFirst,
}

/// <summary>One value of a device.</summary>
public sealed record RegisterPoint
{
    public required Quantity Quantity { get; init; }
    public Phase Phase { get; init; }
    public required RegisterBank Bank { get; init; }

    /// <summary>0-based, as on the wire.</summary>
    public required ushort Address { get; init; }
    public required RegisterType Type { get; init; }

    /// <summary>Words; of text what the file says, else by the type.</summary>
    public required int Count { get; init; }
    public WordOrder Order { get; init; }

    /// <summary>From raw to the quantity's SI unit.</summary>
    public decimal Scale { get; init; } = 1;

    /// <summary>Another scale under a condition; null: always the one above.</summary>
    public ScaleRule? ScaleWhen { get; init; }

    /// <summary>Where the device keeps the power of ten that goes with it (int16, the same bank; SunSpec); null: it has none.</summary>
    public ushort? PowerOfTenAt { get; init; }

    /// <summary>Raw numbers that mean "not available", beside those that always do (<see cref="RegisterDecoder"/>).</summary>
    public ImmutableArray<decimal> None { get; init; } = [];

    /// <summary>The first address behind it.</summary>
    public int End => Address + Count;
}

/// <summary>Firmware that reports in another unit (KEBA's P40 before 1.2.1: Wh instead of 0.1 Wh; some Eastrons ten times the frequency).</summary>
/// <param name="Of">Whose number decides, as it is with its own <see cref="RegisterPoint.Scale"/>. Where it cannot be read there is no value either.</param>
/// <param name="Scale">From raw to the SI unit where the condition holds.</param>
public sealed record ScaleRule(Quantity Of, decimal? Below, decimal? Above, decimal Scale)
{
    public bool Holds(decimal number) => (Below is null || number < Below) && (Above is null || number > Above);
}

/// <summary>Addresses that a device documents: a block lies within one of them.</summary>
public sealed record RegisterRange(RegisterBank Bank, ushort First, ushort Last)
{
    public bool Holds(RegisterBank bank, int address, int count) => bank == Bank && address >= First && address + count - 1 <= Last;
}

/// <summary>What a register of this device shows and hardly another's: all checks of a template must hold.</summary>
public sealed record IdentityCheck
{
    public required RegisterBank Bank { get; init; }
    public required ushort Address { get; init; }
    public required RegisterType Type { get; init; }
    public required int Count { get; init; }
    public WordOrder Order { get; init; }

    /// <summary>Least and most, both included, of the raw number; one of them must hold it.</summary>
    public ImmutableArray<(decimal Least, decimal Most)> Between { get; init; } = [];

    /// <summary>One of them begins the text.</summary>
    public ImmutableArray<string> Starts { get; init; } = [];

    /// <summary>It says what the device is (a code, a name); otherwise it is only plausible (a frequency between 45 and 65).</summary>
    public bool IsCertain { get; init; }
}

/// <summary>A device as data (one small file): where its values are, what it likes, how it can be recognised.</summary>
public sealed record DeviceTemplate
{
    /// <summary>For example <c>eastron-sdm630</c>.</summary>
    public required string Id { get; init; }
    public required string Vendor { get; init; }

    /// <summary>For people: <c>SDM630-Modbus, SDM72DM-V2</c>.</summary>
    public required string Model { get; init; }
    public required DeviceKind Kind { get; init; }
    public required ImmutableArray<RegisterPoint> Points { get; init; }

    /// <summary>Words in one request at most.</summary>
    public int MostWords { get; init; } = 125;

    /// <summary>Unused words between two values that may be read along with them; 0: only values that touch are read together.</summary>
    public int MostGap { get; init; }
    public TimeSpan? Gap { get; init; }
    public TimeSpan? Response { get; init; }

    /// <summary>What the device documents; empty: anything may be asked for, within the limits above.</summary>
    public ImmutableArray<RegisterRange> Ranges { get; init; } = [];

    /// <summary>How it is recognised; empty: it cannot be.</summary>
    public ImmutableArray<IdentityCheck> Identity { get; init; } = [];

    /// <summary>Where values are is read from the device itself (SunSpec); <see cref="Points"/> is empty.</summary>
    public bool IsSunSpec { get; init; }

    /// <summary>A device for several connectors: addresses from this on are connector 1's, those of connector n lie (n - 1) times this behind; null: one.</summary>
    public int? ConnectorStep { get; init; }

    /// <summary>Of a charger; null for a meter.</summary>
    public ChargerMap? Charger { get; init; }

    /// <summary>Where it comes from: embedded, or a file.</summary>
    public required string Source { get; init; }

    /// <summary>What an installer must know: settings, licences, doubts.</summary>
    public string? Hint { get; init; }

    /// <summary>How it is asked, every so often.</summary>
    /// <param name="response">In place of what the file says.</param>
    public ModbusTiming TimingFor(TimeSpan period, TimeSpan? response = null)
    {
        var usual = new ModbusTiming();
        return new() { Response = response ?? Response ?? usual.Response, Gap = Gap ?? usual.Gap, Period = period };
    }

    /// <summary>As connector <paramref name="number"/> (from 1) of a device with several sees it.</summary>
    public DeviceTemplate ForConnector(int number)
    {
        if (ConnectorStep is not { } step || number <= 1)
            return this;
        return this with { Points = [.. Points.Select(p => p with { Address = Moved(p.Address) })], Charger = Charger?.Moved(Moved) };

        ushort Moved(ushort address) => address < step ? address : checked((ushort)(address + (number - 1) * step));
    }
}
