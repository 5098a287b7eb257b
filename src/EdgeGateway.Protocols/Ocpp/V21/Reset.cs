using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Restart the station or one EVSE (B11, B12).</summary>
public sealed record ResetRequest
{
    public required ResetKind Type { get; init; }

    /// <summary>Null: the whole station.</summary>
    [Vital, NotBelow(0)]
    public int? EvseId { get; init; }
}

public enum ResetKind
{
    Immediate,
    OnIdle,
    [Since("2.1")] ImmediateAndResume,
}

public sealed record ResetResponse
{
    public required ResetStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum ResetStatus
{
    Accepted,
    Rejected,
    Scheduled,
}
