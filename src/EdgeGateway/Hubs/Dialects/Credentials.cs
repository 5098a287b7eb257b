using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs.Dialects;

/// <summary>What a hub gave us of itself.</summary>
/// <param name="Token">With which we call it from now on.</param>
/// <param name="Url">Its versions url.</param>
public sealed record PeerCredentials(string Token, string Url, IReadOnlyList<HubParty> Parties)
{
    public override string ToString() => $"PeerCredentials {{ {Url} }}";
}

/// <param name="Token">With which the hub calls us from now on.</param>
/// <param name="Url">Our versions url.</param>
public sealed record OurCredentials(string Token, string Url, Party Party, string PartyName)
{
    public override string ToString() => $"OurCredentials {{ {Url} }}";
}
