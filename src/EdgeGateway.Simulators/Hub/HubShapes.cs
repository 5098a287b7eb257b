using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;
using Family211 = EdgeGateway.Protocols.Ocpi.V211;
using Family230 = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Simulators.Hub;

/// <summary>Holds every object to the shapes of its version: cardinalities, lengths, forms, and nothing that the version does not name.</summary>
public static class HubShapes
{
    /// <summary>What kind of object a request carries, by the names of the published schemas; null: none that is judged.</summary>
    /// <param name="depth">Path segments below the module's endpoint.</param>
    public static string? KindOf(OcpiVersion version, string method, string module, int depth) => (method, module, depth) switch
    {
        ("PUT", "locations", 3) => "Location",
        ("PUT", "locations", 4) => "EVSE",
        ("PUT", "locations", 5) => "Connector",
        ("PATCH", "locations", 4) => "EVSEPatch",
        ("PUT", "sessions", _) => "Session",
        ("PUT", "tariffs", _) => "Tariff",
        ("POST", "cdrs", _) => "CDR",
        ("POST", "commands", _) => version == OcpiVersion.V211 ? "CommandResponse" : "CommandResult",
        ("POST", "tokens", _) => "LocationReferences",
        ("POST" or "PUT", "credentials", _) => "Credentials",
        _ => null,
    };

    /// <summary>The kind of an element of one of our lists.</summary>
    public static string? KindOf(string list) => list switch
    {
        "locations" => "Location",
        "sessions" => "Session",
        "cdrs" => "CDR",
        "tariffs" => "Tariff",
        _ => null,
    };

    /// <summary>Empty: nothing is wrong, or the kind is none that this hub knows in that version.</summary>
    public static IReadOnlyList<string> Faults(OcpiVersion version, string kind, byte[] json) => version switch
    {
        OcpiVersion.V221 or OcpiVersion.V230 => Faults230(Family230.OcpiJson.For(version), kind, json),
        OcpiVersion.V211 => Faults211(Family211.OcpiJson211.Format, kind, json),
        _ => [],
    };

    private static List<string> Faults211(OcpiFormat format, string kind, byte[] json) => kind switch
    {
        "Location" => Judge<Family211.Location>(format, json),
        "EVSE" => Judge<Family211.Evse>(format, json),
        "Connector" => Judge<Family211.Connector>(format, json),
        "Session" => Judge<Family211.Session>(format, json),
        "Tariff" => Judge<Family211.Tariff>(format, json),
        "CDR" => Judge<Family211.Cdr>(format, json),
        "CommandResponse" => Judge<Family211.CommandResponse>(format, json),
        "LocationReferences" => Judge<Family211.LocationReferences>(format, json),
        "Credentials" => Judge<Family211.Credentials>(format, json),
        _ => [],
    };

    private static List<string> Faults230(OcpiFormat format, string kind, byte[] json) => kind switch
    {
        "Location" => Judge<Family230.Location>(format, json),
        "EVSE" => Judge<Family230.Evse>(format, json),
        "Connector" => Judge<Family230.Connector>(format, json),
        "EVSEPatch" => Judge<Family230.EvseStatusPatch>(format, json),
        "Session" => Judge<Family230.Session>(format, json),
        "Tariff" => Judge<Family230.Tariff>(format, json),
        "CDR" => Judge<Family230.Cdr>(format, json),
        "CommandResult" => Judge<Family230.CommandResult>(format, json),
        "LocationReferences" => Judge<Family230.LocationReferences>(format, json),
        "Credentials" => Judge<Family230.Credentials>(format, json),
        _ => [],
    };

    /// <summary>Read as a foreign object, then held to what one's own must be, then searched for members that its version does not have.</summary>
    private static List<string> Judge<T>(OcpiFormat format, byte[] json)
        where T : class
    {
        var read = format.Read<T>(json);
        if (!read.IsValid)
            return [.. read.Faults.Select(f => f.ToString())];
        List<string> faults = [.. format.Validate(read.Value).Select(f => f.ToString())];
        FindStrangers(JsonNode.Parse(json), JsonNode.Parse(format.Write(read.Value)), "", faults);
        return faults;
    }

    private static void FindStrangers(JsonNode? sent, JsonNode? known, string path, List<string> faults)
    {
        if (sent is JsonObject members && known is JsonObject knownMembers)
            foreach (var (name, value) in members)
                if (!knownMembers.TryGetPropertyValue(name, out var same))
                    faults.Add($"{path}{name}: no member of this version");
                else
                    FindStrangers(value, same, $"{path}{name}.", faults);
        else if (sent is JsonArray elements && known is JsonArray knownElements)
            foreach (var (element, same) in elements.Zip(knownElements))
                FindStrangers(element, same, path, faults);
    }
}
