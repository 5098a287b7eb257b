using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>A connector (0: the charge point itself) has a new status or error (4.9).</summary>
public sealed record StatusNotificationRequest
{
    public required int ConnectorId { get; init; }

    public required ChargePointErrorCode ErrorCode { get; init; }

    [Text(50, TooLong.Cut)]
    public string? Info { get; init; }

    public required ChargePointStatus Status { get; init; }

    public DateTimeOffset? Timestamp { get; init; }

    [Text(255, TooLong.Cut)]
    public string? VendorId { get; init; }

    [Text(50, TooLong.Cut)]
    public string? VendorErrorCode { get; init; }
}

public enum ChargePointErrorCode
{
    ConnectorLockFailure,
    EVCommunicationError,
    GroundFailure,
    HighTemperature,
    InternalError,
    LocalListConflict,
    NoError,
    [Fallback] OtherError,
    OverCurrentFailure,
    PowerMeterFailure,
    PowerSwitchFailure,
    ReaderFailure,
    ResetFailure,
    UnderVoltage,
    OverVoltage,
    WeakSignal,
}

public enum ChargePointStatus
{
    Available,
    Preparing,
    Charging,
    SuspendedEVSE,
    SuspendedEV,
    Finishing,
    Reserved,
    Unavailable,
    Faulted,
}

public sealed record StatusNotificationResponse;
