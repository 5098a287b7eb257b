using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Names a certificate by its hashes (security whitepaper).</summary>
public sealed record CertificateHashData
{
    public required HashAlgorithm HashAlgorithm { get; init; }

    [Text(128)]
    public required string IssuerNameHash { get; init; }

    [Text(128)]
    public required string IssuerKeyHash { get; init; }

    [Text(40)]
    public required string SerialNumber { get; init; }
}

public enum HashAlgorithm
{
    SHA256,
    SHA384,
    SHA512,
}
