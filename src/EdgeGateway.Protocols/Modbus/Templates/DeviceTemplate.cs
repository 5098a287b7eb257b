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

    /// <summary>Of a charger; null for a meter.</summary>
    public ChargerMap? Charger { get; init; }

    /// <summary>Where it comes from: embedded, or a file.</summary>
    public required string Source { get; init; }

    /// <summary>What an installer must know: settings, licences, doubts.</summary>
    public string? Hint { get; init; }
}

/// <summary>What a charger's state comes to (IEC 61851).</summary>
public enum VehicleState
{
    Unknown,

    /// <summary>A.</summary>
    Absent,

    /// <summary>B.</summary>
    Connected,

    /// <summary>C, D.</summary>
    Charging,

    /// <summary>E, F.</summary>
    Fault,
}

/// <summary>How a charger without OCPP is ordered about.</summary>
public sealed record ChargerMap
{
    /// <summary>From <see cref="Quantity.State"/>, after <see cref="StateShift"/> and <see cref="StateMask"/>, or by the text's first characters (longest first).</summary>
    public required ImmutableDictionary<string, VehicleState> States { get; init; }
    public int StateShift { get; init; }
    public long StateMask { get; init; } = -1;

    /// <summary>Written to say how many amperes a phase it may draw.</summary>
    public required ControlPoint Limit { get; init; }

    /// <summary>A. Below it the charger does not charge (IEC 61851: 6).</summary>
    public decimal LeastCurrent { get; init; } = 6;

    /// <summary>Written beside the limit to let it charge or hold it back; null: a limit of 0 does.</summary>
    public ControlPoint? Enable { get; init; }

    /// <summary>Written to unlock the socket; null: it cannot be.</summary>
    public ControlPoint? Unlock { get; init; }

    /// <summary>Fed again and again, so that the charger falls back when we die; null: the limit itself is written again.</summary>
    public ControlPoint? Watchdog { get; init; }

    /// <summary>How often something must be written for the charger not to fall back; null: it does not.</summary>
    public TimeSpan? WatchdogPeriod { get; init; }

    /// <summary>Written once a line: what it falls back to, in A.</summary>
    public ControlPoint? SafeCurrent { get; init; }

    /// <summary>Written once a line: after how many seconds it falls back.</summary>
    public ControlPoint? SafeAfter { get; init; }

    /// <summary>Written once a line, before anything else.</summary>
    public ImmutableArray<ControlPoint> Prepare { get; init; } = [];
}

/// <summary>Where something is written.</summary>
public sealed record ControlPoint
{
    public required RegisterBank Bank { get; init; }
    public required ushort Address { get; init; }
    public required RegisterType Type { get; init; }
    public WordOrder Order { get; init; }

    /// <summary>Raw times this is the value.</summary>
    public decimal Scale { get; init; } = 1;

    /// <summary>Function 16 even for one word.</summary>
    public bool Multiple { get; init; }

    /// <summary>What is written where nothing else says so: of an <see cref="ChargerMap.Enable"/> to let it charge (0 holds it back), of a watchdog.</summary>
    public long Value { get; init; } = 1;
}
