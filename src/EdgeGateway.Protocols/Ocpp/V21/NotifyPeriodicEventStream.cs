using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Values of one monitored variable, in bulk. A SEND: never answered (N15).</summary>
public sealed record NotifyPeriodicEventStreamMessage
{
    [AtLeastOne]
    public required IReadOnlyList<StreamDataElement> Data { get; init; }

    [NotBelow(0)]
    public required int Id { get; init; }

    [NotBelow(0)]
    public required long Pending { get; init; }

    public required DateTimeOffset Basetime { get; init; }
}

/// <summary>A value, T seconds after the base time.</summary>
public sealed record StreamDataElement
{
    public required decimal T { get; init; }

    [Text(2500, TooLong.Keep)]
    public required string V { get; init; }
}
