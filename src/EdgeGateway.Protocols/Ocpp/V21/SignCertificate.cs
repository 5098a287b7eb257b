using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Have this signing request signed (A02).</summary>
public sealed record SignCertificateRequest
{
    [Text(5500)]
    public required string Csr { get; init; }

    public CertificateSigningUse? CertificateType { get; init; }

    [Since("2.1")]
    public CertificateHashData? HashRootCertificate { get; init; }

    [Since("2.1")]
    public int? RequestId { get; init; }
}

public sealed record SignCertificateResponse
{
    public required GenericStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
