using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>
/// What an installer tells of a place beyond its address, in OCPI 2.3.0's own members: judged as the whole object would be. What the configuration
/// says elsewhere (ids, address, status) is filled in with something valid and means nothing. Paths of faults are relative to the object; a member
/// nobody knows is a fault.
/// </summary>
public static class ConfiguredLocation
{
    private const string Connector =
        """{ "id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE", "max_voltage": 230, "max_amperage": 32, "last_updated": "2000-01-01T00:00:00Z" }""";

    private const string Evse = $$"""{ "uid": "1", "status": "UNKNOWN", "connectors": [ {{Connector}} ], "last_updated": "2000-01-01T00:00:00Z" }""";

    private const string Location =
        """
        { "country_code": "XX", "party_id": "XXX", "id": "1", "publish": true, "address": "-", "city": "-", "country": "XXX",
          "coordinates": { "latitude": "0.00000", "longitude": "0.00000" }, "time_zone": "UTC", "last_updated": "2000-01-01T00:00:00Z" }
        """;

    public static OcpiRead<Location> ReadLocation(JsonObject members) => Read<Location>(members, Location);

    public static OcpiRead<Evse> ReadEvse(JsonObject members) => Read<Evse>(members, Evse);

    public static OcpiRead<Connector> ReadConnector(JsonObject members) => Read<Connector>(members, Connector);

    private static OcpiRead<T> Read<T>(JsonObject members, string rest)
        where T : class
    {
        var whole = JsonNode.Parse(rest)!.AsObject();
        foreach (var (name, value) in members)
            whole[name] = value?.DeepClone();
        using var json = JsonDocument.Parse(whole.ToJsonString());
        return OcpiJson.For(OcpiVersion.V230).Read<T>(json.RootElement, ShapeRules.Configured);
    }
}
