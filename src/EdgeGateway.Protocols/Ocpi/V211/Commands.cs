using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V211;

/// <summary>The last part of a command's url. Nothing takes a reservation back but its expiry.</summary>
[JsonConverter(typeof(EnumTextConverter<CommandType>))]
public enum CommandType
{
    ReserveNow,
    StartSession,
    StopSession,
    UnlockConnector,
}

public sealed record StartSession
{
    [Form(StringForm.Url)]
    public required string ResponseUrl { get; init; }

    public required Token Token { get; init; }

    [CiString(39)]
    public required string LocationId { get; init; }

    [CiString(39)]
    public string? EvseUid { get; init; }
}

public sealed record StopSession
{
    [Form(StringForm.Url)]
    public required string ResponseUrl { get; init; }

    [CiString(36)]
    public required string SessionId { get; init; }
}

public sealed record ReserveNow
{
    [Form(StringForm.Url)]
    public required string ResponseUrl { get; init; }

    public required Token Token { get; init; }

    public required DateTimeOffset ExpiryDate { get; init; }

    public required int ReservationId { get; init; }

    [CiString(39)]
    public required string LocationId { get; init; }

    [CiString(39)]
    public string? EvseUid { get; init; }
}

public sealed record UnlockConnector
{
    [Form(StringForm.Url)]
    public required string ResponseUrl { get; init; }

    [CiString(39)]
    public required string LocationId { get; init; }

    [CiString(39)]
    public required string EvseUid { get; init; }

    [CiString(36)]
    public required string ConnectorId { get; init; }
}

/// <summary>Both the answer at once and the outcome that is posted later.</summary>
public sealed record CommandResponse
{
    public required CommandResponseType Result { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<CommandResponseType>))]
public enum CommandResponseType
{
    NotSupported,
    Rejected,
    Accepted,
    Timeout,
    UnknownSession,
}
