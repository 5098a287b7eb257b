namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Remove an installed certificate (M04).</summary>
public sealed record DeleteCertificateRequest
{
    public required CertificateHashData CertificateHashData { get; init; }
}

public sealed record DeleteCertificateResponse
{
    public required DeleteCertificateStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum DeleteCertificateStatus
{
    Accepted,
    Failed,
    NotFound,
}
