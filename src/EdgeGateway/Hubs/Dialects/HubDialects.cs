using EdgeGateway.Protocols.Ocpi;

namespace EdgeGateway.Hubs.Dialects;

/// <summary>Which version is spoken by which dialect: the one place where a version is chosen (V2).</summary>
public static class HubDialects
{
    /// <summary>What works, and therefore is advertised (V3).</summary>
    public static IReadOnlyList<OcpiVersion> Spoken { get; } = [OcpiVersion.V230, OcpiVersion.V221, OcpiVersion.V211];

    /// <summary>Those of ours that this hub may be spoken to with, in its order of preference.</summary>
    public static IEnumerable<OcpiVersion> For(HubOptions hub) =>
        hub.Versions.Select(OcpiVersions.Parse).OfType<OcpiVersion>().Distinct().Where(Spoken.Contains);

    /// <summary>Null for a version that we do not speak with this hub.</summary>
    public static IHubDialect? For(string? version, HubOptions hub) =>
        OcpiVersions.Parse(version) is not { } parsed || !For(hub).Contains(parsed) ? null
        : parsed == OcpiVersion.V211 ? new V211Dialect(hub.Name)
        : new V230Dialect(parsed, hub.Name);
}
