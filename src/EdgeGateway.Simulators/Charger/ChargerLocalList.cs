using System.Collections.Immutable;

namespace EdgeGateway.Simulators.Charger;

/// <summary>The cards that a charger knows without asking (1.6 3.5.2, 2.x D).</summary>
public sealed class ChargerLocalList(int mostEntries, int mostPerMessage)
{
    private readonly Lock _lock = new();
    private ImmutableSortedDictionary<string, string> _cards = ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>0 = none was ever sent.</summary>
    public int Version { get; private set; }

    /// <summary>Card to status, in OCPP's words.</summary>
    public ImmutableSortedDictionary<string, string> Cards => _cards;

    internal enum Answer
    {
        Accepted,
        Failed,
        VersionMismatch,
    }

    /// <param name="cards">A null status takes the card off (differential).</param>
    internal Answer Take(int version, bool full, IReadOnlyList<(string IdTag, string? Status)> cards)
    {
        lock (_lock)
        {
            if (cards.Count > mostPerMessage || (full && cards.Any(c => c.Status is null)))
                return Answer.Failed;
            if (!full && version <= Version)
                return Answer.VersionMismatch;
            var next = full ? _cards.Clear() : _cards;
            foreach (var (idTag, status) in cards)
                next = status is null ? next.Remove(idTag) : next.SetItem(idTag, status);
            if (next.Count > mostEntries)
                return Answer.Failed;
            (_cards, Version) = (next, version);
            return Answer.Accepted;
        }
    }
}
