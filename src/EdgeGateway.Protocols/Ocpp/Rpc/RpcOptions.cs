namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>
/// The limits of one connection. Half-open sockets are found by WebSocket pings, which the socket's owner sets
/// (KeepAliveInterval and KeepAliveTimeout of Kestrel's WebSocketAcceptContext or of ClientWebSocket), not here.
/// </summary>
public sealed record RpcOptions
{
    /// <summary>
    /// Begins every message id we give; a counter follows. Ids are to be unique per charger over all its connections, so hand in
    /// another prefix for each connection. At most <see cref="MaxPrefixChars"/> characters.
    /// </summary>
    public required string MessageIdPrefix { get; init; }

    /// <summary>Of a whole message; a longer one closes the socket with 1009.</summary>
    public int MaxMessageBytes { get; init; } = FrameLimits.MessageBytes;

    /// <summary>CALLs received and not yet handled. At the limit reading stops, which slows the sender down and loses nothing.</summary>
    public int MaxWaitingCalls { get; init; } = 64;

    /// <summary>CALLs of ours that wait for their turn, the one under way included. At the limit <see cref="CallFailure.QueueFull"/>.</summary>
    public int MaxOutgoingCalls { get; init; } = 64;

    /// <summary>From the CALL on the wire to its answer.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// So many CALLs in a row without an answer close the socket: some chargers answer again after a reconnect only (FIELD-NOTES 15).
    /// </summary>
    public int TimeoutsBeforeClose { get; init; } = 3;

    /// <summary>A frame that takes longer to write means a peer that no longer reads; the socket is aborted.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the other side's close frame, after ours.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Leaves room for a dash and the counter within <see cref="FrameLimits.MessageIdChars"/>.</summary>
    public const int MaxPrefixChars = 24;
}
