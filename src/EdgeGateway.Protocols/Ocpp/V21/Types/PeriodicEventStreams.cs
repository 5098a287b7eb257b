using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>What stays the same while an event stream is open.</summary>
public sealed record ConstantStreamData
{
    [NotBelow(0)]
    public required int Id { get; init; }

    public required PeriodicEventStreamParams Params { get; init; }

    [NotBelow(0)]
    public required int VariableMonitoringId { get; init; }
}

/// <summary>A stream sends after so many seconds or so many values, whichever comes first.</summary>
public sealed record PeriodicEventStreamParams
{
    [NotBelow(0)]
    public int? Interval { get; init; }

    [NotBelow(0)]
    public int? Values { get; init; }
}
