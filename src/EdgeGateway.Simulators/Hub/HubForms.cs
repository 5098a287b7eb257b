using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;

namespace EdgeGateway.Simulators.Hub;

/// <summary>What the hub itself says, in the words of each version.</summary>
internal static class HubForms
{
    public static readonly string[] Received = ["locations", "sessions", "cdrs", "tariffs"];

    public static JsonObject Details(OcpiVersion version, string root)
    {
        var endpoints = new JsonArray();
        void Add(string module, string role, string path)
        {
            var endpoint = new JsonObject { ["identifier"] = module, ["url"] = $"{root}/{version.Text()}/{path}" };
            if (version != OcpiVersion.V211)
                endpoint["role"] = role;
            endpoints.Add((JsonNode)endpoint);
        }

        foreach (var module in new[] { "credentials", "tokens", "commands" })
            Add(module, "SENDER", module);
        foreach (var module in Received)
            Add(module, "RECEIVER", $"receiver/{module}");
        if (version != OcpiVersion.V211)
        {
            Add("hubclientinfo", "SENDER", "hubclientinfo");
            Add("chargingprofiles", "SENDER", "chargingprofiles");
        }
        return new() { ["version"] = version.Text(), ["endpoints"] = endpoints };
    }

    /// <summary>§3: flat [211], one role HUB [221], the parties behind it and its own id [230].</summary>
    public static JsonObject Credentials(OcpiVersion version, SimulatedHubOptions options, string token, string url, IEnumerable<HubParty> parties)
    {
        var whole = new JsonObject { ["token"] = token, ["url"] = url };
        var name = new JsonObject { ["name"] = options.Name };
        switch (version)
        {
            case OcpiVersion.V211:
                (whole["business_details"], whole["country_code"], whole["party_id"]) = (name, options.CountryCode, options.PartyId);
                break;
            case OcpiVersion.V221:
                whole["roles"] = new JsonArray(Role("HUB", options.CountryCode, options.PartyId, name));
                break;
            default:
                whole["hub_party_id"] = options.CountryCode + options.PartyId;
                whole["roles"] = new JsonArray([.. parties.Select(p => Role(p.Role, p.CountryCode, p.PartyId, (JsonObject)name.DeepClone()))]);
                break;
        }
        return whole;
    }

    public static JsonObject Token(OcpiVersion version, HubToken token)
    {
        var whole = new JsonObject();
        if (version == OcpiVersion.V211)
            (whole["uid"], whole["type"], whole["auth_id"]) = (token.Uid, token.Type == "RFID" ? "RFID" : "OTHER", token.ContractId);
        else
        {
            (whole["country_code"], whole["party_id"]) = (token.CountryCode, token.PartyId);
            (whole["uid"], whole["type"], whole["contract_id"]) = (token.Uid, token.Type, token.ContractId);
        }
        (whole["issuer"], whole["valid"], whole["whitelist"]) = ("Simulated MSP", token.Valid, token.Whitelist);
        whole["last_updated"] = OcpiText.Stamp(token.LastUpdated);
        return whole;
    }

    public static JsonObject ClientInfo(HubParty party) => new()
    {
        ["country_code"] = party.CountryCode,
        ["party_id"] = party.PartyId,
        ["role"] = party.Role,
        ["status"] = party.Status,
        ["last_updated"] = OcpiText.Stamp(party.LastUpdated),
    };

    private static JsonObject Role(string role, string country, string party, JsonObject name) =>
        new() { ["role"] = role, ["country_code"] = country, ["party_id"] = party, ["business_details"] = name };
}
