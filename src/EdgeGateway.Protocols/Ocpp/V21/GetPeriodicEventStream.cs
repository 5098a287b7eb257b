using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Which event streams are open (N12)?</summary>
public sealed record GetPeriodicEventStreamRequest;

public sealed record GetPeriodicEventStreamResponse
{
    [AtLeastOne]
    public IReadOnlyList<ConstantStreamData>? ConstantStreamData { get; init; }
}
