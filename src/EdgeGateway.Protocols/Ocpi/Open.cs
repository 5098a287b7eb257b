using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi;

/// <summary>
/// A value of an enumeration that peers extend: known values are typed, unknown ones keep their text (T8). Compares by text;
/// <c>token.Type == TokenType.Rfid</c> and <c>switch (token.Type.Known)</c> both work.
/// </summary>
[JsonConverter(typeof(OpenConverterFactory))]
public readonly record struct Open<T>
    where T : struct, Enum
{
    private readonly string? _text;

    public Open(T known)
    {
        Known = known;
        _text = EnumText.Of(known);
    }

    public Open(string text)
    {
        Known = EnumText.Find<T>(text);
        _text = Known is { } known ? EnumText.Of(known) : text;
    }

    /// <summary>Null when the peer's value is not one of ours.</summary>
    public T? Known { get; }

    public string Text => _text ?? "";

    public static implicit operator Open<T>(T known) => new(known);

    public override string ToString() => Text;
}

/// <summary>Texts of an enumeration on the wire: UPPER_SNAKE of the name, unless <see cref="JsonStringEnumMemberNameAttribute"/> says otherwise.</summary>
public static class EnumText
{
    public static IReadOnlyCollection<string> All<T>()
        where T : struct, Enum =>
        Table<T>.Texts.Values;

    public static string Of<T>(T value)
        where T : struct, Enum =>
        Table<T>.Texts[value];

    /// <summary>Null for a text that is none of the values. Case does not matter: some peers write "sender" or "rfid".</summary>
    public static T? Find<T>(string? text)
        where T : struct, Enum =>
        text is not null && Table<T>.Values.TryGetValue(text, out var value) ? value : null;

    /// <summary>The same for one version: null also for a value that only later ones have.</summary>
    public static T? Find<T>(string? text, OcpiVersion version)
        where T : struct, Enum =>
        Find<T>(text) is { } value && Exists(value, version) ? value : null;

    public static bool Exists<T>(T value, OcpiVersion version)
        where T : struct, Enum =>
        !Table<T>.Since.TryGetValue(value, out var since) || since <= version;

    private static class Table<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Texts = typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static).ToFrozenDictionary(
            field => (T)field.GetValue(null)!,
            field => field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseUpper.ConvertName(field.Name));

        public static readonly FrozenDictionary<T, OcpiVersion> Since = typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (Value: (T)field.GetValue(null)!, Since: OcpiVersions.Parse(field.GetCustomAttribute<SinceAttribute>()?.Version)))
            .Where(value => value.Since is not null)
            .ToFrozenDictionary(value => value.Value, value => value.Since!.Value);

        public static readonly FrozenDictionary<string, T> Values =
            Texts.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>A closed enumeration: an unknown text is a fault of the message.</summary>
public sealed class EnumTextConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && EnumText.Find<T>(reader.GetString()) is { } value
            ? value
            : throw new JsonException($"one of {string.Join(", ", EnumText.All<T>())} was expected");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(EnumText.Of(value));
}

internal sealed class OpenConverter<T> : JsonConverter<Open<T>>
    where T : struct, Enum
{
    public override Open<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? new Open<T>(reader.GetString()!) : throw new JsonException("a string was expected");

    public override void Write(Utf8JsonWriter writer, Open<T> value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}

public sealed class OpenConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Open<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(OpenConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;
}
