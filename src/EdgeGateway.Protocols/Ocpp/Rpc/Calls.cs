namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>Serves one CALL. Called for one CALL at a time, in the order they came.</summary>
/// <param name="call">Its payload is valid until the returned task completes.</param>
/// <param name="cancel">Cancelled when we close or drop the line, not when the charger does: what was received is still recorded.</param>
/// <returns>The CALLRESULT's payload.</returns>
/// <exception cref="OcppException">Becomes a CALLERROR.</exception>
/// <exception cref="DropLineException">Drops the line instead of answering.</exception>
public delegate ValueTask<Payload> CallHandler(IncomingCall call, CancellationToken cancel);

/// <summary>A CALL (or a SEND of 2.1, which gets no answer) as it came.</summary>
/// <param name="Payload">UTF-8 JSON.</param>
/// <param name="ReceivedAt">When its last byte came, before it waited for its turn.</param>
public sealed record IncomingCall(
    string MessageId, string Action, ReadOnlyMemory<byte> Payload, DateTimeOffset ReceivedAt, bool ExpectsAnswer);

/// <summary>What became of a CALL of ours.</summary>
public abstract record CallOutcome;

/// <summary>A CALLRESULT came.</summary>
/// <param name="Payload">UTF-8 JSON, ours to keep.</param>
/// <param name="MessageId">Of the CALL.</param>
public sealed record CallAnswered(ReadOnlyMemory<byte> Payload, string MessageId) : CallOutcome;

/// <summary>A CALLERROR came.</summary>
/// <param name="Code">GenericError if the code is unknown.</param>
/// <param name="Spelling">The code as it was sent.</param>
public sealed record CallRefused(OcppErrorCode Code, string Spelling, string Description, string DetailsJson) : CallOutcome;

/// <summary>Nothing usable came.</summary>
/// <param name="Detail">For people.</param>
public sealed record CallUnanswered(CallFailure Why, string Detail) : CallOutcome
{
    /// <summary>Of the CALL, if a result came that is none.</summary>
    internal string? MessageId { get; init; }
}

public enum CallFailure
{
    /// <summary>The charger had its time. Whether it acted on the CALL is unknown.</summary>
    TimedOut,

    /// <summary>The line ended before an answer. Whether the charger acted on the CALL is unknown.</summary>
    LineEnded,

    /// <summary>Not sent: too many CALLs wait already.</summary>
    QueueFull,

    /// <summary>The answer could not be understood.</summary>
    Unreadable,

    /// <summary>Not sent: the request breaks the standard's rules (an id tag from a hub may be longer than OCPP's 20 characters).</summary>
    NotSendable,
}

/// <summary>Why a connection ended. The first reason counts.</summary>
public sealed record LineEnd(LineEndCause Cause, string Detail);

public enum LineEndCause
{
    /// <summary>A close frame came.</summary>
    ClosedByPeer,

    /// <summary>The connection broke, or the ping timeout struck.</summary>
    Lost,

    /// <summary>We closed or aborted it.</summary>
    ClosedByUs,

    /// <summary>A message over the limit.</summary>
    MessageTooBig,

    /// <summary>Several CALLs in a row had no answer.</summary>
    Unresponsive,

    /// <summary>The peer stopped reading.</summary>
    SendStalled,

    /// <summary>A handler asked for it.</summary>
    Dropped,
}
