using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A transaction has begun, gone on or ended, now or while the line was down (E). Always answered, so what is required may be null.</summary>
public sealed record TransactionEventRequest
{
    public required TransactionEventKind? EventType { get; init; }

    public required DateTimeOffset? Timestamp { get; init; }

    public required TriggerReason? TriggerReason { get; init; }

    [NotBelow(0)]
    public required long? SeqNo { get; init; }

    public required Transaction? TransactionInfo { get; init; }

    [Since("2.1")]
    public CostDetails? CostDetails { get; init; }

    [AtLeastOne]
    public IReadOnlyList<MeterValue>? MeterValue { get; init; }

    public bool? Offline { get; init; }

    [Between(0, 3)]
    public int? NumberOfPhasesUsed { get; init; }

    /// <summary>In A.</summary>
    public int? CableMaxCurrent { get; init; }

    [NotBelow(0)]
    public int? ReservationId { get; init; }

    [Since("2.1")]
    public PreconditioningStatus? PreconditioningStatus { get; init; }

    [Since("2.1")]
    public bool? EvseSleep { get; init; }

    public EVSE? Evse { get; init; }

    public IdToken? IdToken { get; init; }
}

/// <summary>What a TransactionEvent tells of its transaction.</summary>
public enum TransactionEventKind
{
    Ended,
    Started,
    Updated,
}

public enum TriggerReason
{
    AbnormalCondition,
    Authorized,
    CablePluggedIn,
    ChargingRateChanged,
    ChargingStateChanged,
    [Since("2.1")] CostLimitReached,
    Deauthorized,
    EnergyLimitReached,
    EVCommunicationLost,
    EVConnectTimeout,
    EVDeparted,
    EVDetected,
    [Since("2.1")] LimitSet,
    MeterValueClock,
    MeterValuePeriodic,
    [Since("2.1")] OperationModeChanged,
    RemoteStart,
    RemoteStop,
    ResetCommand,
    [Since("2.1")] RunningCost,
    SignedDataReceived,
    [Since("2.1")] SoCLimitReached,
    StopAuthorized,
    [Since("2.1")] TariffChanged,
    [Since("2.1")] TariffNotAccepted,
    TimeLimitReached,
    Trigger,
    [Since("2.1")] TxResumed,
    UnlockCommand,
}

public enum PreconditioningStatus
{
    Unknown,
    Ready,
    NotReady,
    Preconditioning,
}

/// <summary>The transaction that an event belongs to.</summary>
public sealed record Transaction
{
    [Text(36, TooLong.Keep)]
    public required string? TransactionId { get; init; }

    public ChargingState? ChargingState { get; init; }

    /// <summary>In seconds.</summary>
    public int? TimeSpentCharging { get; init; }

    public Reason? StoppedReason { get; init; }

    public int? RemoteStartId { get; init; }

    [Since("2.1")]
    public OperationMode? OperationMode { get; init; }

    [Since("2.1"), Text(60, TooLong.Keep)]
    public string? TariffId { get; init; }

    [Since("2.1")]
    public TransactionLimit? TransactionLimit { get; init; }
}

public enum ChargingState
{
    EVConnected,
    Charging,
    SuspendedEV,
    SuspendedEVSE,
    Idle,
}

public enum Reason
{
    DeAuthorized,
    EmergencyStop,
    EnergyLimitReached,
    EVDisconnected,
    GroundFault,
    ImmediateReset,
    MasterPass,
    Local,
    LocalOutOfCredit,
    Other,
    OvercurrentFault,
    PowerLoss,
    PowerQuality,
    Reboot,
    Remote,
    SOCLimitReached,
    StoppedByEV,
    TimeLimitReached,
    Timeout,
    [Since("2.1")] ReqEnergyTransferRejected,
}

/// <summary>Where a transaction ends: money, Wh, seconds or percent of the battery.</summary>
public sealed record TransactionLimit
{
    public decimal? MaxCost { get; init; }

    public decimal? MaxEnergy { get; init; }

    public int? MaxTime { get; init; }

    [Between(0, 100)]
    public int? MaxSoC { get; init; }
}

public sealed record TransactionEventResponse
{
    /// <summary>With tax; at the end of a transaction the final cost, 0 for a free one (I03).</summary>
    public decimal? TotalCost { get; init; }

    public int? ChargingPriority { get; init; }

    public IdTokenInfo? IdTokenInfo { get; init; }

    [Since("2.1")]
    public TransactionLimit? TransactionLimit { get; init; }

    public MessageContent? UpdatedPersonalMessage { get; init; }

    [Since("2.1"), AtLeastOne, AtMost(4)]
    public IReadOnlyList<MessageContent>? UpdatedPersonalMessageExtra { get; init; }
}
