using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>
/// A tariff as an installer writes it: the OCPI 2.2.1 object, with the configuration's spelling (<c>Id</c>, <c>Currency</c>,
/// <c>TariffAltText</c>) allowed on the first level, and without what the gateway knows itself.
/// </summary>
public static class ConfiguredTariff
{
    /// <summary>
    /// Reads one. Absent <c>country_code</c>, <c>party_id</c> and <c>last_updated</c> are taken from the arguments. Paths of faults are
    /// relative to the tariff. A member nobody knows is a fault here: a misspelt restriction would silently change a price.
    /// </summary>
    public static OcpiRead<Tariff> Read(JsonElement json, OcpiParty owner, DateTimeOffset lastUpdated)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return new OcpiRead<Tariff>(null, [new OcpiFault("", ShapeJudge.Found(json), "an OCPI 2.2.1 tariff object")]);
        var format = OcpiJson.For(OcpiVersion.V221);
        var tariff = new JsonObject();
        foreach (var member in json.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null)
                tariff[JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name)] = JsonNode.Parse(member.Value.GetRawText());
        }

        tariff.TryAdd("country_code", owner.CountryCode);
        tariff.TryAdd("party_id", owner.PartyId);
        tariff.TryAdd("last_updated", OcpiDateTime.Write(lastUpdated));
        return format.Read<Tariff>(JsonSerializer.SerializeToElement(tariff, format.TypeInfo<JsonObject>()), ShapeRules.Configured);
    }

    /// <summary>The same from a file's text (comments and trailing commas allowed, as in the configuration itself).</summary>
    public static OcpiRead<Tariff> Read(string text, OcpiParty owner, DateTimeOffset lastUpdated)
    {
        try
        {
            using var document = JsonDocument.Parse(
                text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = OcpiFormat.MaxDepth });
            return Read(document.RootElement, owner, lastUpdated);
        }
        catch (JsonException fault)
        {
            return new OcpiRead<Tariff>(null, [new OcpiFault("", fault.Message, "a JSON object")]);
        }
    }
}
