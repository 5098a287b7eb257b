using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Fetch and install firmware (L01).</summary>
public sealed record UpdateFirmwareRequest
{
    public required int RequestId { get; init; }

    public required Firmware Firmware { get; init; }

    [NotBelow(0)]
    public int? Retries { get; init; }

    /// <summary>In seconds.</summary>
    public int? RetryInterval { get; init; }
}

/// <summary>Where firmware is, when to fetch and when to install it, and its signature.</summary>
public sealed record Firmware
{
    [Text(2000, TooLong.Keep, In201 = 512)]
    public required string Location { get; init; }

    public required DateTimeOffset RetrieveDateTime { get; init; }

    public DateTimeOffset? InstallDateTime { get; init; }

    [Text(5500)]
    public string? SigningCertificate { get; init; }

    [Text(800)]
    public string? Signature { get; init; }
}

public sealed record UpdateFirmwareResponse
{
    public required UpdateFirmwareStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum UpdateFirmwareStatus
{
    Accepted,
    Rejected,
    AcceptedCanceled,
    InvalidCertificate,
    RevokedCertificate,
}
