using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>Credentials both ways (checklist §3). Unknown roles are kept as they are written.</summary>
internal static class CredentialsMapping
{
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

    public static PeerCredentials Peer(Wire.Credentials theirs) => new(
        theirs.Token, theirs.Url, [.. theirs.Roles.Select(r => new HubParty(r.Role.Text, r.CountryCode, r.PartyId, r.BusinessDetails.Name))]);
}
