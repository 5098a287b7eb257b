using System.Collections.Concurrent;
using System.Security.Cryptography;
using EdgeGateway.Hubs.Delivery;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;

namespace EdgeGateway.Hubs;

/// <summary>The hubs that the configuration names, each with its living state.</summary>
public sealed class HubLinks(Func<HubsOptions> options, IDocuments documents, Backoff backoff, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<string, HubLink> _links = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<HubLink> All => [.. options().Hubs.Select(h => Find(h.Name)).OfType<HubLink>()];

    public HubLink? Find(string name) => options().Hub(name) is not null && _links.TryGetValue(name, out var link) ? link : null;

    /// <summary>Takes in hubs that the file has come to name. One that it names no more is kept aside: it may come back.</summary>
    public async Task<IReadOnlyList<HubLink>> LoadNewAsync(CancellationToken cancellationToken)
    {
        List<HubLink> loaded = [];
        foreach (var hub in options().Hubs.Where(h => !_links.ContainsKey(h.Name)))
        {
            var link = new HubLink(hub.Name, options, documents, backoff, clock);
            await link.LoadAsync(cancellationToken);
            if (_links.TryAdd(hub.Name, link))
                loaded.Add(link);
        }
        return loaded;
    }

    /// <summary>Who calls us with this header? Every token of every hub is compared, in constant time (S8); no store is asked (V5).</summary>
    public Caller? Identify(string? authorization)
    {
        Caller? found = null;
        var now = clock.GetUtcNow();
        var candidates = OcpiToken.Candidates(authorization);
        foreach (var candidate in candidates)
        {
            var encoding = candidates.Count > 1 && ReferenceEquals(candidate, candidates[0]) ? TokenEncoding.Base64 : TokenEncoding.Plain;
            var digest = OcpiToken.Digest(candidate);
            foreach (var link in All)
            {
                foreach (var token in link.Record.InboundTokens)
                {
                    if (CryptographicOperations.FixedTimeEquals(Convert.FromHexString(token.Digest), digest) && (token.Until is null || token.Until > now))
                        found ??= new(link, candidate, token) { Encoding = encoding };
                }
                if (Invited(link, digest, now))
                    found ??= new(link, candidate, null) { Encoding = encoding };
            }
        }
        return found;
    }

    public void Dispose()
    {
        foreach (var link in _links.Values)
            link.Dispose();
    }

    /// <summary>A hub that registers with us shows the token A we gave it: once, or again while our answer may have been lost (C5).</summary>
    private static bool Invited(HubLink link, byte[] digest, DateTimeOffset now)
    {
        if (link.Options.Initiator != HubInitiator.Hub)
            return false;
        if (link.Record.Invitation is { } made && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(made.Digest), digest))
            return made.Until is null || made.Until > now;
        if (link.Options.RegistrationToken is not { Length: > 0 } token)
            return false;
        var expected = OcpiToken.Digest(token);
        return CryptographicOperations.FixedTimeEquals(expected, digest)
            && (link.Record.SpentRegistration != Convert.ToHexString(expected) || link.Record.SpentGraceUntil > now);
    }
}

/// <param name="Shown">The token as shown, for the answer of GET credentials (C2); never logged.</param>
/// <param name="Token">Null: it is a registration token, good for versions, details and credentials only (T4).</param>
public sealed record Caller(HubLink Link, string Shown, InboundToken? Token)
{
    public bool IsInvited => Token is null;

    /// <summary>How the hub wrote it (T2): most likely how it wants to be written to.</summary>
    public TokenEncoding Encoding { get; init; }

    public override string ToString() => Link.Name;
}
