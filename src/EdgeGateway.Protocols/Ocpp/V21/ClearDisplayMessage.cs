using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Take a message off the display (O05).</summary>
public sealed record ClearDisplayMessageRequest
{
    [NotBelow(0)]
    public required int Id { get; init; }
}

public sealed record ClearDisplayMessageResponse
{
    public required ClearMessageStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum ClearMessageStatus
{
    Accepted,
    Unknown,
    [Since("2.1")] Rejected,
}
