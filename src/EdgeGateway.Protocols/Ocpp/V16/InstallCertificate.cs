using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

public enum CertificateUse
{
    CentralSystemRootCertificate,
    ManufacturerRootCertificate,
}

/// <summary>Install a root certificate (security whitepaper, M05).</summary>
public sealed record InstallCertificateRequest
{
    public required CertificateUse CertificateType { get; init; }

    [Text(5500)]
    public required string Certificate { get; init; }
}

public sealed record InstallCertificateResponse
{
    public required InstallCertificateStatus Status { get; init; }
}

public enum InstallCertificateStatus
{
    Accepted,
    Failed,
    Rejected,
}
