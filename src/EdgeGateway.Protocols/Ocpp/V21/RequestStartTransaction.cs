using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Start a transaction for this token (F01, F02).</summary>
public sealed record RequestStartTransactionRequest
{
    public required IdToken IdToken { get; init; }

    public required int RemoteStartId { get; init; }

    [NotBelow(1)]
    public int? EvseId { get; init; }

    public IdToken? GroupIdToken { get; init; }

    [Vital]
    public ChargingProfile? ChargingProfile { get; init; }
}

public sealed record RequestStartTransactionResponse
{
    public required RequestStartStopStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }

    [Text(36, TooLong.Keep)]
    public string? TransactionId { get; init; }
}
