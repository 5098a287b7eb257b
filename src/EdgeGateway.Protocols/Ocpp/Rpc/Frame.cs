namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>The first element of a frame. CALLRESULTERROR and SEND came with 2.1.</summary>
public enum FrameType
{
    Call = 2,
    CallResult = 3,
    CallError = 4,
    CallResultError = 5,
    Send = 6,
}

/// <summary>One message of the RPC layer. Payloads are slices of the received bytes, valid as long as these are.</summary>
public abstract record Frame;

/// <summary>[2, id, action, payload]; <see cref="ExpectsAnswer"/> is false for SEND, [6, id, action, payload].</summary>
public sealed record CallFrame(string MessageId, string Action, ReadOnlyMemory<byte> Payload, bool ExpectsAnswer = true) : Frame;

/// <summary>[3, id, payload]</summary>
public sealed record ResultFrame(string MessageId, ReadOnlyMemory<byte> Payload) : Frame;

/// <summary>[4, id, code, description, details]; <see cref="OfResult"/>: [5, …], the other side could not use our result.</summary>
public sealed record ErrorFrame(string MessageId, string Code, string Description, ReadOnlyMemory<byte> Details, bool OfResult = false) : Frame;

/// <summary>What came is no frame. What could be read of it before the fault is here.</summary>
/// <param name="MessageId">Null if it cannot be read or is longer than <see cref="FrameLimits.MessageIdChars"/>.</param>
/// <param name="Type">Null if it cannot be read or does not exist.</param>
/// <param name="Action">Of a CALL, if it was read.</param>
/// <param name="Code">The error a CALL of this kind is answered with.</param>
/// <param name="What">What is wrong, for people; holds no foreign text.</param>
public sealed record FaultyFrame(string? MessageId, FrameType? Type, string? Action, OcppErrorCode Code, string What) : Frame;

/// <summary>The limits that hold before anything is parsed (S5).</summary>
public static class FrameLimits
{
    /// <summary>Of a whole message, after decompression.</summary>
    public const int MessageBytes = 64 * 1024;

    /// <summary>Of nested arrays and objects, the frame's own array included.</summary>
    public const int Depth = 32;

    public const int MessageIdChars = 36;

    /// <summary>No action of any version is longer than 40 characters.</summary>
    public const int ActionChars = 64;

    /// <summary>Of the error description in a CALLERROR.</summary>
    public const int DescriptionChars = 255;
}
