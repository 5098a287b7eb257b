using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>The station ends an event stream (N13).</summary>
public sealed record ClosePeriodicEventStreamRequest
{
    [NotBelow(0)]
    public required int Id { get; init; }
}

public sealed record ClosePeriodicEventStreamResponse;
