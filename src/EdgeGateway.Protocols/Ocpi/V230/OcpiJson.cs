using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>The formats of this family: 2.3.0 as the types are, 2.2.1 with newer members muted and prices in their older form.</summary>
public static class OcpiJson
{
    private static readonly OcpiFormat Format230 = new(OcpiVersion.V230, Build(OcpiJsonContext.Default));

    private static readonly OcpiFormat Format221 = new(
        OcpiVersion.V221,
        Build(OcpiJsonContext.Default.WithAddedModifier(contract => MuteAfter(OcpiVersion.V221, contract)), new Price221Converter(), new PriceLimit221Converter()));

    /// <summary>Throws for a version of another family: the version is chosen once, where the dialect is.</summary>
    public static OcpiFormat For(OcpiVersion version) => version switch
    {
        OcpiVersion.V221 => Format221,
        OcpiVersion.V230 => Format230,
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, "not of the family that serves 2.2.1 and 2.3.0"),
    };

    private static JsonSerializerOptions Build(IJsonTypeInfoResolver resolver, params ReadOnlySpan<JsonConverter> converters)
    {
        var options = new JsonSerializerOptions(OcpiJsonContext.Default.Options)
        {
            TypeInfoResolver = resolver,
            MaxDepth = OcpiFormat.MaxDepth,
            // Bodies are UTF-8 and never HTML: "ö" needs no escape, and a technician can read it.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        foreach (var converter in converters)
            options.Converters.Add(converter);
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Muted, not removed: a contract that lost a required member would refuse its own type.</summary>
    private static void MuteAfter(OcpiVersion version, JsonTypeInfo contract)
    {
        foreach (var property in contract.Properties)
        {
            var since = property.AttributeProvider?.GetCustomAttributes(typeof(SinceAttribute), inherit: false).OfType<SinceAttribute>().FirstOrDefault();
            if (since is not null && OcpiVersions.Parse(since.Version) > version)
                property.ShouldSerialize = static (_, _) => false;
        }
    }
}
