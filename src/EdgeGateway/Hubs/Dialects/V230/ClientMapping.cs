using EdgeGateway.Protocols.Ocpi;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>Parties behind the hub (H1). Roles stay as they are written: 2.2.1's HUB, and whatever comes after 2.3.0.</summary>
internal static class ClientMapping
{
    /// <summary>Null for a status that is none of the standard's: what it would mean for the party's tokens is not known.</summary>
    public static HubClient? Client(Wire.ClientInfo info) => info.Status.Known is not { } status ? null : new(
        info.CountryCode,
        info.PartyId,
        info.Role.Text,
        status switch
        {
            Wire.ConnectionStatus.Offline => HubClientStatus.Offline,
            Wire.ConnectionStatus.Planned => HubClientStatus.Planned,
            Wire.ConnectionStatus.Suspended => HubClientStatus.Suspended,
            _ => HubClientStatus.Connected,
        },
        info.LastUpdated);

    public static string Unknown(Wire.ClientInfo info) => $"status: {info.Status} found, one of {string.Join(", ", EnumText.All<Wire.ConnectionStatus>())} expected";

    public static Wire.ClientInfo Info(HubClient client) => new()
    {
        CountryCode = client.CountryCode,
        PartyId = client.PartyId,
        Role = new Open<Wire.Role>(client.Role),
        Status = client.Status switch
        {
            HubClientStatus.Offline => Wire.ConnectionStatus.Offline,
            HubClientStatus.Planned => Wire.ConnectionStatus.Planned,
            HubClientStatus.Suspended => Wire.ConnectionStatus.Suspended,
            _ => Wire.ConnectionStatus.Connected,
        },
        LastUpdated = client.LastUpdated,
    };
}
