using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Is this certificate revoked? The answer is an OCSP response (M06).</summary>
public sealed record GetCertificateStatusRequest
{
    public required OCSPRequestData OcspRequestData { get; init; }
}

public sealed record GetCertificateStatusResponse
{
    public required GetCertificateStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }

    [Text(18000, In201 = 5500)]
    public string? OcspResult { get; init; }
}

public enum GetCertificateStatus
{
    Accepted,
    Failed,
}
