using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A station introduces itself after a start (B01).</summary>
public sealed record BootNotificationRequest
{
    public required ChargingStation ChargingStation { get; init; }

    public required BootReason Reason { get; init; }
}

/// <summary>What a station says of itself.</summary>
public sealed record ChargingStation
{
    [Text(20, TooLong.Cut)]
    public required string Model { get; init; }

    [Text(50, TooLong.Cut)]
    public required string VendorName { get; init; }

    [Text(25, TooLong.Cut)]
    public string? SerialNumber { get; init; }

    public Modem? Modem { get; init; }

    [Text(50, TooLong.Cut)]
    public string? FirmwareVersion { get; init; }
}

/// <summary>The modem's SIM card.</summary>
public sealed record Modem
{
    [Text(20, TooLong.Cut)]
    public string? Iccid { get; init; }

    [Text(20, TooLong.Cut)]
    public string? Imsi { get; init; }
}

public enum BootReason
{
    ApplicationReset,
    FirmwareUpdate,
    LocalReset,
    PowerUp,
    RemoteReset,
    ScheduledReset,
    Triggered,
    [Fallback] Unknown,
    Watchdog,
}

public sealed record BootNotificationResponse
{
    public required DateTimeOffset CurrentTime { get; init; }

    /// <summary>In seconds: between heartbeats, or until the next try.</summary>
    public required int Interval { get; init; }

    public required RegistrationStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum RegistrationStatus
{
    Accepted,
    Pending,
    Rejected,
}
