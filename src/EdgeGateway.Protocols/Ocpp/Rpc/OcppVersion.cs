namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>What differs between the versions below their messages: the subprotocol, the frame types and the answer to rubbish.</summary>
public sealed record OcppVersion
{
    /// <summary>As in Sec-WebSocket-Protocol.</summary>
    public required string Subprotocol { get; init; }

    /// <summary>1.6 kept two misspelt error codes ("do not fix", 1.6-J errata 5.1, 5.2).</summary>
    public required bool KeepsOldErrorSpelling { get; init; }

    /// <summary>The id of a CALLERROR whose CALL's id could not be read (2.x: "-1", part 4, 4.2.3). Null: stay quiet.</summary>
    public string? IdWhenUnreadable { get; init; }

    /// <summary>Whether a message type that does not exist is answered with MessageTypeNotSupported (2.0.1) or ignored (1.6, 2.1).</summary>
    public required bool AnswersUnknownTypes { get; init; }

    /// <summary>Whether CALLRESULTERROR and SEND exist.</summary>
    public required bool HasSend { get; init; }

    public static readonly OcppVersion V16 = new()
    {
        Subprotocol = "ocpp1.6",
        KeepsOldErrorSpelling = true,
        AnswersUnknownTypes = false,
        HasSend = false,
    };

    public static readonly OcppVersion V201 = new()
    {
        Subprotocol = "ocpp2.0.1",
        KeepsOldErrorSpelling = false,
        IdWhenUnreadable = "-1",
        AnswersUnknownTypes = true,
        HasSend = false,
    };

    public static readonly OcppVersion V21 = new()
    {
        Subprotocol = "ocpp2.1",
        KeepsOldErrorSpelling = false,
        IdWhenUnreadable = "-1",
        AnswersUnknownTypes = false,
        HasSend = true,
    };

    public override string ToString() => Subprotocol;
}

/// <summary>The outcome of a negotiation: the version, and the subprotocol spelt as the charger offered it, for the answer.</summary>
public sealed record NegotiatedVersion(OcppVersion Version, string Offered);

/// <summary>Chooses the version of a connection. It holds for that connection only (FIELD-NOTES 5).</summary>
public static class Subprotocols
{
    /// <summary>
    /// The first of ours, in our order of preference, that was offered; null if none was. The caller then completes the handshake
    /// without a subprotocol and closes (2.0.1 part 4, 3.2).
    /// </summary>
    /// <param name="offered">The values of Sec-WebSocket-Protocol, split or not: `ocpp2.0.1, ocpp1.6` in one string is understood.</param>
    /// <param name="preference">What we speak, the most wanted first.</param>
    public static NegotiatedVersion? Choose(IEnumerable<string> offered, IReadOnlyList<OcppVersion> preference)
    {
        var names = new List<string>();
        foreach (var value in offered)
            names.AddRange(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        foreach (var version in preference)
        {
            var name = names.Find(n => string.Equals(n, version.Subprotocol, StringComparison.OrdinalIgnoreCase));
            if (name is not null) return new(version, name);
        }
        return null;
    }
}
