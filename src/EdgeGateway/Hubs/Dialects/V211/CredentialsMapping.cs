using Wire = EdgeGateway.Protocols.Ocpi.V211;

namespace EdgeGateway.Hubs.Dialects.V211;

/// <summary>Credentials both ways (checklist §3): one party each (C9), and nothing says what it is.</summary>
internal static class CredentialsMapping
{
    public static Wire.Credentials Credentials(OurCredentials ours) => new()
    {
        Token = ours.Token,
        Url = ours.Url,
        BusinessDetails = new() { Name = PlainText.Of(ours.PartyName, 100) ?? ours.Party.PartyId },
        CountryCode = ours.Party.CountryCode,
        PartyId = ours.Party.PartyId,
    };

    /// <summary>The one party that speaks here is the hub, whatever else it is.</summary>
    public static PeerCredentials Peer(Wire.Credentials theirs) =>
        new(theirs.Token, theirs.Url, [new(HubParty.Hub, theirs.CountryCode, theirs.PartyId, theirs.BusinessDetails.Name)]);
}
