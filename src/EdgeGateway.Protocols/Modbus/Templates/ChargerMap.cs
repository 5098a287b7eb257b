using System.Collections.Immutable;

namespace EdgeGateway.Protocols.Modbus.Templates;

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

    /// <summary>Without one of these bits in <see cref="Quantity.Plug"/> there is no vehicle, whatever the state says (KEBA); null: the state alone says so.</summary>
    public long? PluggedMask { get; init; }

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

    internal ChargerMap Moved(Func<ushort, ushort> moved)
    {
        return this with
        {
            Limit = Point(Limit)!,
            Enable = Point(Enable),
            Unlock = Point(Unlock),
            Watchdog = Point(Watchdog),
            SafeCurrent = Point(SafeCurrent),
            SafeAfter = Point(SafeAfter),
            Prepare = [.. Prepare.Select(p => Point(p)!)],
        };

        ControlPoint? Point(ControlPoint? point) => point is null ? null : point with { Address = moved(point.Address) };
    }
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

    /// <summary>What is written, raw, where nothing else says so: of an <see cref="ChargerMap.Enable"/> to let it charge, of a watchdog, of what is prepared.</summary>
    public long Value { get; init; } = 1;

    /// <summary>What is written, raw, of an <see cref="ChargerMap.Enable"/> to hold it back.</summary>
    public long Off { get; init; }
}
