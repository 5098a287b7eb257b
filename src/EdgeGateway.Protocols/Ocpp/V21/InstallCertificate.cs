using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Install a root certificate (M05).</summary>
public sealed record InstallCertificateRequest
{
    public required InstallCertificateUse CertificateType { get; init; }

    [Text(10000, In201 = 5500)]
    public required string Certificate { get; init; }
}

public enum InstallCertificateUse
{
    V2GRootCertificate,
    MORootCertificate,
    ManufacturerRootCertificate,
    CSMSRootCertificate,
    [Since("2.1")] OEMRootCertificate,
}

public sealed record InstallCertificateResponse
{
    public required InstallCertificateStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum InstallCertificateStatus
{
    Accepted,
    Rejected,
    Failed,
}
