using System.Collections.Immutable;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.LocalLists;

/// <summary>Which cards are worth a place on a charger's list, best first: the site's own, those that charged here lately, then the newest.</summary>
public sealed class ListSource(SiteEngine site, ITokens tokens, IHistory history)
{
    /// <summary>Hub tokens looked at, the newest; no charger holds more.</summary>
    private const int MostTokens = 4000;

    /// <summary>Sessions that tell who charges here.</summary>
    private const int RecentSessions = 500;

    private Known? _known;

    /// <param name="revision">Of the tokens: one answer is kept for all chargers.</param>
    public async Task<IReadOnlyList<Token>> CardsAsync(long revision, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _known) is { } known && known.Revision == revision)
            return known.Cards;
        var hubs = await tokens.OfflineAsync(MostTokens, cancellationToken);
        var regulars = (await history.RecentSessionsAsync(null, activeOnly: false, RecentSessions, cancellationToken))
            .Select(s => s.Authorization.Token?.Uid ?? s.IdTag).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Token[] cards = [.. site.State.Configuration.LocalTokens.Where(static t => t.Valid), .. hubs.OrderByDescending(t => regulars.Contains(t.Uid))];
        Volatile.Write(ref _known, new(revision, cards));
        return cards;
    }

    /// <summary>What this station should hold: nobody whom the gateway itself would turn away there.</summary>
    public ImmutableArray<ListEntry> For(string station, IReadOnlyList<Token> cards, ListLimits limits, int most)
    {
        var configuration = site.State.Configuration;
        var known = configuration.Station(station);
        var blocked = configuration.LocalTokens.Where(static t => !t.Valid).Select(static t => t.Uid).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var shown = configuration.Hubs.Where(h => known is not null && known.Evses.Any(e => configuration.Shows(known, e, h.Name)))
            .Select(static h => h.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var list = ImmutableArray.CreateBuilder<ListEntry>();
        foreach (var card in cards)
        {
            if (list.Count >= Math.Min(most, limits.Entries))
                break;
            if (card.Hub is { } hub && (!shown.Contains(hub) || blocked.Contains(card.Uid)))
                continue;
            // Its owner wants to be asked while that is possible (ALLOWED_OFFLINE), and this charger would not.
            if (card.Whitelist is Whitelist.AllowedOffline && limits.AcceptsByItself)
                continue;
            if (ListEntry.Of(card, limits.UidChars) is { } entry && taken.Add(entry.Uid))
                list.Add(entry);
        }
        return list.ToImmutable();
    }

    private sealed record Known(long Revision, IReadOnlyList<Token> Cards);
}
