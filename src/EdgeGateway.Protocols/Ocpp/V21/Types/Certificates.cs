using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Names a certificate by its hashes.</summary>
public sealed record CertificateHashData
{
    public required HashAlgorithm HashAlgorithm { get; init; }

    [Text(128)]
    public required string IssuerNameHash { get; init; }

    [Text(128)]
    public required string IssuerKeyHash { get; init; }

    [Text(40, TooLong.Cut)]
    public required string SerialNumber { get; init; }
}

public enum HashAlgorithm
{
    SHA256,
    SHA384,
    SHA512,
}

public enum CertificateSigningUse
{
    ChargingStationCertificate,
    V2GCertificate,
    [Since("2.1")] V2G20Certificate,
}

/// <summary>Names a certificate and where to ask about it.</summary>
public sealed record OCSPRequestData
{
    public required HashAlgorithm HashAlgorithm { get; init; }

    [Text(128)]
    public required string IssuerNameHash { get; init; }

    [Text(128)]
    public required string IssuerKeyHash { get; init; }

    [Text(40, TooLong.Cut)]
    public required string SerialNumber { get; init; }

    [Text(2000, TooLong.Keep, In201 = 512)]
    public required string ResponderURL { get; init; }
}
