using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A scheduled control has started or stopped (R04).</summary>
public sealed record NotifyDERStartStopRequest
{
    [Text(36, TooLong.Keep)]
    public required string ControlId { get; init; }

    public required bool Started { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    [AtLeastOne, AtMost(24), Text(36, TooLong.Keep)]
    public IReadOnlyList<string>? SupersededIds { get; init; }
}

public sealed record NotifyDERStartStopResponse;
