using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Are these certificates revoked? Asked for a whole chain (M07).</summary>
public sealed record GetCertificateChainStatusRequest
{
    [AtLeastOne, AtMost(4)]
    public required IReadOnlyList<CertificateStatusRequestInfo> CertificateStatusRequests { get; init; }
}

/// <summary>A certificate, and where to ask about it.</summary>
public sealed record CertificateStatusRequestInfo
{
    public required CertificateHashData CertificateHashData { get; init; }

    public required CertificateStatusSource Source { get; init; }

    [AtLeastOne, AtMost(5), Text(2000, TooLong.Keep)]
    public required IReadOnlyList<string> Urls { get; init; }
}

public enum CertificateStatusSource
{
    CRL,
    OCSP,
}

public sealed record GetCertificateChainStatusResponse
{
    [AtLeastOne, AtMost(4)]
    public required IReadOnlyList<CertificateStatus> CertificateStatus { get; init; }
}

/// <summary>Whether one certificate is revoked, and how long that answer holds.</summary>
public sealed record CertificateStatus
{
    public required CertificateHashData CertificateHashData { get; init; }

    public required CertificateStatusSource Source { get; init; }

    public required CertificateStatusKind Status { get; init; }

    public required DateTimeOffset NextUpdate { get; init; }
}

public enum CertificateStatusKind
{
    Good,
    Revoked,
    Unknown,
    Failed,
}
