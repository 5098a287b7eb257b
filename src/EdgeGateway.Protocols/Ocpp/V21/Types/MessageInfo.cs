using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A message for the display, with when and where it is shown.</summary>
public sealed record MessageInfo
{
    [NotBelow(0)]
    public required int Id { get; init; }

    public required MessagePriority Priority { get; init; }

    public required MessageContent Message { get; init; }

    public Component? Display { get; init; }

    public MessageState? State { get; init; }

    public DateTimeOffset? StartDateTime { get; init; }

    public DateTimeOffset? EndDateTime { get; init; }

    [Text(36, TooLong.Keep)]
    public string? TransactionId { get; init; }

    [Since("2.1"), AtLeastOne, AtMost(4)]
    public IReadOnlyList<MessageContent>? MessageExtra { get; init; }
}

public enum MessagePriority
{
    AlwaysFront,
    InFront,
    NormalCycle,
}

public enum MessageState
{
    Charging,
    Faulted,
    Idle,
    Unavailable,
    [Since("2.1")] Suspended,
    [Since("2.1")] Discharging,
}
