using System.ComponentModel;

namespace EdgeGateway.Mqtt.Payloads;

// What is asked of the gateway. A member that is not known is refused: a misspelt one would be a wish that nobody hears.

/// <summary>What every command may carry.</summary>
public abstract record CommandPayload
{
    [Description("Names the request where there is no MQTT 5 correlation data: it stands in the answer, and a repeat with the same id is done once")]
    [AtMost(64)]
    public string? Id { get; init; }

    [Description("Who asks, for the event that is left: MQTT does not tell")]
    [AtMost(64)]
    public string? By { get; init; }
}

public sealed record StatusCommand : CommandPayload
{
    [Description("Of this station as well; absent: of the site alone")]
    [AtMost(255)]
    public string? Station { get; init; }
}

public sealed record StartCommand : CommandPayload
{
    [Description("The station's id")]
    [AtMost(255)]
    public required string Station { get; init; }

    [Description("1-based number of the EVSE on its station")]
    public required int Evse { get; init; }

    [Description("1-based number of the connector; absent: where the EVSE has one, that one")]
    public int? Connector { get; init; }

    [Description("Uid of a token of the site or of a hub: it is authorized as if its card were shown there")]
    [AtMost(36)]
    public required string Uid { get; init; }
}

public sealed record StopCommand : CommandPayload
{
    [Description("Id of the session; or else station and evse")]
    [AtMost(36)]
    public string? Session { get; init; }

    [Description("The station's id")]
    [AtMost(255)]
    public string? Station { get; init; }

    [Description("1-based number of the EVSE on its station: the session that runs there")]
    public int? Evse { get; init; }
}

public sealed record UnlockCommand : CommandPayload
{
    [Description("The station's id")]
    [AtMost(255)]
    public required string Station { get; init; }

    [Description("1-based number of the EVSE on its station")]
    public required int Evse { get; init; }

    [Description("1-based number of the connector; absent: 1")]
    public int? Connector { get; init; }
}

public sealed record ResetCommand : CommandPayload
{
    [Description("The station's id")]
    [AtMost(255)]
    public required string Station { get; init; }

    [Description("At once, whatever goes on; else transactions end in good order first")]
    public bool Hard { get; init; }

    [Description("Only this EVSE (OCPP 2.x); absent: the whole station")]
    public int? Evse { get; init; }
}

public sealed record AvailabilityCommand : CommandPayload
{
    [Description("The station's id")]
    [AtMost(255)]
    public required string Station { get; init; }

    [Description("Into service or out of it")]
    public required bool Operative { get; init; }

    [Description("Absent: the whole station")]
    public int? Evse { get; init; }

    [Description("Absent: all of the EVSE")]
    public int? Connector { get; init; }
}

public sealed record TriggerCommand : CommandPayload
{
    [Description("The station's id")]
    [AtMost(255)]
    public required string Station { get; init; }

    [Description("OCPP's name of the message that the charger is to send, for example StatusNotification")]
    [AtMost(50)]
    public required string Message { get; init; }

    [Description("Absent: the whole station")]
    public int? Evse { get; init; }

    [Description("Absent: all of the EVSE")]
    public int? Connector { get; init; }
}

public sealed record HubSyncCommand : CommandPayload
{
    [Description("The hub's name; absent: all")]
    [AtMost(64)]
    public string? Hub { get; init; }
}

public sealed record AcceptCommand : CommandPayload
{
    [Description("The id of a station that waits to be let in")]
    [AtMost(255)]
    public required string Station { get; init; }
}

/// <summary>The answer to any command.</summary>
public sealed record AnswerPayload
{
    [Description("Name of the command")]
    public required string Command { get; init; }

    [Description("The request's id; null when it had none")]
    public required string? Id { get; init; }

    [Description("It was done, or will be (outcome Later)")]
    public required bool Ok { get; init; }

    [Description("Invalid: the request is wrong. TooMany: too many requests. Unknown: no such object. NotAllowed: the token, or the state of things, forbids it. The others: how the charger took it")]
    [OneOf("Done", "Later", "Refused", "NotSupported", "TimedOut", "Offline", "Invalid", "TooMany", "Unknown", "NotAllowed", "Failed")]
    public required string Outcome { get; init; }

    [Description("For people")]
    public required string Text { get; init; }

    [Description("When it was answered")]
    public required DateTimeOffset At { get; init; }

    [Description("Of status: as in info")]
    public InfoPayload? Site { get; init; }

    [Description("Of status: as in hubs/{name}")]
    public IReadOnlyList<HubPayload>? Hubs { get; init; }

    [Description("Of status with a station: as in stations/{id}")]
    public StationPayload? Station { get; init; }

    [Description("Of status with a station: as in stations/{id}/evses/{n}")]
    public IReadOnlyList<EvsePayload>? Evses { get; init; }
}
