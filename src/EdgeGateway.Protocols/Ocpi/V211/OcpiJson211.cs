using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Protocols.Ocpi.V211;

/// <summary>The format of 2.1.1, a family of one.</summary>
public static class OcpiJson211
{
    public static OcpiFormat Format { get; } = new(OcpiVersion.V211, Build());

    private static JsonSerializerOptions Build()
    {
        var options = new JsonSerializerOptions(OcpiJson211Context.Default.Options)
        {
            TypeInfoResolver = OcpiJson211Context.Default,
            MaxDepth = OcpiFormat.MaxDepth,
            // As in the other family: bodies are UTF-8 and never HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.MakeReadOnly();
        return options;
    }
}

/// <summary>The generated contract of 2.1.1.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(OcpiDateTimeConverter)])]
[JsonSerializable(typeof(IReadOnlyList<VersionInfo>))]
[JsonSerializable(typeof(VersionDetails))]
[JsonSerializable(typeof(Credentials))]
[JsonSerializable(typeof(IReadOnlyList<Location>))]
[JsonSerializable(typeof(EvseStatusPatch))]
[JsonSerializable(typeof(IReadOnlyList<Tariff>))]
[JsonSerializable(typeof(IReadOnlyList<Session>))]
[JsonSerializable(typeof(IReadOnlyList<Cdr>))]
[JsonSerializable(typeof(IReadOnlyList<Token>))]
[JsonSerializable(typeof(LocationReferences))]
[JsonSerializable(typeof(AuthorizationInfo))]
[JsonSerializable(typeof(StartSession))]
[JsonSerializable(typeof(StopSession))]
[JsonSerializable(typeof(ReserveNow))]
[JsonSerializable(typeof(UnlockConnector))]
[JsonSerializable(typeof(CommandResponse))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class OcpiJson211Context : JsonSerializerContext;
