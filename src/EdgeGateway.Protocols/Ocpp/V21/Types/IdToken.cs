using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>What somebody identifies themselves with. <see cref="Type"/> is null only in a TransactionEvent that leaves it out.</summary>
public sealed record IdToken
{
    [JsonPropertyName("idToken"), Text(255, TooLong.Keep, In201 = 36)]
    public required string Token { get; init; }

    /// <summary>In 2.0.1 one of eight, in 2.1 any; <see cref="IdTokenKinds"/> has those of the standard.</summary>
    [Text(20, TooLong.Keep), OneOfIn201("Central", "eMAID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress", "NoAuthorization")]
    public required string? Type { get; init; }

    [AtLeastOne]
    public IReadOnlyList<AdditionalInfo>? AdditionalInfo { get; init; }
}

/// <summary>Something else that goes with a token.</summary>
public sealed record AdditionalInfo
{
    [Text(255, TooLong.Keep, In201 = 36)]
    public required string AdditionalIdToken { get; init; }

    [Text(50, TooLong.Keep)]
    public required string Type { get; init; }
}

/// <summary>What the CSMS says of a token (C01).</summary>
public sealed record IdTokenInfo
{
    public required AuthorizationStatus Status { get; init; }

    public DateTimeOffset? CacheExpiryDateTime { get; init; }

    public int? ChargingPriority { get; init; }

    public IdToken? GroupIdToken { get; init; }

    [Text(8, TooLong.Keep)]
    public string? Language1 { get; init; }

    [Text(8, TooLong.Keep)]
    public string? Language2 { get; init; }

    [AtLeastOne, NotBelow(0)]
    public IReadOnlyList<int>? EvseId { get; init; }

    public MessageContent? PersonalMessage { get; init; }
}

public enum AuthorizationStatus
{
    Accepted,
    Blocked,
    ConcurrentTx,
    Expired,
    Invalid,
    NoCredit,
    NotAllowedTypeEVSE,
    NotAtThisLocation,
    NotAtThisTime,
    Unknown,
}
