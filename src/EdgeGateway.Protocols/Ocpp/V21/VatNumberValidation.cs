using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Is this VAT number valid, and whose is it (C)?</summary>
public sealed record VatNumberValidationRequest
{
    [Text(20, TooLong.Keep)]
    public required string VatNumber { get; init; }

    [NotBelow(0)]
    public int? EvseId { get; init; }
}

public sealed record VatNumberValidationResponse
{
    [Text(20, TooLong.Keep)]
    public required string VatNumber { get; init; }

    public required GenericStatus Status { get; init; }

    public Address? Company { get; init; }

    public StatusInfo? StatusInfo { get; init; }

    [NotBelow(0)]
    public int? EvseId { get; init; }
}
