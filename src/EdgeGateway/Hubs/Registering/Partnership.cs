using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs.Registering;

/// <summary>Handshakes that the hub begins: the mirror image of <see cref="Registration"/> (checklist §3).</summary>
public sealed class Partnership(
    Func<HubsOptions> options, SiteEngine engine, HubUrls urls, Registration registration, HubRemarks remarks, TimeProvider clock, ILogger<Partnership> log)
{
    /// <summary>C2: the token is the one by which the caller accesses us.</summary>
    public OurCredentials Show(Caller caller) => Ours(caller.Shown);

    /// <summary>POST: the hub registers with the token A that we gave it.</summary>
    public Task<OurCredentials> AcceptAsync(Caller caller, PeerCredentials peer, CancellationToken cancellationToken) =>
        // C1: who has a token of ours already is registered.
        caller.IsInvited
            ? AgreeAsync(caller, peer, cancellationToken)
            : throw OcpiException.MethodNotAllowed("already registered; PUT renews the credentials");

    /// <summary>PUT: the hub has a new token or address (C3).</summary>
    public Task<OurCredentials> RenewAsync(Caller caller, PeerCredentials peer, CancellationToken cancellationToken) =>
        !caller.IsInvited && caller.Link.Record.OutboundToken is not null
            ? AgreeAsync(caller, peer, cancellationToken)
            : throw OcpiException.MethodNotAllowed("not registered; POST registers");

    /// <summary>DELETE: both tokens die, what is owed stays (C4).</summary>
    public async Task LeaveAsync(Caller caller, CancellationToken cancellationToken)
    {
        var link = caller.Link;
        if (caller.IsInvited || link.Record.OutboundToken is null)
            throw OcpiException.MethodNotAllowed("not registered");
        await link.ChangeAsync(r => r.Forgotten(), cancellationToken);
        log.Unregistered(link.Name);
        remarks.Make(Severity.Error, "HubLeft", link.Name, "The hub has ended the registration; what it is owed waits for a new one.");
    }

    private async Task<OurCredentials> AgreeAsync(Caller caller, PeerCredentials peer, CancellationToken cancellationToken)
    {
        var link = caller.Link;
        if (!OcpiToken.IsWellFormed(peer.Token))
            throw OcpiException.InvalidParameters("token: 1 to 64 printable characters without blanks are expected");
        if (await urls.RefusalAsync(link, peer.Url, cancellationToken) is { } refusal)
            throw OcpiException.InvalidParameters($"url: {refusal}");
        // A handshake of ours may be under way at the same moment: one of the two waits, but not for ever.
        if (!await link.Handshaking.WaitAsync(link.Limits.CallTimeout, cancellationToken))
            throw OcpiException.Server("another handshake with this hub is under way");
        try
        {
            var looked = await Discovery.LookAsync(link, urls, peer.Url, peer.Token, caller.Encoding, cancellationToken);
            if (looked.Found is not { } found)
                throw OcpiException.Content(looked.Code, looked.Failure!);
            var token = OcpiToken.Generate();
            var now = clock.GetUtcNow();
            var shown = InboundTokens.DigestOf(caller.Shown);
            var isMade = caller.IsInvited && link.Record.Invitation?.Digest == shown;
            var isConfigured = caller.IsInvited && !isMade;
            await link.ChangeAsync(
                r => r with
                {
                    OutboundToken = peer.Token,
                    Encoding = found.Encoding,
                    Version = found.Version,
                    VersionsUrl = peer.Url,
                    Endpoints = found.Endpoints,
                    Parties = peer.Parties,
                    InboundTokens = InboundTokens.Confirm(r.InboundTokens, token, now, link.Limits),
                    Pending = null,
                    SpentRegistration = isConfigured ? shown : r.SpentRegistration,
                    SpentGraceUntil = isConfigured ? now + link.Limits.OldTokenLife : r.SpentGraceUntil,
                    Invitation = isMade ? r.Invitation! with { Until = r.Invitation.Until ?? now + link.Limits.OldTokenLife } : r.Invitation,
                    RegisteredAt = now,
                    Welcomed = false,
                },
                cancellationToken);
            link.Circuit.Reset();
            link.Trouble = null;
            log.Registered(link.Name, found.Version);
            // Its answer must not wait for the site; the hub's loop does it otherwise.
            _ = WelcomeAsync(link);
            return Ours(token);
        }
        finally
        {
            link.Handshaking.Release();
        }
    }

    private async Task WelcomeAsync(HubLink link)
    {
        try
        {
            await registration.WelcomeAsync(link, CancellationToken.None);
        }
        catch (NotRecordedException)
        {
            // Not welcomed on disk: done again at the next start, or by the hub's loop.
        }
    }

    private OurCredentials Ours(string token)
    {
        var site = engine.State.Configuration;
        return new(token, $"{options().PublicUrl.TrimEnd('/')}/versions", site.Party, site.PartyName);
    }
}
