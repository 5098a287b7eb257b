using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>An EVSE, or a connector of it; EVSE 0 is the station.</summary>
public sealed record EVSE
{
    [NotBelow(0)]
    public required int Id { get; init; }

    [NotBelow(0)]
    public int? ConnectorId { get; init; }
}

/// <summary>A component of the device model (part 2, appendix 3).</summary>
public sealed record Component
{
    [Text(50, TooLong.Keep)]
    public required string Name { get; init; }

    [Vital]
    public EVSE? Evse { get; init; }

    [Vital, Text(50, TooLong.Keep)]
    public string? Instance { get; init; }
}

/// <summary>A variable of a component.</summary>
public sealed record Variable
{
    [Text(50, TooLong.Keep)]
    public required string Name { get; init; }

    [Vital, Text(50, TooLong.Keep)]
    public string? Instance { get; init; }
}

/// <summary>A component, or one variable of it.</summary>
public sealed record ComponentVariable
{
    public required Component Component { get; init; }

    public Variable? Variable { get; init; }
}

public enum AttributeKind
{
    Actual,
    Target,
    MinSet,
    MaxSet,
}

public enum MonitorKind
{
    UpperThreshold,
    LowerThreshold,
    Delta,
    Periodic,
    PeriodicClockAligned,
    [Since("2.1")] TargetDelta,
    [Since("2.1")] TargetDeltaRelative,
}

public enum EventNotification
{
    HardWiredNotification,
    HardWiredMonitor,
    PreconfiguredMonitor,
    CustomMonitor,
}
