using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Change how often an open event stream sends (N14).</summary>
public sealed record AdjustPeriodicEventStreamRequest
{
    [NotBelow(0)]
    public required int Id { get; init; }

    public required PeriodicEventStreamParams Params { get; init; }
}

public sealed record AdjustPeriodicEventStreamResponse
{
    public required GenericStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
