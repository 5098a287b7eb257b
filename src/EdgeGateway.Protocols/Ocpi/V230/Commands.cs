using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>The last part of a command's url.</summary>
[JsonConverter(typeof(EnumTextConverter<CommandType>))]
public enum CommandType
{
    CancelReservation,
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

    [CiString(36)]
    public required string LocationId { get; init; }

    [CiString(36)]
    public string? EvseUid { get; init; }

    /// <summary>Only together with an evse_uid.</summary>
    [CiString(36)]
    public string? ConnectorId { get; init; }

    [CiString(36)]
    public string? AuthorizationReference { get; init; }
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

    [CiString(36)]
    public required string ReservationId { get; init; }

    [CiString(36)]
    public required string LocationId { get; init; }

    [CiString(36)]
    public string? EvseUid { get; init; }

    [CiString(36)]
    public string? AuthorizationReference { get; init; }
}

public sealed record CancelReservation
{
    [Form(StringForm.Url)]
    public required string ResponseUrl { get; init; }

    [CiString(36)]
    public required string ReservationId { get; init; }
}

public sealed record UnlockConnector
{
    [Form(StringForm.Url)]
    public required string ResponseUrl { get; init; }

    [CiString(36)]
    public required string LocationId { get; init; }

    [CiString(36)]
    public required string EvseUid { get; init; }

    [CiString(36)]
    public required string ConnectorId { get; init; }
}

/// <summary>The answer at once, which does not wait for the charger (K1).</summary>
public sealed record CommandResponse
{
    public required Open<CommandResponseType> Result { get; init; }

    /// <summary>Seconds until the CommandResult comes at the latest. Mandatory: strict peers drop an answer without it (K2).</summary>
    [Between(0, int.MaxValue)]
    public required int Timeout { get; init; }

    public IReadOnlyList<DisplayText>? Message { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<CommandResponseType>))]
public enum CommandResponseType
{
    NotSupported,
    Rejected,
    Accepted,
    UnknownSession,
}

/// <summary>The outcome, posted to the response_url: exactly one per command.</summary>
public sealed record CommandResult
{
    public required Open<CommandResultType> Result { get; init; }

    public IReadOnlyList<DisplayText>? Message { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<CommandResultType>))]
public enum CommandResultType
{
    Accepted,
    CanceledReservation,
    EvseOccupied,
    EvseInoperative,
    Failed,
    NotSupported,
    Rejected,
    Timeout,
    UnknownReservation,
}
