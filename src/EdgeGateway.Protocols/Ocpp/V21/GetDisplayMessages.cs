using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Report the messages that match, in NotifyDisplayMessages (O03, O04).</summary>
public sealed record GetDisplayMessagesRequest
{
    public required int RequestId { get; init; }

    [AtLeastOne, NotBelow(0)]
    public IReadOnlyList<int>? Id { get; init; }

    public MessagePriority? Priority { get; init; }

    public MessageState? State { get; init; }
}

public sealed record GetDisplayMessagesResponse
{
    public required GetDisplayMessagesStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum GetDisplayMessagesStatus
{
    Accepted,
    Unknown,
}
