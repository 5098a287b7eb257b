using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Show a message on the display (O01).</summary>
public sealed record SetDisplayMessageRequest
{
    public required MessageInfo Message { get; init; }
}

public sealed record SetDisplayMessageResponse
{
    public required DisplayMessageStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum DisplayMessageStatus
{
    Accepted,
    NotSupportedMessageFormat,
    Rejected,
    NotSupportedPriority,
    NotSupportedState,
    UnknownTransaction,
    [Since("2.1")] LanguageNotSupported,
}
