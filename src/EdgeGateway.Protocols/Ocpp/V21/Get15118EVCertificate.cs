using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>An EV asks for a contract certificate, through the station (M01, M02).</summary>
public sealed record Get15118EVCertificateRequest
{
    [Text(50, TooLong.Keep)]
    public required string Iso15118SchemaVersion { get; init; }

    public required CertificateAction Action { get; init; }

    [Text(11000, In201 = 5600)]
    public required string ExiRequest { get; init; }

    [Since("2.1"), NotBelow(0)]
    public int? MaximumContractCertificateChains { get; init; }

    [Since("2.1"), AtLeastOne, AtMost(8), Text(255, TooLong.Keep)]
    public IReadOnlyList<string>? PrioritizedEMAIDs { get; init; }
}

public enum CertificateAction
{
    Install,
    Update,
}

public sealed record Get15118EVCertificateResponse
{
    public required Iso15118EVCertificateStatus Status { get; init; }

    [Text(17000, In201 = 5600)]
    public required string ExiResponse { get; init; }

    public StatusInfo? StatusInfo { get; init; }

    [Since("2.1"), NotBelow(0)]
    public int? RemainingContracts { get; init; }
}

public enum Iso15118EVCertificateStatus
{
    Accepted,
    Failed,
}
