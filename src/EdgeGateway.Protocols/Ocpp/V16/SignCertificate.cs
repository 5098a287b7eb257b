using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Have this signing request signed (security whitepaper, A02).</summary>
public sealed record SignCertificateRequest
{
    [Text(5500)]
    public required string Csr { get; init; }
}

public sealed record SignCertificateResponse
{
    public required GenericStatus Status { get; init; }
}

public enum GenericStatus
{
    Accepted,
    Rejected,
}
