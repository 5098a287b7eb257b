using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Which root certificates are installed (security whitepaper, M03)?</summary>
public sealed record GetInstalledCertificateIdsRequest
{
    public required CertificateUse CertificateType { get; init; }
}

public sealed record GetInstalledCertificateIdsResponse
{
    [AtLeastOne]
    public IReadOnlyList<CertificateHashData>? CertificateHashData { get; init; }

    public required GetInstalledCertificateStatus Status { get; init; }
}

public enum GetInstalledCertificateStatus
{
    Accepted,
    NotFound,
}
