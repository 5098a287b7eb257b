using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>Credentials both ways (checklist §3). Unknown roles are kept as they are written.</summary>
internal static class CredentialsMapping
{
    /// <summary>Country and party in one: <c>DEENA</c>.</summary>
    private const int HubPartyLength = 5;

    public static Wire.Credentials Credentials(OurCredentials ours) => new()
    {
        Token = ours.Token,
        Url = ours.Url,
        Roles =
        [
            new()
            {
                Role = Wire.Role.Cpo,
                BusinessDetails = new() { Name = ours.PartyName },
                CountryCode = ours.Party.CountryCode,
                PartyId = ours.Party.PartyId,
            },
        ],
    };

    public static PeerCredentials Peer(Wire.Credentials theirs)
    {
        List<HubParty> parties = [.. theirs.Roles.Select(r => new HubParty(r.Role.Text, r.CountryCode, r.PartyId, r.BusinessDetails.Name))];
        // 2.3.0 has no role HUB: the roles are the parties behind it, and it names itself apart.
        if (theirs.HubPartyId is { Length: HubPartyLength } id && !parties.Exists(p => p.Role == HubParty.Hub))
            parties.Insert(0, new(HubParty.Hub, id[..2].ToUpperInvariant(), id[2..].ToUpperInvariant(), id));
        return new(theirs.Token, theirs.Url, parties);
    }
}
