using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Install the certificate signed for an earlier SignCertificate (A02).</summary>
public sealed record CertificateSignedRequest
{
    [Text(10000)]
    public required string CertificateChain { get; init; }

    public CertificateSigningUse? CertificateType { get; init; }

    [Since("2.1")]
    public int? RequestId { get; init; }
}

public sealed record CertificateSignedResponse
{
    public required CertificateSignedStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum CertificateSignedStatus
{
    Accepted,
    Rejected,
}
