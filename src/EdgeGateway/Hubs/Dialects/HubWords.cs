using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Hubs.Dialects;

/// <param name="Target">What it is about: a repeat without a correlation id is recognised by it (K8).</param>
/// <param name="Request">What to ask of the site; its answer is a grant.</param>
public sealed record HubCommand(string ResponseUrl, string Target, Site.Request<Grant> Request)
{
    /// <summary>The target for the log, without a whole uid (S11).</summary>
    public string Shown { get; init; } = Target;
}

/// <summary>The answer at once.</summary>
public enum CommandReply
{
    Accepted,
    Rejected,
    NotSupported,
    UnknownSession,
}

/// <param name="Uid">As it is to be asked about.</param>
/// <param name="Known">The stored token, if there is one.</param>
/// <param name="ConnectorIds">Of the EVSEs, for 2.1.1.</param>
public sealed record AuthorizationQuestion(
    string Uid, TokenType Type, Token? Known, string LocationId, IReadOnlyList<string> EvseUids, IReadOnlyList<string> ConnectorIds)
{
    /// <summary>The hub's own party, as far as it is known: whose a card is that nobody named, where answers name no token (2.1.1).</summary>
    public Party? HubParty { get; init; }
}

/// <param name="Skipped">What was wrong with each object that could not be read.</param>
public sealed record TokenPage(string Url, OcpiReply Reply, IReadOnlyList<Token> Tokens, IReadOnlyList<string> Skipped, OcpiCrawlEnd End);

/// <summary>What a hub wants of a session's power.</summary>
public sealed record ProfileWish(string ResponseUrl, ChargingLimits Limits);

/// <summary>The answer at once (CP1).</summary>
public enum ProfileReply
{
    Accepted,
    Rejected,
    NotSupported,
    TooOften,
    UnknownSession,
}

/// <summary>Which of the three results is posted: ChargingProfileResult, ActiveChargingProfileResult, ClearProfileResult.</summary>
public enum ProfileKind
{
    Set,
    Ask,
    Clear,
}

/// <summary>A party behind the hub.</summary>
/// <param name="Role">As on the wire: EMSP, CPO, …</param>
public sealed record HubClient(string CountryCode, string PartyId, string Role, HubClientStatus Status, DateTimeOffset LastUpdated)
{
    /// <summary>One party may be there in several roles.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => $"{CountryCode}*{PartyId}*{Role}".ToUpperInvariant();

    public bool Is(HubClient other) => Key == other.Key;
}

public enum HubClientStatus
{
    Connected,
    Offline,
    Planned,
    Suspended,
}

public sealed record ClientPage(string Url, OcpiReply Reply, IReadOnlyList<HubClient> Clients, IReadOnlyList<string> Skipped, OcpiCrawlEnd End);

/// <summary>Token types as words of a url.</summary>
internal static class TokenTypes
{
    /// <summary>RFID when not said (TK1); null for a word that is none of the standard's.</summary>
    public static TokenType? Read(string? text) => text is null ? TokenType.Rfid : text.Trim().ToUpperInvariant() switch
    {
        "RFID" => TokenType.Rfid,
        "APP_USER" => TokenType.AppUser,
        "AD_HOC_USER" => TokenType.AdHocUser,
        "EMAID" => TokenType.Emaid,
        "OTHER" => TokenType.Other,
        _ => null,
    };
}
