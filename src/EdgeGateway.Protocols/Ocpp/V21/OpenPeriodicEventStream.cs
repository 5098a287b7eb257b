namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>The station begins an event stream (N11).</summary>
public sealed record OpenPeriodicEventStreamRequest
{
    public required ConstantStreamData ConstantStreamData { get; init; }
}

public sealed record OpenPeriodicEventStreamResponse
{
    public required GenericStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
