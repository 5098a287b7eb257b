using System.Buffers;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>
/// A tariff as an installer writes it: the OCPI 2.2.1 object, with the configuration's spelling (<c>Id</c>, <c>Currency</c>,
/// <c>TariffAltText</c>) allowed on the first level, with 2.3.0's <c>tax_included</c>, and without what the gateway knows itself.
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
        var defaults = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["country_code"] = owner.CountryCode,
            ["party_id"] = owner.PartyId,
            ["last_updated"] = OcpiDateTime.Write(lastUpdated),
        };
        var taxes = TaxIncluded.No;
        OcpiFault? taxFault = null;
        var tariff = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(tariff))
        {
            writer.WriteStartObject();
            foreach (var member in json.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Null)
                    continue;
                var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);
                if (name == "tax_included")
                {
                    // M11; the rest of the object keeps 2.2.1's form, whose prices are net.
                    if (member.Value.ValueKind == JsonValueKind.String && EnumText.Find<TaxIncluded>(member.Value.GetString()) is { } said)
                        taxes = said;
                    else
                        taxFault = new OcpiFault(name, ShapeJudge.Found(member.Value), $"one of {string.Join(", ", EnumText.All<TaxIncluded>())}");
                    continue;
                }
                defaults.Remove(name);
                writer.WritePropertyName(name);
                member.Value.WriteTo(writer);
            }

            foreach (var (name, value) in defaults)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(tariff.WrittenMemory);
        var read = format.Read<Tariff>(document.RootElement, ShapeRules.Configured);
        return taxFault is null ? read with { Value = read.Value is null ? null : read.Value with { TaxIncluded = taxes } } : new OcpiRead<Tariff>(null, [.. read.Faults, taxFault]);
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
