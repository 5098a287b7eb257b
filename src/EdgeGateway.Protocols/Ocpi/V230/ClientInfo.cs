using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>Module hubclientinfo (H1): a party behind the hub and whether it can be reached.</summary>
public sealed record ClientInfo
{
    [CiString(3, Min = 3)]
    public required string PartyId { get; init; }

    [CiString(2, Min = 2)]
    public required string CountryCode { get; init; }

    public required Open<Role> Role { get; init; }

    public required Open<ConnectionStatus> Status { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<ConnectionStatus>))]
public enum ConnectionStatus
{
    Connected,
    Offline,
    Planned,
    Suspended,
}
