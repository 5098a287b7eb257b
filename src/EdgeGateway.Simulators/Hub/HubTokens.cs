using System.Collections.Concurrent;

namespace EdgeGateway.Simulators.Hub;

/// <summary>A driver's token as the hub knows it.</summary>
public sealed record HubToken
{
    public required string Uid { get; init; }
    public string Type { get; init; } = "RFID";
    public string CountryCode { get; init; } = "DE";
    public string PartyId { get; init; } = "MSP";
    public required string ContractId { get; init; }
    public bool Valid { get; init; } = true;

    /// <summary>ALWAYS, ALLOWED, ALLOWED_OFFLINE or NEVER.</summary>
    public string Whitelist { get; init; } = "ALLOWED";

    /// <summary>Answer to a real-time authorization.</summary>
    public string Allowed { get; init; } = "ALLOWED";

    /// <summary>Known in real time only: not in the list that CPOs pull.</summary>
    public bool Unlisted { get; init; }
    public DateTimeOffset LastUpdated { get; init; }
}

/// <summary>The tokens of the parties behind a hub.</summary>
public sealed class HubTokens
{
    private readonly ConcurrentDictionary<string, HubToken> _tokens = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<AuthorizeAsked> _asked = [];

    /// <summary>Real-time authorizations, in order.</summary>
    public IReadOnlyList<AuthorizeAsked> Asked => [.. _asked];

    public void Put(HubToken token) => _tokens[token.Uid] = token;

    public HubToken? Find(string uid) => _tokens.GetValueOrDefault(uid);

    internal void Note(AuthorizeAsked asked) => _asked.Enqueue(asked);

    internal List<HubToken> Listed(DateTimeOffset? from, DateTimeOffset? to) =>
    [
        .. _tokens.Values
            .Where(t => !t.Unlisted && (from is null || t.LastUpdated >= from) && (to is null || t.LastUpdated < to))
            .OrderBy(t => t.LastUpdated).ThenBy(t => t.Uid, StringComparer.Ordinal),
    ];
}
