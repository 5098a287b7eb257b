using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Hubs.Registering;

/// <summary>Handshakes that we begin (checklist §3). What a step is about to do is stored before it is done, so that after a crash the same step
/// is simply done again (C7); the end is stored in one piece: token, endpoints, parties and version.</summary>
public sealed class Registration(Func<HubsOptions> options, SiteEngine engine, IOutbox outbox, HubUrls urls, HubRemarks remarks, TimeProvider clock, ILogger<Registration> log)
{
    private const string UsedUp =
        "the hub says that this registration token is used up, so it may hold us for registered; ask it to reset the registration and for a new token";

    /// <summary>Refused objects that a new version brings to life again.</summary>
    private const int MostRefused = 10_000;

    /// <summary>POST with token A: the given one, or the configured one.</summary>
    public Task<HubAnswer> RegisterAsync(HubLink link, string? token, CancellationToken cancellationToken) => AloneAsync(link, HandshakeStep.Post, async () =>
    {
        var record = link.Record;
        var registration = token ?? record.Pending?.RegistrationToken ?? link.Options.RegistrationToken;
        if (string.IsNullOrEmpty(registration) || !OcpiToken.IsWellFormed(registration))
            return HubAnswer.No("there is no registration token (token A) for this hub, or it is not 1 to 64 printable characters");
        if (token is null && record is { OutboundToken: not null, Pending: not { Step: HandshakeStep.Post } })
            return HubAnswer.No("it is registered already; use update to renew the credentials, or give a new registration token");
        // Whoever waited here while another finished the same handshake has nothing more to do.
        if (IsSpent(record, registration) && record is { OutboundToken: not null, Pending: null })
            return HubAnswer.Ok("it is registered with this token");
        if (IsSpent(record, registration))
            return HubAnswer.No("this registration token has done its work and is never used again; ask the hub for a new one");
        if (link.Options.VersionsUrl is not { } versionsUrl)
            return HubAnswer.No("the configuration has no VersionsUrl for this hub");
        if (urls.Insecure(versionsUrl) is { } insecure)
            return HubAnswer.No($"VersionsUrl: {insecure}");

        // Version and endpoints first: a hub that lacks what we need is not half registered with (C7).
        var looked = await Discovery.LookAsync(link, urls, versionsUrl, registration, null, cancellationToken);
        if (looked.Found is not { } found)
        {
            // C6: with a POST of ours of unknown end, a hub that knows token A no more most likely took it.
            var advice = looked.IsUnauthorized && record.Pending?.Step == HandshakeStep.Post ? $": {UsedUp}" : "";
            return new(false, looked.Failure + advice, looked.MayPass);
        }

        // The plain text of a token that came by hand is kept until the handshake ends, so that a restart can go on.
        var byHand = registration == link.Options.RegistrationToken ? null : registration;
        return await ExchangeAsync(link, found, registration, new(HandshakeStep.Post, byHand, clock.GetUtcNow()), cancellationToken);
    }, cancellationToken);

    /// <summary>PUT: new tokens on both sides, endpoints and version looked at again (C3, V6).</summary>
    public Task<HubAnswer> UpdateAsync(HubLink link, CancellationToken cancellationToken) => AloneAsync(link, HandshakeStep.Put, async () =>
    {
        var record = link.Record;
        if (record.OutboundToken is not { } token)
            return HubAnswer.No("it is not registered; use register");
        if ((link.Options.VersionsUrl ?? record.VersionsUrl) is not { } versionsUrl)
            return HubAnswer.No("no versions url is known");
        var looked = await Discovery.LookAsync(link, urls, versionsUrl, token, null, cancellationToken);
        if (looked.Found is not { } found)
            return new(false, looked.Failure!, looked.MayPass);
        return await ExchangeAsync(link, found, token, new(HandshakeStep.Put, null, clock.GetUtcNow()), cancellationToken);
    }, cancellationToken);

    /// <summary>DELETE: both tokens die, pushing stops, what is owed stays (C4).</summary>
    public Task<HubAnswer> UnregisterAsync(HubLink link, CancellationToken cancellationToken) => AloneAsync(link, HandshakeStep.Delete, async () =>
    {
        var record = link.Record;
        if (record.OutboundToken is null || link.Client() is not { } client || record.Endpoint("credentials", receiver: true) is not { } url)
        {
            await link.ChangeAsync(r => r.Forgotten(), cancellationToken);
            return HubAnswer.Ok("it was not registered");
        }
        await link.ChangeAsync(r => r with { Pending = new(HandshakeStep.Delete, null, clock.GetUtcNow()) }, cancellationToken);
        var reply = await client.DeleteAsync(url, null, cancellationToken);
        // 401 and 405: the hub knows nothing of us any more, which is what was wanted.
        if (!reply.IsSuccess && reply.HttpStatus is not (401 or 404 or 405))
            return HubAnswer.Later($"DELETE credentials: {reply.Reason}; pushing has stopped, and it is tried again");
        await link.ChangeAsync(r => r.Forgotten(), cancellationToken);
        link.Circuit.Reset();
        log.Unregistered(link.Name);
        return HubAnswer.Ok("unregistered");
    }, cancellationToken);

    /// <summary>For a hub that does not answer any more: forgotten here, whatever it thinks. What it is owed stays.</summary>
    public Task<HubAnswer> ForgetAsync(HubLink link, CancellationToken cancellationToken) => AloneAsync(link, HandshakeStep.Delete, async () =>
    {
        await link.ChangeAsync(r => r.Forgotten(), cancellationToken);
        link.Circuit.Reset();
        log.Unregistered(link.Name);
        return HubAnswer.Ok("forgotten here; the hub has not been told");
    }, cancellationToken);

    /// <summary>Makes a token A for a hub that registers with us. It replaces one made before, and lives until it is used.</summary>
    public async Task<HubAnswer> InviteAsync(HubLink link, CancellationToken cancellationToken)
    {
        if (link.Options.Initiator != HubInitiator.Hub)
            return HubAnswer.No("its Initiator is Us; a hub that is to register with us has Initiator Hub in the configuration");
        var token = OcpiToken.Generate();
        await link.ChangeAsync(r => r with { Invitation = new(InboundTokens.DigestOf(token), clock.GetUtcNow(), null) }, cancellationToken);
        return HubAnswer.Ok("the hub may register with this token") with { Invitation = token };
    }

    /// <summary>The endpoints may have moved (V6). True when something differs.</summary>
    public async Task<bool> RefreshAsync(HubLink link, CancellationToken cancellationToken)
    {
        var record = link.Record;
        if (record.OutboundToken is not { } token || (link.Options.VersionsUrl ?? record.VersionsUrl) is not { } versionsUrl)
            return false;
        var looked = await Discovery.LookAsync(link, urls, versionsUrl, token, null, cancellationToken);
        // Another version is the hub's business only after a PUT (C3).
        if (looked.Found is not { } found || found.Version != record.Version || found.Endpoints.SequenceEqual(record.Endpoints))
            return false;
        await link.ChangeAsync(r => r.OutboundToken == token ? r with { Endpoints = found.Endpoints } : r, cancellationToken);
        return true;
    }

    /// <summary>A new partner has nothing of us yet. Asked again after a restart, until it is on disk that it was done.</summary>
    public async Task WelcomeAsync(HubLink link, CancellationToken cancellationToken)
    {
        if (link.Record is not { IsPartner: true, Welcomed: false })
            return;
        await engine.RequestAsync(new WelcomeHub(link.Name), cancellationToken);
        // What was refused in another version may be right in this one.
        if (link.Record is { ShownIn: { } before, Version: var version } && before != version)
        {
            foreach (var refused in await outbox.ListAsync(link.Name, OwedState.Refused, MostRefused, cancellationToken))
                await outbox.RetryAsync(refused.Id, cancellationToken);
        }
        await link.ChangeAsync(r => r with { Welcomed = true, ShownIn = r.Version }, cancellationToken);
    }

    internal static bool IsSpent(HubRecord record, string registration) => record.SpentRegistration == InboundTokens.DigestOf(registration);

    private async Task<HubAnswer> ExchangeAsync(HubLink link, Discovered found, string token, PendingHandshake pending, CancellationToken cancellationToken)
    {
        var offered = OcpiToken.Generate();
        await link.ChangeAsync(
            r => r with { Pending = pending, InboundTokens = InboundTokens.Offer(r.InboundTokens, offered, clock.GetUtcNow(), link.Limits) }, cancellationToken);

        var renew = pending.Step == HandshakeStep.Put;
        var url = found.Endpoints.First(e => string.Equals(e.Module, "credentials", StringComparison.OrdinalIgnoreCase)).Url;
        var client = link.Client(token, found.Encoding, found.Dialect.Format);
        var (reply, peer) = await found.Dialect.ExchangeCredentialsAsync(client, url, renew, Ours(offered), cancellationToken);
        if (peer is null)
            return await RefusedAsync(link, reply, renew, cancellationToken);
        if (!OcpiToken.IsWellFormed(peer.Token))
            return HubAnswer.Later("the hub's answer has a token that is not 1 to 64 printable characters");

        var theirs = await urls.RefusalAsync(link, peer.Url, cancellationToken) is null ? peer.Url : null;
        await link.ChangeAsync(r => Agreed(r, found, peer, theirs, offered, renew ? r.SpentRegistration : InboundTokens.DigestOf(token), link.Limits), cancellationToken);
        link.Circuit.Reset();
        log.Registered(link.Name, found.Version);
        await WelcomeAsync(link, cancellationToken);
        return HubAnswer.Ok($"{(renew ? "credentials renewed" : "registered")}, OCPI {found.Version}");
    }

    private async Task<HubAnswer> RefusedAsync(HubLink link, OcpiReply reply, bool renew, CancellationToken cancellationToken)
    {
        var what = $"{(renew ? "PUT" : "POST")} credentials: {reply.Reason}";
        if (reply.HttpStatus is 401 or 403 or 405)
        {
            // C6: an earlier try may have got through, and its answer been lost. Only people can mend that.
            var advice = renew
                ? "the hub does not take our credentials any more; ask it for a new registration token and run register --token"
                : UsedUp;
            await link.ChangeAsync(r => r with { Pending = null }, cancellationToken);
            return HubAnswer.No($"{what}: {advice}");
        }
        if (reply.Outcome == OcpiOutcome.Retryable)
            return HubAnswer.Later(what);
        await link.ChangeAsync(r => r with { Pending = null }, cancellationToken);
        return HubAnswer.No(what);
    }

    private HubRecord Agreed(HubRecord record, Discovered found, PeerCredentials peer, string? versionsUrl, string inbound, string? spent, HubLimits limits) => record with
    {
        OutboundToken = peer.Token,
        Encoding = found.Encoding,
        Version = found.Version,
        VersionsUrl = versionsUrl,
        Endpoints = found.Endpoints,
        Parties = peer.Parties,
        InboundTokens = InboundTokens.Confirm(record.InboundTokens, inbound, clock.GetUtcNow(), limits),
        Pending = null,
        SpentRegistration = spent,
        SpentGraceUntil = null,
        RegisteredAt = clock.GetUtcNow(),
        Welcomed = false,
    };

    private OurCredentials Ours(string token)
    {
        var site = engine.State.Configuration;
        return new(token, $"{options().PublicUrl.TrimEnd('/')}/versions", site.Party, site.PartyName);
    }

    private async Task<HubAnswer> AloneAsync(HubLink link, HandshakeStep step, Func<Task<HubAnswer>> handshake, CancellationToken cancellationToken)
    {
        await link.Handshaking.WaitAsync(cancellationToken);
        try
        {
            var answer = await handshake();
            if (!answer.Done && link.Trouble != answer.Text)
            {
                log.HandshakeFailed(link.Name, step.ToString(), answer.Text);
                remarks.Make(answer.MayPass ? Severity.Warning : Severity.Error, "HubHandshakeFailed", link.Name, answer.Text);
            }
            link.Trouble = answer.Done ? null : answer.Text;
            return answer;
        }
        finally
        {
            link.Handshaking.Release();
        }
    }
}
