using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Report or erase what the station holds on a customer (N09, N10).</summary>
public sealed record CustomerInformationRequest
{
    [NotBelow(0)]
    public required int RequestId { get; init; }

    public required bool Report { get; init; }

    public required bool Clear { get; init; }

    public CertificateHashData? CustomerCertificate { get; init; }

    public IdToken? IdToken { get; init; }

    [Text(64, TooLong.Keep)]
    public string? CustomerIdentifier { get; init; }
}

public sealed record CustomerInformationResponse
{
    public required CustomerInformationStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum CustomerInformationStatus
{
    Accepted,
    Rejected,
    Invalid,
}
