using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Install the certificate signed for an earlier SignCertificate (security whitepaper, A02).</summary>
public sealed record CertificateSignedRequest
{
    [Text(10000)]
    public required string CertificateChain { get; init; }
}

public sealed record CertificateSignedResponse
{
    public required CertificateSignedStatus Status { get; init; }
}

public enum CertificateSignedStatus
{
    Accepted,
    Rejected,
}
