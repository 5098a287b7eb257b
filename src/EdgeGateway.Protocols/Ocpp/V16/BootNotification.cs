using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>A charge point introduces itself after a start (4.2).</summary>
public sealed record BootNotificationRequest
{
    [Text(20, TooLong.Cut)]
    public required string ChargePointVendor { get; init; }

    [Text(20, TooLong.Cut)]
    public required string ChargePointModel { get; init; }

    [Text(25, TooLong.Cut)]
    public string? ChargePointSerialNumber { get; init; }

    [Text(25, TooLong.Cut)]
    public string? ChargeBoxSerialNumber { get; init; }

    [Text(50, TooLong.Cut)]
    public string? FirmwareVersion { get; init; }

    [Text(20, TooLong.Cut)]
    public string? Iccid { get; init; }

    [Text(20, TooLong.Cut)]
    public string? Imsi { get; init; }

    [Text(25, TooLong.Cut)]
    public string? MeterType { get; init; }

    [Text(25, TooLong.Cut)]
    public string? MeterSerialNumber { get; init; }
}

public sealed record BootNotificationResponse
{
    public required RegistrationStatus Status { get; init; }

    public required DateTimeOffset CurrentTime { get; init; }

    public required int Interval { get; init; }
}

public enum RegistrationStatus
{
    Accepted,
    Pending,
    Rejected,
}
