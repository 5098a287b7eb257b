using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Simulators.Charger.Tongues;

/// <summary>How a charger says in one family of OCPP what happens at it, and understands what it is asked. The charger itself knows no version.</summary>
internal interface IChargerTongue
{
    OcppVersion Version { get; }

    /// <summary>Whether an unanswered message may be sent again under its id (2.0.1: never, part 4, 4.1.4).</summary>
    bool MayRepeatIds { get; }

    /// <summary>An id for a new transaction; null where the central system gives it (1.6).</summary>
    string? NewTransactionId();

    /// <summary>Serves a CALL of the central system.</summary>
    ValueTask<Payload> HandleAsync(IncomingCall call, CancellationToken cancel);

    /// <returns>Null without a usable answer.</returns>
    Task<BootAnswer?> BootAsync(BootReason reason, CancellationToken cancellationToken);

    /// <param name="connector">0 = the charger itself.</param>
    Task TellStatusAsync(int connector, CancellationToken cancellationToken);

    /// <returns>The status of the card in OCPP's words; null without a usable answer.</returns>
    Task<string?> AuthorizeAsync(string idTag, CancellationToken cancellationToken);

    Task HeartbeatAsync(CancellationToken cancellationToken);

    /// <param name="status">In 2.x's words, of which 1.6 has most.</param>
    /// <param name="request">Number of the request that it follows; null where that had none.</param>
    Task TellFirmwareAsync(FirmwareStatus status, int? request, CancellationToken cancellationToken);

    /// <inheritdoc cref="TellFirmwareAsync"/>
    Task TellUploadAsync(UploadLogStatus status, int? request, CancellationToken cancellationToken);

    /// <param name="csr">PEM.</param>
    Task SignCertificateAsync(string csr, CancellationToken cancellationToken);

    OwedMessage Started(TransactionMoment moment);

    /// <returns>Null where this version has no message for it.</returns>
    OwedMessage? Updated(TransactionMoment moment);

    OwedMessage Ended(TransactionMoment moment);
}

/// <param name="Status">In OCPP's words.</param>
internal sealed record BootAnswer(bool IsAccepted, TimeSpan Interval, DateTimeOffset CurrentTime, string Status);

/// <summary>Something that happened in a transaction, in the words of 2.x, which has one for everything.</summary>
internal sealed record TransactionMoment
{
    /// <summary>As it was at that moment.</summary>
    public required LedgerEntry Entry { get; init; }
    public required DateTimeOffset At { get; init; }
    public required TriggerReason Trigger { get; init; }
    public ChargingState? State { get; init; }

    /// <summary>What the meter tells; null = no reading goes with it.</summary>
    public long? ToldWh { get; init; }
    public int PowerW { get; init; }

    /// <summary>The card that was shown.</summary>
    public string? IdTag { get; init; }
    public Reason? Reason { get; init; }
    public int? RemoteStartId { get; init; }
    public bool IsOffline { get; init; }
}
