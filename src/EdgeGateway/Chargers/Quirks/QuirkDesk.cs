using System.Collections.Concurrent;
using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Quirks;

/// <summary>Finds what holds for a station, and keeps what was learned of it from its answers.</summary>
public sealed class QuirkDesk(Func<ChargersOptions> options, SiteEngine site, IDocuments documents)
{
    private readonly ConcurrentDictionary<string, LearnedQuirks> _learned = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>At the door: by what the station said of itself when it last booted.</summary>
    public async ValueTask<StationQuirks> OfAsync(string station, StationAccess? access, CancellationToken cancellationToken)
    {
        var identity = site.State.Stations.GetValueOrDefault(station)?.Identity;
        // A name that never said what it is has taught nothing, and costs nothing (S3).
        if (identity is not null && !_learned.ContainsKey(station) && await documents.ReadAsync(DocumentOf(station), cancellationToken) is { } json
            && JsonSerializer.Deserialize(json, ChargersJson.Default.LearnedQuirks) is { } learned)
            _learned.TryAdd(station, learned);
        return Of(station, access, identity, options());
    }

    /// <summary>The same again where a boot, an edited file or something learned may have changed it; cheap when nothing did.</summary>
    public void Refresh(ChargerLine line)
    {
        var settings = options();
        var identity = site.State.Stations.GetValueOrDefault(line.Station)?.Identity;
        var basis = (settings, identity, _learned.GetValueOrDefault(line.Station));
        if (line.QuirkBasis is { } known && ReferenceEquals(known.Options, basis.settings) && ReferenceEquals(known.Identity, basis.identity)
            && ReferenceEquals(known.Learned, basis.Item3))
            return;
        line.QuirkBasis = basis;
        line.KnownQuirks = Of(line.Station, settings.Station(line.Station) ?? line.Entry.Access, identity, settings);
    }

    /// <summary>Keeps what worked with this charger, for as long as it is the same model and firmware.</summary>
    public async Task LearnAsync(ChargerLine line, Func<ModelQuirks, ModelQuirks> change, CancellationToken cancellationToken)
    {
        if (site.State.Stations.GetValueOrDefault(line.Station)?.Identity is not { } identity)
            return;
        var before = Learned(line.Station, identity);
        var after = change(before ?? new());
        if (after == before)
            return;
        var learned = new LearnedQuirks { Vendor = identity.Vendor, Model = identity.Model, Firmware = identity.Firmware, Quirks = after };
        await documents.WriteAsync(DocumentOf(line.Station), JsonSerializer.Serialize(learned, ChargersJson.Default.LearnedQuirks), cancellationToken);
        _learned[line.Station] = learned;
        Refresh(line);
    }

    private StationQuirks Of(string station, StationAccess? access, StationIdentity? identity, ChargersOptions settings) =>
        StationQuirks.Of(access ?? settings.Station(station) ?? new() { Id = station }, identity is null ? null : Learned(station, identity),
            settings.QuirkPages.Of(identity).Concat(QuirkBook.Embedded.Of(identity)));

    private ModelQuirks? Learned(string station, StationIdentity identity) =>
        _learned.TryGetValue(station, out var learned) && learned.IsOf(identity) ? learned.Quirks : null;

    private static string DocumentOf(string station) => $"charger/{station.ToLowerInvariant()}/quirks";
}

/// <summary>What a charger's answers taught, for one model and firmware.</summary>
public sealed record LearnedQuirks
{
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Firmware { get; init; }
    public ModelQuirks Quirks { get; init; } = new();

    public bool IsOf(StationIdentity identity) => Vendor == identity.Vendor && Model == identity.Model && Firmware == identity.Firmware;
}
