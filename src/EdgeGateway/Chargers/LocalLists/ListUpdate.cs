using System.Collections.Immutable;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.LocalLists;

/// <summary>A card that a charger may accept by itself.</summary>
/// <param name="Group">Who shares it may stop the session (parent id tag, group).</param>
public sealed record ListEntry(string Uid, string? Group)
{
    /// <param name="chars">Of a uid, at most; a longer one cannot be said to the charger.</param>
    public static ListEntry? Of(Token token, int chars) =>
        token.Uid.Length <= chars ? new(token.Uid, token.GroupId is { Length: > 0 } group && group.Length <= chars ? group : null) : null;
}

/// <summary>What a charger can hold.</summary>
/// <param name="Entries">In all.</param>
/// <param name="PerMessage">In one SendLocalList.</param>
/// <param name="UidChars">The longest uid.</param>
/// <param name="AcceptsByItself">It lets listed cards charge without asking even while it has a line (1.6 LocalPreAuthorize, 2.x AuthCtrlr).</param>
public sealed record ListLimits(int Entries, int PerMessage, int UidChars, bool AcceptsByItself);

/// <summary>One SendLocalList. What is set and what is removed never overlap.</summary>
/// <param name="Full">It replaces all that was there.</param>
public sealed record ListUpdate(int Version, bool Full, ImmutableArray<ListEntry> Set, ImmutableArray<string> Removed);

public enum ListVerdict
{
    Accepted,
    Failed,

    /// <summary>The charger is not where we think it is: it wants all of it.</summary>
    VersionMismatch,
    NotSupported,

    /// <summary>No answer, or none that could be read.</summary>
    Unanswered,
}

/// <summary>The steps from what a charger has to what it should have.</summary>
public static class ListPlan
{
    /// <param name="wanted">In order of worth; each uid once.</param>
    /// <param name="known">What it took last.</param>
    /// <param name="knownVersion">Under which version.</param>
    /// <param name="version">The one that it says it has; 0 is an empty list.</param>
    /// <param name="full">All of it anew, whatever it says.</param>
    /// <returns>Empty when there is nothing to say.</returns>
    public static ImmutableArray<ListUpdate> Of(
        IReadOnlyList<ListEntry> wanted, IReadOnlyList<ListEntry> known, int knownVersion, int version, int perMessage, bool full)
    {
        var last = Math.Max(knownVersion, version);
        full |= version != knownVersion || version <= 0;
        var before = full ? [] : known.ToDictionary(e => e.Uid, StringComparer.OrdinalIgnoreCase);
        var after = wanted.Select(e => e.Uid).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var set = wanted.Where(e => !(before.TryGetValue(e.Uid, out var had) && had.Group == e.Group)).ToList();
        var removed = before.Keys.Where(uid => !after.Contains(uid)).ToList();
        if (!full && set.Count + removed.Count > Math.Max(wanted.Count, 1))
            return Of(wanted, known, knownVersion, version, perMessage, full: true);
        if (full && wanted.Count == 0 && version <= 0)
            return [];

        var updates = ImmutableArray.CreateBuilder<ListUpdate>();
        // What is revoked goes first: a message that gets lost may cost a driver a tap, never the operator a session.
        while (removed.Count + set.Count > 0 || (full && updates.Count == 0))
        {
            var gone = removed.Take(perMessage).ToImmutableArray();
            var come = set.Take(perMessage - gone.Length).ToImmutableArray();
            removed.RemoveRange(0, gone.Length);
            set.RemoveRange(0, come.Length);
            updates.Add(new(last + 1 + updates.Count, full && updates.Count == 0, come, gone));
        }
        return updates.ToImmutable();
    }

    /// <summary>What is known of the charger's list after it took an update.</summary>
    public static ImmutableArray<ListEntry> After(IReadOnlyList<ListEntry> known, ListUpdate update)
    {
        var list = (update.Full ? [] : known).ToDictionary(e => e.Uid, StringComparer.OrdinalIgnoreCase);
        foreach (var uid in update.Removed)
            list.Remove(uid);
        foreach (var entry in update.Set)
            list[entry.Uid] = entry;
        return [.. list.Values];
    }
}
