using System.Collections.Immutable;

namespace EdgeGateway.Site.Model;

/// <summary>A hub as far as the site decides by it.</summary>
public sealed record HubTerms(string Name)
{
    /// <summary>A connector's tariff id to the one that this hub is shown and charged by; what is not named here is the connector's own (PRODUCT §3).</summary>
    public ImmutableDictionary<string, string> Tariffs { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>How often a running session goes out because of meter values; null: <see cref="SiteTimings.SessionUpdateInterval"/>.</summary>
    public TimeSpan? SessionUpdateInterval { get; init; }

    public static implicit operator HubTerms(string name) => new(name);

    public string TariffShown(string id) => Tariffs.GetValueOrDefault(id, id);
}
