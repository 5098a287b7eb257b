namespace EdgeGateway.Site.Rules;

/// <summary>Names of objects that carry a last_updated.</summary>
public static class StampName
{
    public static string Location(string id) => $"location:{id}";

    public static string Evse(string uid) => $"evse:{uid}";

    public static string Connector(string uid, int connector) => $"{ConnectorPrefix}{uid}/{connector}";

    /// <summary>No object of a hub's: that the configuration let this station in.</summary>
    public static string Station(string id) => $"{Stations}{id}";

    internal const string Stations = "station:";

    /// <summary>No object of a hub's either: how this hub was last shown an object. Names of hubs have no slash.</summary>
    public static string View(string hub, string @object) => $"{Views}{hub}/{@object}";

    internal const string Views = "view:";

    /// <summary>The uid of the EVSE, if this is the name of one of its connectors.</summary>
    public static string? EvseOf(string name) =>
        name.StartsWith(ConnectorPrefix, StringComparison.Ordinal) && name.LastIndexOf('/') is var slash and > 0 ? name[ConnectorPrefix.Length..slash] : null;

    private const string ConnectorPrefix = "connector:";

    public static string Tariff(string id) => $"{TariffPrefix}{id}";

    /// <summary>The tariff's id, if this is a tariff's name.</summary>
    public static string? TariffOf(string name) => name.StartsWith(TariffPrefix, StringComparison.Ordinal) ? name[TariffPrefix.Length..] : null;

    private const string TariffPrefix = "tariff:";
}
