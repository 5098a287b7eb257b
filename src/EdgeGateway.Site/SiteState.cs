using System.Collections.Immutable;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Site;

/// <summary>The whole site at one moment. Immutable; <see cref="Handle"/> is the only way on.</summary>
public sealed record SiteState
{
    public required SiteConfiguration Configuration { get; init; }
    public required ImmutableArray<byte> Seed { get; init; }
    public required SiteCounters Counters { get; init; }

    /// <summary>By id, without case.</summary>
    public required ImmutableDictionary<string, Station> Stations { get; init; }

    /// <summary>Pending and active ones, by number.</summary>
    public required ImmutableDictionary<int, Session> Sessions { get; init; }
    public required ImmutableDictionary<string, HeldAdmission> Admissions { get; init; }

    /// <summary>By object.</summary>
    public required ImmutableDictionary<string, Stamp> Stamps { get; init; }

    /// <summary>The site as it was last committed, under this configuration.</summary>
    public static SiteState Restore(SiteConfiguration configuration, StoredSite stored) => new()
    {
        Configuration = configuration,
        Seed = stored.Seed,
        Counters = stored.Counters,
        Stations = stored.Stations.ToImmutableDictionary(s => s.Id, StringComparer.OrdinalIgnoreCase),
        Sessions = stored.OpenSessions.ToImmutableDictionary(s => s.Number),
        Admissions = stored.Admissions.ToImmutableDictionary(a => a.Id),
        Stamps = stored.Stamps.ToImmutableDictionary(s => s.Object),
    };

    /// <summary>Applies inputs in order. Pure: the same state, inputs and time give the same turn.</summary>
    /// <param name="recalled">Sessions of <see cref="Unremembered"/> that the journal found.</param>
    public Turn Handle(IReadOnlyList<SiteInput> inputs, ImmutableArray<Session> recalled, DateTimeOffset now) => throw new NotSupportedException();

    /// <summary>Which older sessions these inputs may be about.</summary>
    public IReadOnlyList<SessionKey> Unremembered(IReadOnlyList<SiteInput> inputs) => throw new NotSupportedException();

    /// <summary>Whether a time-driven rule has something to do.</summary>
    public bool IsDue(DateTimeOffset now) => throw new NotSupportedException();
}
