using System.Collections.Frozen;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.Messages;

/// <summary>All actions of a version: a table that can be read.</summary>
public sealed class MessageSet
{
    private readonly FrozenDictionary<string, OcppAction> _byName;

    public MessageSet(OcppVersion version, IReadOnlyList<OcppAction> actions)
    {
        Version = version;
        Actions = actions;
        _byName = actions.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);
    }

    public OcppVersion Version { get; }

    public IReadOnlyList<OcppAction> Actions { get; }

    /// <summary>Null if this version has no such action.</summary>
    public OcppAction? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// Everything that is wrong with a CALL that somebody wants sent; empty if it may go out. For requests typed by hand, which then go
    /// out as they are (<see cref="Payload.Json"/>).
    /// </summary>
    /// <param name="sender">Who is to send it.</param>
    /// <param name="json">The payload.</param>
    public IReadOnlyList<Flaw> CheckCall(Party sender, string action, ReadOnlySpan<byte> json)
    {
        if (Find(action) is not { } known) return [new("", OcppErrorCode.NotImplemented, $"is no action of {Version}: {action}")];
        if (!known.Sender.HasFlag(sender)) return [new("", OcppErrorCode.NotSupported, $"{action} is not sent by this side")];
        if (json.Length > FrameLimits.MessageBytes - 256) return [new("", OcppErrorCode.FormatViolation, "is too long")];
        return known.CheckRequest(json, Version);
    }
}
