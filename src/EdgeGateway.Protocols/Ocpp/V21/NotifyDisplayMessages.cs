using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>The messages that GetDisplayMessages asked for (O03).</summary>
public sealed record NotifyDisplayMessagesRequest
{
    public required int RequestId { get; init; }

    [AtLeastOne]
    public IReadOnlyList<MessageInfo>? MessageInfo { get; init; }

    public bool? Tbc { get; init; }
}

public sealed record NotifyDisplayMessagesResponse;
