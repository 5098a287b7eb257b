using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Monitors that were set off, and other events of the device model (N07).</summary>
public sealed record NotifyEventRequest
{
    public required DateTimeOffset GeneratedAt { get; init; }

    [NotBelow(0)]
    public required long SeqNo { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<EventData> EventData { get; init; }

    public bool? Tbc { get; init; }
}

/// <summary>One event of the device model.</summary>
public sealed record EventData
{
    [NotBelow(0)]
    public required long EventId { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public required EventTrigger Trigger { get; init; }

    [Text(2500, TooLong.Keep)]
    public required string ActualValue { get; init; }

    public required Component Component { get; init; }

    public required EventNotification EventNotificationType { get; init; }

    public required Variable Variable { get; init; }

    [NotBelow(0)]
    public long? Cause { get; init; }

    [Text(50, TooLong.Cut)]
    public string? TechCode { get; init; }

    [Text(500, TooLong.Cut)]
    public string? TechInfo { get; init; }

    public bool? Cleared { get; init; }

    [Text(36, TooLong.Keep)]
    public string? TransactionId { get; init; }

    [NotBelow(0)]
    public int? VariableMonitoringId { get; init; }

    [Since("2.1"), NotBelow(0)]
    public int? Severity { get; init; }
}

public enum EventTrigger
{
    Alerting,
    Delta,
    Periodic,
}

public sealed record NotifyEventResponse;
