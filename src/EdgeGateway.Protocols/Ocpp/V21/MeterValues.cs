using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Meter samples outside transactions (J01). Always answered, so what is required may be null.</summary>
public sealed record MeterValuesRequest
{
    [NotBelow(0)]
    public required int? EvseId { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<MeterValue> MeterValue { get; init; }
}

public sealed record MeterValuesResponse;
