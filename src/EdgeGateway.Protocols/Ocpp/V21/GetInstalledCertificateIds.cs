using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Which certificates are installed (M03)?</summary>
public sealed record GetInstalledCertificateIdsRequest
{
    [AtLeastOne]
    public IReadOnlyList<CertificateUse>? CertificateType { get; init; }
}

public enum CertificateUse
{
    V2GRootCertificate,
    MORootCertificate,
    CSMSRootCertificate,
    V2GCertificateChain,
    ManufacturerRootCertificate,
    [Since("2.1")] OEMRootCertificate,
}

public sealed record GetInstalledCertificateIdsResponse
{
    public required GetInstalledCertificateStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }

    [AtLeastOne]
    public IReadOnlyList<CertificateHashDataChain>? CertificateHashDataChain { get; init; }
}

public enum GetInstalledCertificateStatus
{
    Accepted,
    NotFound,
}

/// <summary>An installed certificate, with those below it.</summary>
public sealed record CertificateHashDataChain
{
    public required CertificateHashData CertificateHashData { get; init; }

    public required CertificateUse CertificateType { get; init; }

    [AtLeastOne, AtMost(4)]
    public IReadOnlyList<CertificateHashData>? ChildCertificateHashData { get; init; }
}
