using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>May this token charge here (C01)?</summary>
public sealed record AuthorizeRequest
{
    public required IdToken IdToken { get; init; }

    [Text(10000, In201 = 5500)]
    public string? Certificate { get; init; }

    [AtLeastOne, AtMost(4)]
    public IReadOnlyList<OCSPRequestData>? Iso15118CertificateHashData { get; init; }
}

public sealed record AuthorizeResponse
{
    public required IdTokenInfo IdTokenInfo { get; init; }

    public AuthorizeCertificateStatus? CertificateStatus { get; init; }

    [Since("2.1"), AtLeastOne]
    public IReadOnlyList<EnergyTransferMode>? AllowedEnergyTransfer { get; init; }

    [Since("2.1")]
    public Tariff? Tariff { get; init; }
}

public enum AuthorizeCertificateStatus
{
    Accepted,
    SignatureError,
    CertificateExpired,
    CertificateRevoked,
    NoCertificateAvailable,
    CertChainError,
    ContractCancelled,
}
