using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Fetch and install firmware that carries a signature (security whitepaper, L01).</summary>
public sealed record SignedUpdateFirmwareRequest
{
    public int? Retries { get; init; }

    public int? RetryInterval { get; init; }

    public required int RequestId { get; init; }

    public required Firmware Firmware { get; init; }
}

public sealed record Firmware
{
    [Text(512)]
    public required string Location { get; init; }

    public required DateTimeOffset RetrieveDateTime { get; init; }

    public DateTimeOffset? InstallDateTime { get; init; }

    [Text(5500)]
    public required string SigningCertificate { get; init; }

    [Text(800)]
    public required string Signature { get; init; }
}

public sealed record SignedUpdateFirmwareResponse
{
    public required SignedUpdateFirmwareStatus Status { get; init; }
}

public enum SignedUpdateFirmwareStatus
{
    Accepted,
    Rejected,
    AcceptedCanceled,
    InvalidCertificate,
    RevokedCertificate,
}
