namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>
/// Sees every frame and every trouble of one connection, for the frame journal and the live watch. Called on the connection's own
/// loops, so it must be quick and must not throw; frames in and frames out may be seen at the same time, each direction in its order.
/// </summary>
public interface ILineTap
{
    /// <param name="frame">Its text is valid during the call only.</param>
    void OnFrame(in TappedFrame frame);

    void OnTrouble(LineTrouble trouble);
}

public enum FrameDirection
{
    Received,
    Sent,
}

/// <summary>One message, as it is on the wire.</summary>
/// <param name="Type">Null if it could not be read.</param>
/// <param name="MessageId">Null if it could not be read.</param>
/// <param name="Action">Of the CALL, also on its answer; null if unknown.</param>
/// <param name="Text">UTF-8, except from chargers that send something else.</param>
/// <param name="At">When it was received, or is about to be sent.</param>
public readonly record struct TappedFrame(
    FrameDirection Direction, FrameType? Type, string? MessageId, string? Action, ReadOnlyMemory<byte> Text, DateTimeOffset At);

/// <summary>What did not go as it should, without ending the line.</summary>
/// <param name="Detail">For people; holds no foreign text but ids and actions.</param>
/// <param name="Cause">Of <see cref="LineTroubleKind.HandlerFailed"/>: what should not have come.</param>
public sealed record LineTrouble(LineTroubleKind Kind, string Detail, Exception? Cause = null);

public enum LineTroubleKind
{
    /// <summary>What came is no frame.</summary>
    FaultyFrame,

    /// <summary>An answer to nothing we ask now: late, repeated or invented.</summary>
    UnexpectedAnswer,

    /// <summary>A CALL of ours had no answer in time.</summary>
    CallTimedOut,

    /// <summary>A handler threw something unforeseen; the charger got an InternalError.</summary>
    HandlerFailed,

    /// <summary>The charger could not use our result (CALLRESULTERROR of 2.1).</summary>
    ResultRefused,

    /// <summary>A SEND of 2.1 that we cannot use. It has no answer, so nobody else hears of it.</summary>
    SendIgnored,
}
