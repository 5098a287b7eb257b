using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A grid event made a control act, or it is over (R05).</summary>
public sealed record NotifyDERAlarmRequest
{
    public required DERControl ControlType { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public GridEventFault? GridEventFault { get; init; }

    public bool? AlarmEnded { get; init; }

    [Text(200, TooLong.Cut)]
    public string? ExtraInfo { get; init; }
}

public enum GridEventFault
{
    CurrentImbalance,
    LocalEmergency,
    LowInputPower,
    OverCurrent,
    OverFrequency,
    OverVoltage,
    PhaseRotation,
    RemoteEmergency,
    UnderFrequency,
    UnderVoltage,
    VoltageImbalance,
}

public sealed record NotifyDERAlarmResponse;
