using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Somebody has begun to pay on the web for this EVSE (C25).</summary>
public sealed record NotifyWebPaymentStartedRequest
{
    [NotBelow(0)]
    public required int EvseId { get; init; }

    /// <summary>In seconds.</summary>
    public required int Timeout { get; init; }
}

public sealed record NotifyWebPaymentStartedResponse;
