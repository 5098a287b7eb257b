using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Hubs;

/// <summary>What is remembered of a hub across restarts (document <c>hub/NAME</c>). Each step of a handshake is stored before it acts (C7).</summary>
public sealed record HubRecord
{
    /// <summary>Token C: with it we call the hub. Null: not registered.</summary>
    public string? OutboundToken { get; init; }

    /// <summary>How the hub reads our tokens, found by trial or by version (T2).</summary>
    public TokenEncoding Encoding { get; init; } = TokenEncoding.Base64;

    /// <summary>The version agreed on: <c>2.2.1</c>.</summary>
    public string? Version { get; init; }

    /// <summary>The hub's versions url, as it told it; else the configured one holds.</summary>
    public string? VersionsUrl { get; init; }
    public IReadOnlyList<HubEndpoint> Endpoints { get; init; } = [];
    public IReadOnlyList<HubParty> Parties { get; init; } = [];

    /// <summary>The tokens by which the hub may call us, as digests.</summary>
    public IReadOnlyList<InboundToken> InboundTokens { get; init; } = [];

    /// <summary>A handshake of ours whose end is not known yet: it is repeated, after a restart too (C6).</summary>
    public PendingHandshake? Pending { get; init; }

    /// <summary>Digest of the token A that has done its work; it is never used again (PRODUCT §3).</summary>
    public string? SpentRegistration { get; init; }

    /// <summary>Until then a token A may be shown again, because our answer may have been lost (C5). Ended by the first use of the token we gave.</summary>
    public DateTimeOffset? SpentGraceUntil { get; init; }
    public DateTimeOffset? RegisteredAt { get; init; }

    /// <summary>A token A that we made for the hub to register with, beside a configured one.</summary>
    public Invitation? Invitation { get; init; }

    /// <summary>The version in which the hub was last shown what it is owed: what it refused in another one is shown to it anew.</summary>
    public string? ShownIn { get; init; }

    /// <summary>The site has been asked to owe this hub all tariffs and locations.</summary>
    public bool Welcomed { get; init; }

    /// <summary>Registered, and not on the way out.</summary>
    [JsonIgnore]
    public bool IsPartner => OutboundToken is not null && Pending?.Step != HandshakeStep.Delete;

    /// <summary>Of a hub that is a partner no more; what must never be used again, and what has yet to be, stays known.</summary>
    public HubRecord Forgotten() =>
        new() { SpentRegistration = SpentRegistration, Encoding = Encoding, ShownIn = ShownIn, Invitation = Invitation is { Until: null } ? Invitation : null };

    public string? Endpoint(string module, bool receiver) => Endpoints.FirstOrDefault(e =>
        string.Equals(e.Module, module, StringComparison.OrdinalIgnoreCase) && (e.Receiver is null || e.Receiver == receiver))?.Url;

    /// <summary>Records have their secrets in them, logs must not (S11).</summary>
    public override string ToString() => $"HubRecord {{ {Version ?? "unregistered"} }}";
}

/// <param name="Receiver">Null where the role means nothing (credentials, and all of 2.1.1).</param>
public sealed record HubEndpoint(string Module, bool? Receiver, string Url);

/// <param name="Role">As on the wire: HUB, EMSP, …</param>
public sealed record HubParty(string Role, string CountryCode, string PartyId, string Name)
{
    /// <summary>The hub itself: a role of its own in 2.2.1, <c>hub_party_id</c> in 2.3.0 (checklist §3).</summary>
    public const string Hub = "HUB";
}

/// <param name="Digest">SHA-256 in hexadecimal.</param>
/// <param name="Until">When it ends; null for the one in force.</param>
/// <param name="Offered">Given out in a handshake that has not ended: valid already, because the hub calls back during it, but its use proves nothing yet.</param>
public sealed record InboundToken(string Digest, DateTimeOffset Since, DateTimeOffset? Until, bool Offered);

/// <param name="Digest">SHA-256 in hexadecimal.</param>
/// <param name="Until">Null until it is used; then it may be shown again for a while, because our answer may have been lost (C5).</param>
public sealed record Invitation(string Digest, DateTimeOffset Since, DateTimeOffset? Until);

public enum HandshakeStep
{
    Post,
    Put,
    Delete,
}

/// <param name="RegistrationToken">Token A, when it came by hand and not from the configuration; gone when the handshake ends.</param>
public sealed record PendingHandshake(HandshakeStep Step, string? RegistrationToken, DateTimeOffset Since)
{
    public override string ToString() => $"{Step} since {Since:u}";
}

/// <summary>How far a pull of tokens has come (document <c>hub/NAME/tokens</c>).</summary>
public sealed record TokenPullRecord
{
    /// <summary>Of the registration under which it was pulled.</summary>
    public DateTimeOffset? Registered { get; init; }
    public DateTimeOffset? LastFull { get; init; }

    /// <summary>Start of the last pull that succeeded.</summary>
    public DateTimeOffset? LastStart { get; init; }

    /// <summary>Page to go on with; null when no pull is under way.</summary>
    public string? Page { get; init; }
    public DateTimeOffset? Started { get; init; }
    public bool Full { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(HubRecord))]
[JsonSerializable(typeof(TokenPullRecord))]
[JsonSerializable(typeof(HubClientRecord))]
internal sealed partial class HubJsonContext : JsonSerializerContext;
