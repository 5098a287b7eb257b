using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A postal address.</summary>
public sealed record Address
{
    [Text(50, TooLong.Keep)]
    public required string Name { get; init; }

    [Text(100, TooLong.Keep)]
    public required string Address1 { get; init; }

    [Text(100, TooLong.Keep)]
    public required string City { get; init; }

    [Text(50, TooLong.Keep)]
    public required string Country { get; init; }

    [Text(100, TooLong.Keep)]
    public string? Address2 { get; init; }

    [Text(20, TooLong.Keep)]
    public string? PostalCode { get; init; }
}
