namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Remove a root certificate (security whitepaper, M04).</summary>
public sealed record DeleteCertificateRequest
{
    public required CertificateHashData CertificateHashData { get; init; }
}

public sealed record DeleteCertificateResponse
{
    public required DeleteCertificateStatus Status { get; init; }
}

public enum DeleteCertificateStatus
{
    Accepted,
    Failed,
    NotFound,
}
