using System.Collections.Immutable;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.LocalLists;

/// <summary>What is known of a charger's local authorization list and cache. Kept as a document.</summary>
public sealed record LocalListRecord
{
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Firmware { get; init; }

    /// <summary>False: this model and firmware has no list; null: not asked yet.</summary>
    public bool? IsSupported { get; init; }
    public ListLimits? Limits { get; init; }

    /// <summary>When it was asked what it can hold: settings change, and people change them.</summary>
    public DateTimeOffset? Asked { get; init; }

    /// <summary>The version that it took last; 0 before the first.</summary>
    public int Version { get; init; }
    public ImmutableArray<ListEntry> Entries { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>When it last took one.</summary>
    public DateTimeOffset? Sent { get; init; }

    /// <summary>Why it is not in step, for people.</summary>
    public string? Trouble { get; init; }

    /// <summary>Its cache was cleared after so many revocations.</summary>
    public long CacheClearedAt { get; init; }

    /// <summary>It has no cache that could be cleared.</summary>
    public bool HasNoCache { get; init; }

    /// <summary>Another model or firmware may know what this one did not; its list is then asked for anew by its version.</summary>
    public LocalListRecord For(StationIdentity? identity) =>
        identity is null || (Vendor == identity.Vendor && Model == identity.Model && Firmware == identity.Firmware)
            ? this
            : this with { Vendor = identity.Vendor, Model = identity.Model, Firmware = identity.Firmware, IsSupported = null, Limits = null, HasNoCache = false };
}
