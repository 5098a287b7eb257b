using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace EdgeGateway.Protocols.Ocpp.Messages;

/// <summary>
/// What a JSON value must look like, taken from the message records and their attributes: the one description that leniency on the way
/// in and strictness on the way out both go by.
/// </summary>
internal abstract record Shape
{
    // By serialiser options too, because the older sibling of a family has its own contract over the same types.
    private static readonly ConcurrentDictionary<(Type, JsonSerializerOptions), ObjectShape> Known = new();

    public static ObjectShape Of(JsonTypeInfo type) =>
        Known.GetOrAdd((type.Type, type.Options), static (_, type) => new ObjectShape(
            // A member that the older version lacks is one that is not in its standard.
            [.. type.Properties.Where(p => !IsOlder(p.Options) || !VersionContract.IsLater(p)).Select(Member)],
            type.Options.TypeInfoResolver is VersionContract { HasCustomData: true }), type);

    internal static bool IsOlder(JsonSerializerOptions options) => options.TypeInfoResolver is VersionContract { IsOlder: true };

    private static MemberShape Member(JsonPropertyInfo property)
    {
        var declared = property.PropertyType;
        var value = Nullable.GetUnderlyingType(declared);
        return new MemberShape
        {
            Name = property.Name,
            Utf8Name = Encoding.UTF8.GetBytes(property.Name),
            Shape = Of(value ?? declared, property),
            Required = property.IsRequired,
            Mandatory = property.IsRequired || Has<MandatoryAttribute>(property) || IsOlder(property.Options) && Has<MandatoryIn201Attribute>(property),
            Expected = property.IsRequired || Has<MandatoryAttribute>(property) && !VersionContract.IsLater(property),
            Nullable = value is not null || property.IsSetNullable,
            Vital = Has<VitalAttribute>(property),
        };
    }

    private static Shape Of(Type type, JsonPropertyInfo member)
    {
        if (type == typeof(string))
        {
            var text = Get<TextAttribute>(member);
            var max = text is { In201: > 0 } && IsOlder(member.Options) ? text.In201 : text?.MaxChars ?? int.MaxValue;
            return new TextShape(max, text?.TooLong ?? TooLong.Refuse, Has<AbsoluteUriAttribute>(member), Has<AnyJsonAsTextAttribute>(member))
            {
                OneOf = IsOlder(member.Options) ? Get<OneOfIn201Attribute>(member)?.Texts : null,
            };
        }
        if (type == typeof(int)) return new IntegerShape(int.MinValue, int.MaxValue, NumberRange.Of(member));
        if (type == typeof(long)) return new IntegerShape(long.MinValue, long.MaxValue, NumberRange.Of(member));
        if (type == typeof(decimal))
            return new DecimalShape(Has<TenthsAttribute>(member), IsOlder(member.Options) && Has<WholeIn201Attribute>(member), NumberRange.Of(member));
        if (type == typeof(JsonElement)) return new AnyShape();
        if (type == typeof(bool)) return new BooleanShape();
        if (type == typeof(DateTimeOffset)) return new TimeShape();
        if (type.IsEnum) return EnumShape.Of(type, IsOlder(member.Options));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new ListShape(
                Of(type.GetGenericArguments()[0], member), Has<AtLeastOneAttribute>(member), Get<AtMostAttribute>(member)?.Elements ?? int.MaxValue);
        return Of(member.Options.GetTypeInfo(type));
    }

    private static bool Has<T>(JsonPropertyInfo member) where T : Attribute => Get<T>(member) is not null;

    internal static T? Get<T>(JsonPropertyInfo member) where T : Attribute =>
        member.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true) is [T attribute, ..] ? attribute : null;
}

internal sealed record TextShape(int MaxChars, TooLong TooLong, bool AbsoluteUri, bool AnyJson) : Shape
{
    /// <summary>Null: any text.</summary>
    public IReadOnlyList<string>? OneOf { get; init; }
}

internal sealed record IntegerShape(long Min, long Max, NumberRange? Range) : Shape;

internal sealed record DecimalShape(bool Tenths, bool Whole, NumberRange? Range) : Shape;

/// <summary>The range that the standard gives a number, which is narrower than its type's.</summary>
internal sealed record NumberRange(int Min, int Max)
{
    public static NumberRange? Of(JsonPropertyInfo member) =>
        Shape.Get<BetweenAttribute>(member) is { } between && (between.In201 || !Shape.IsOlder(member.Options)) ? new(between.Min, between.Max) : null;

    public bool Holds(decimal number) => (number >= Min || Min == int.MinValue) && (number <= Max || Max == int.MaxValue);
}

/// <summary>Whatever JSON it is.</summary>
internal sealed record AnyShape : Shape;

internal sealed record BooleanShape : Shape;

internal sealed record TimeShape : Shape;

internal sealed record ListShape(Shape Element, bool AtLeastOne, int AtMost) : Shape;

/// <summary>The spellings of an enum; those the standard knows first.</summary>
internal sealed record EnumShape(string TypeName, EnumSpelling[] Spellings, string? Fallback) : Shape
{
    public static EnumShape Of(Type type, bool older)
    {
        var spellings = new List<EnumSpelling>();
        string? fallback = null;
        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (older && field.IsDefined(typeof(SinceAttribute), inherit: false)) continue;
            var wire = field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name;
            spellings.Add(new(wire, wire, Right: true));
            if (field.GetCustomAttribute<WireAliasAttribute>() is { } alias) spellings.Add(new(alias.Spelling, wire, !alias.Tolerated));
            if (field.GetCustomAttribute<FallbackAttribute>() is not null) fallback = wire;
        }
        return new(type.Name, [.. spellings.OrderBy(s => !s.Right)], fallback);
    }
}

/// <param name="Wire">The spelling to read it as.</param>
/// <param name="Right">Whether the standard knows this spelling.</param>
internal sealed record EnumSpelling(string Text, string Wire, bool Right)
{
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Text);
}

internal sealed record ObjectShape : Shape
{
    public ObjectShape(MemberShape[] members, bool hasCustomData)
    {
        // The bits of a ulong remember which members were there.
        if (members.Length > 64) throw new ArgumentException("too many members", nameof(members));
        Members = members;
        HasCustomData = hasCustomData;
        for (var i = 0; i < members.Length; i++)
        {
            if (members[i].Required) RequiredBits |= 1UL << i;
            if (members[i].Mandatory) MandatoryBits |= 1UL << i;
            if (members[i].Expected) ExpectedBits |= 1UL << i;
        }
    }

    public MemberShape[] Members { get; }

    /// <summary>See <see cref="VersionContract.HasCustomData"/>.</summary>
    public bool HasCustomData { get; }

    /// <summary>What a record cannot be read without.</summary>
    public ulong RequiredBits { get; }

    /// <summary>What the standard requires: at least the above.</summary>
    public ulong MandatoryBits { get; }

    /// <summary>What every version of the family requires: its absence is remarked.</summary>
    public ulong ExpectedBits { get; }

    /// <summary>The member of that exact name, or -1. Members mostly come in order, so the search begins after the last one found.</summary>
    public int IndexOf(ref Utf8JsonReader name, int from)
    {
        for (var n = 0; n < Members.Length; n++)
        {
            var i = from + n;
            if (i >= Members.Length) i -= Members.Length;
            if (name.ValueTextEquals(Members[i].Utf8Name)) return i;
        }
        return -1;
    }

    public int IndexOfIgnoringCase(string name) => Array.FindIndex(Members, m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase));
}

internal sealed record MemberShape
{
    public required string Name { get; init; }
    public required byte[] Utf8Name { get; init; }
    public required Shape Shape { get; init; }
    public required bool Required { get; init; }

    public required bool Mandatory { get; init; }

    public required bool Expected { get; init; }

    /// <summary>Whether the record can hold null here, though the standard may require a value.</summary>
    public required bool Nullable { get; init; }

    public required bool Vital { get; init; }
}
