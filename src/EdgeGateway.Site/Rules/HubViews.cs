using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Rules;

/// <summary>What each hub was last shown, kept across restarts: so that a change that concerns one hub is owed to that one, and what goes out of its view
/// is noticed. last_updated itself belongs to the object and is the same for all.</summary>
internal sealed class HubViews
{
    private readonly TurnDraft _draft;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private readonly HashSet<string> _shownToAll = new(StringComparer.Ordinal);

    public HubViews(TurnDraft draft)
    {
        _draft = draft;
        if (!draft.Stamps.Keys.Any(k => k.StartsWith(StampName.Views, StringComparison.Ordinal)))
            _shownToAll.UnionWith(draft.Stamps.Values.Where(s => s.Fingerprint != ConfigurationRules.Gone).Select(s => s.Object));
        foreach (var hub in draft.Configuration.Hubs)
        {
            var name = StampName.View(hub.Name, "");
            if (draft.Stamps.ContainsKey(name))
                _known.Add(hub.Name);
            else
                draft.Stamp(name);
        }
    }

    /// <summary>Whether an earlier version had this object: it kept no views, and showed everything to everybody.</summary>
    public bool WasShownToAll(string @object) => _shownToAll.Contains(@object);

    /// <summary>Whether this hub was in the file before: a new one is shown all for the first time, which changes nothing for anybody.</summary>
    public bool Knows(HubTerms hub) => _known.Contains(hub.Name);

    /// <returns>Whether the hub sees something else now.</returns>
    public bool Show(HubTerms hub, string @object, string fingerprint)
    {
        var name = StampName.View(hub.Name, @object);
        _visited.Add(name);
        if (_draft.Stamps.GetValueOrDefault(name)?.Fingerprint == fingerprint)
            return false;
        _draft.Stamp(name, fingerprint);
        return true;
    }

    /// <returns>Whether the hub saw it before.</returns>
    public bool Hide(HubTerms hub, string @object)
    {
        var name = StampName.View(hub.Name, @object);
        _visited.Add(name);
        if (_draft.Stamps.GetValueOrDefault(name) is not { } last || last.Fingerprint == ConfigurationRules.Gone)
            return false;
        _draft.Stamp(name, ConfigurationRules.Gone);
        return true;
    }

    /// <summary>Takes what nobody spoke of since out of the hub's view.</summary>
    /// <returns>The objects' names.</returns>
    public List<string> HideTheRest(HubTerms hub)
    {
        var prefix = StampName.View(hub.Name, "");
        var rest = _draft.Stamps.Values
            .Where(s => s.Object.Length > prefix.Length && s.Object.StartsWith(prefix, StringComparison.Ordinal) && s.Fingerprint != ConfigurationRules.Gone && !_visited.Contains(s.Object))
            .Select(s => s.Object).Order(StringComparer.Ordinal).ToList();
        foreach (var name in rest)
            _draft.Stamp(name, ConfigurationRules.Gone);
        return rest.ConvertAll(name => name[prefix.Length..]);
    }
}
