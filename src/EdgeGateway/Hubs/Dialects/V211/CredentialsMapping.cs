using Wire = EdgeGateway.Protocols.Ocpi.V211;

namespace EdgeGateway.Hubs.Dialects.V211;

/// <summary>Credentials both ways (checklist §3): one party each (C9), and nothing says what it is.</summary>
internal static class CredentialsMapping
{
    /// <summary>What the record of a hub calls the party behind it, where the hub itself does not say.</summary>
    private const string UnsaidRole = "HUB";

    public static Wire.Credentials Credentials(OurCredentials ours) => new()
    {
        Token = ours.Token,
        Url = ours.Url,
        BusinessDetails = new() { Name = PlainText.Of(ours.PartyName, 100) ?? ours.Party.PartyId },
        CountryCode = ours.Party.CountryCode,
        PartyId = ours.Party.PartyId,
    };

    public static PeerCredentials Peer(Wire.Credentials theirs) =>
        new(theirs.Token, theirs.Url, [new(UnsaidRole, theirs.CountryCode, theirs.PartyId, theirs.BusinessDetails.Name)]);
}
