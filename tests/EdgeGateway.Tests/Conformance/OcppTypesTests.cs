using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Tests.Conformance;

/// <summary>
/// Our types and the published schemas, member by member: names, what is required, kinds of values, enumerations, lengths, counts and
/// ranges. What differs is listed with its path.
/// </summary>
public sealed class OcppTypesTests
{
    public static TheoryData<string, string, bool> Messages => OcppSchemas.Messages;

    [Theory]
    [MemberData(nameof(Messages))]
    public void Our_type_and_the_schema_agree(string version, string name, bool response)
    {
        var schemas = OcppSchemas.Of(version);
        var action = schemas.Ours.Find(name)!;
        using var schema = JsonDocument.Parse(File.ReadAllText(schemas.PathOf(action, response)));
        var comparison = new Comparison(schema.RootElement, older: version == "2.0.1");
        comparison.Object("", schema.RootElement, response ? action.ResponseType! : action.RequestType);
        Assert.True(comparison.Differences.Count == 0, string.Join('\n', comparison.Differences));
    }

    [Fact]
    public void A_difference_is_told_with_its_path()
    {
        const string Schema = """
            {"properties":{"connectorId":{"type":"string"},"status":{"type":"string","enum":["Available","Odd"]},"info":{"type":"string","maxLength":9},
            "timestamp":{"type":"string"},"more":{"type":"integer"}},"required":["connectorId","info"]}
            """;
        using var schema = JsonDocument.Parse(Schema);
        var comparison = new Comparison(schema.RootElement, older: false);
        comparison.Object("", schema.RootElement, OcppSchemas.Of("1.6").Ours.Find("StatusNotification")!.RequestType);
        Assert.Equal(
        [
            ".connectorId: kind is string there, integer here",
            ".status: required is False there, True here",
            ".status: values is Available Odd there, Available Charging Faulted Finishing Preparing Reserved SuspendedEV SuspendedEVSE Unavailable here",
            ".info: required is True there, False here",
            ".info: length is 9 there, 50 here",
            ".timestamp: kind is string there, time here",
            ".more: missing here",
            ".errorCode: not in the schema",
            ".vendorId: not in the schema",
            ".vendorErrorCode: not in the schema",
        ], comparison.Differences);
    }

    private sealed class Comparison(JsonElement root, bool older)
    {
        public List<string> Differences { get; } = [];

        public void Object(string path, JsonElement schema, JsonTypeInfo type)
        {
            if (type.Kind != JsonTypeInfoKind.Object)
            {
                Differences.Add($"{path}: an object there, {type.Type} here");
                return;
            }
            var ours = type.Properties.Where(p => !older || Get<SinceAttribute>(p) is null).ToDictionary(p => p.Name);
            string[] required = schema.TryGetProperty("required", out var list) ? [.. list.EnumerateArray().Select(r => r.GetString()!)] : [];
            if (schema.TryGetProperty("properties", out var members))
            {
                foreach (var member in members.EnumerateObject())
                {
                    // VersionContract.HasCustomData tells why.
                    if (member.NameEquals("customData")) continue;
                    if (!ours.Remove(member.Name, out var property)) Differences.Add($"{path}.{member.Name}: missing here");
                    else Member($"{path}.{member.Name}", Resolve(member.Value), property, required.Contains(member.Name));
                }
            }
            foreach (var name in ours.Keys) Differences.Add($"{path}.{name}: not in the schema");
        }

        private void Member(string path, JsonElement schema, JsonPropertyInfo property, bool required)
        {
            var mandatory = property.IsRequired || Get<MandatoryAttribute>(property) is not null
                || older && Get<MandatoryIn201Attribute>(property) is not null;
            Same(path, "required", required, mandatory);
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var isList = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);
            Same(path, "list", KindOf(schema) == "array", isList);
            Same(path, "at least one", Number(schema, "minItems") > 0, Get<AtLeastOneAttribute>(property) is not null);
            Same(path, "at most", Number(schema, "maxItems"), Get<AtMostAttribute>(property)?.Elements);
            if (isList != (KindOf(schema) == "array")) return;
            if (isList) Value($"{path}[]", Resolve(schema.GetProperty("items")), type.GetGenericArguments()[0], property);
            else Value(path, schema, type, property);
        }

        private void Value(string path, JsonElement schema, Type type, JsonPropertyInfo property)
        {
            var text = Get<TextAttribute>(property);
            if (type.IsEnum)
            {
                Enumeration(path, schema, type);
                return;
            }
            if (KindOf(schema) == "object")
            {
                Object(path, schema, property.Options.GetTypeInfo(type));
                return;
            }
            var oneOf = older ? Get<OneOfIn201Attribute>(property)?.Texts : null;
            Same(path, "values", Values(schema), oneOf is null ? null : string.Join(' ', oneOf.Order(StringComparer.Ordinal)));
            if (oneOf is null) Same(path, "length", Number(schema, "maxLength"), older && text?.In201 > 0 ? text.In201 : text?.MaxChars);
            Same(path, "kind", Kind(schema), Kind(type, property));

            var range = Get<BetweenAttribute>(property) is { } between && (!older || between.In201) ? between : null;
            Same(path, "minimum", Number(schema, "minimum"), range is null or { Min: int.MinValue } ? null : range.Min);
            Same(path, "maximum", Number(schema, "maximum"), range is null or { Max: int.MaxValue } ? null : range.Max);
            var tenths = schema.TryGetProperty("multipleOf", out var step) && step.GetDecimal() == 0.1m;
            Same(path, "tenths", tenths, Get<TenthsAttribute>(property) is not null);
        }

        private void Enumeration(string path, JsonElement schema, Type type)
        {
            var ours = new List<string>();
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            {
                if (older && field.IsDefined(typeof(SinceAttribute))) continue;
                if (field.GetCustomAttribute<WireAliasAttribute>() is { Tolerated: false } alias) ours.Add(alias.Spelling);
                ours.Add(field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name);
            }
            Same(path, "values", Values(schema), string.Join(' ', ours.Order(StringComparer.Ordinal)));
        }

        private string Kind(JsonElement schema) => (KindOf(schema), Format(schema)) switch
        {
            ("string", "date-time") => "time",
            ("string", "uri") => "uri",
            var (kind, _) => kind,
        };

        private string Kind(Type type, JsonPropertyInfo property) => type switch
        {
            _ when type == typeof(DateTimeOffset) => "time",
            _ when type == typeof(string) => Get<AbsoluteUriAttribute>(property) is null ? "string" : "uri",
            _ when type == typeof(int) || type == typeof(long) => "integer",
            _ when type == typeof(decimal) => older && Get<WholeIn201Attribute>(property) is not null ? "integer" : "number",
            _ when type == typeof(bool) => "boolean",
            _ when type == typeof(JsonElement) => "any",
            _ => type.Name,
        };

        private JsonElement Resolve(JsonElement schema) =>
            schema.TryGetProperty("$ref", out var reference)
                ? root.GetProperty("definitions").GetProperty(reference.GetString()!["#/definitions/".Length..])
                : schema;

        private static string KindOf(JsonElement schema) => schema.TryGetProperty("type", out var type) ? type.GetString()! : "any";

        private static string? Format(JsonElement schema) => schema.TryGetProperty("format", out var format) ? format.GetString() : null;

        private static decimal? Number(JsonElement schema, string limit) => schema.TryGetProperty(limit, out var value) ? value.GetDecimal() : null;

        private static string? Values(JsonElement schema) => schema.TryGetProperty("enum", out var values)
            ? string.Join(' ', values.EnumerateArray().Select(v => v.GetString()!).Distinct().Order(StringComparer.Ordinal))
            : null;

        private void Same<T>(string path, string what, T there, T here)
        {
            if (!EqualityComparer<T>.Default.Equals(there, here)) Differences.Add($"{path}: {what} is {there} there, {here} here");
        }

        private static T? Get<T>(JsonPropertyInfo property) where T : Attribute =>
            property.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true) is [T attribute, ..] ? attribute : null;
    }
}
