using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeGateway.Protocols.Ocpi.Shapes;

internal enum ShapeKind
{
    Text,
    Flag,
    Integer,
    Number,
    Time,
    ClosedEnum,
    OpenEnum,
    List,
    Object,
    Anything,
}

/// <summary>What a place in a message may hold, built once from the serializer's own contract so that both can never disagree.</summary>
internal sealed class Shape
{
    public required ShapeKind Kind { get; init; }

    public required string Name { get; init; }

    public IReadOnlyCollection<string> Values { get; init; } = [];

    /// <summary>Values that only a later version has.</summary>
    public IReadOnlyCollection<string> Later { get; init; } = [];

    /// <summary>Of a list.</summary>
    public Shape? Element { get; init; }

    /// <summary>Of an object; filled after construction because types refer to each other.</summary>
    public Dictionary<string, ShapeMember> Members { get; } = new(StringComparer.Ordinal);
}

internal sealed record ShapeMember
{
    public required string Name { get; init; }

    public required Shape Shape { get; init; }

    public required bool Required { get; init; }

    public bool AtLeastOne { get; init; }

    public CiStringAttribute? CiString { get; init; }

    public TextAttribute? Text { get; init; }

    public StringForm? Form { get; init; }

    public BetweenAttribute? Between { get; init; }
}

/// <summary>Implemented by a converter whose JSON is that of another type: an older sibling's form of the same object.</summary>
internal interface IShapedAs
{
    Type WireType { get; }
}

/// <summary>Builds shapes for one set of options (one version); the result is cached by <see cref="OcpiFormat"/>.</summary>
internal sealed class ShapeBuilder(OcpiVersion version, JsonSerializerOptions options)
{
    private readonly Dictionary<Type, Shape> _objects = [];

    public Shape Build(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return new Shape { Kind = ShapeKind.Text, Name = "a string" };
        if (type == typeof(bool))
            return new Shape { Kind = ShapeKind.Flag, Name = "true or false" };
        if (type == typeof(int) || type == typeof(long))
            return new Shape { Kind = ShapeKind.Integer, Name = "a whole number" };
        if (type == typeof(decimal))
            return new Shape { Kind = ShapeKind.Number, Name = "a number" };
        if (type == typeof(DateTimeOffset))
            return new Shape { Kind = ShapeKind.Time, Name = "a DateTime such as 2026-03-01T12:00:00Z" };
        if (type == typeof(JsonElement))
            return new Shape { Kind = ShapeKind.Anything, Name = "anything" };
        if (type.IsEnum)
            return EnumShape(ShapeKind.ClosedEnum, type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Open<>))
            return EnumShape(ShapeKind.OpenEnum, type.GetGenericArguments()[0]);
        if (ElementType(type) is { } element)
            return new Shape { Kind = ShapeKind.List, Name = "a list", Element = Build(element) };
        return BuildObject(type);
    }

    private Shape BuildObject(Type type)
    {
        var contract = options.GetTypeInfo(type);
        if (contract.Converter is IShapedAs older)
            return BuildObject(older.WireType);
        if (_objects.TryGetValue(type, out var known))
            return known;
        var shape = new Shape { Kind = ShapeKind.Object, Name = $"a {type.Name} object" };
        _objects[type] = shape;
        foreach (var property in contract.Properties)
        {
            if (Attribute<SinceAttribute>(property) is { } since && OcpiVersions.Parse(since.Version) > version)
                continue; // what this version does not know is an unknown member to it
            shape.Members[property.Name] = new ShapeMember
            {
                Name = property.Name,
                Shape = Build(property.PropertyType),
                Required = property.IsRequired || Attribute<MandatoryAttribute>(property) is not null,
                AtLeastOne = Attribute<AtLeastOneAttribute>(property) is not null,
                CiString = Attribute<CiStringAttribute>(property),
                Text = Attribute<TextAttribute>(property),
                Form = Attribute<FormAttribute>(property)?.Form,
                Between = Attribute<BetweenAttribute>(property),
            };
        }

        return shape;
    }

    private static T? Attribute<T>(JsonPropertyInfo property)
        where T : Attribute =>
        property.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: false).OfType<T>().FirstOrDefault();

    private Shape EnumShape(ShapeKind kind, Type type) => (Shape)typeof(ShapeBuilder).GetMethod(nameof(EnumShapeOf), BindingFlags.NonPublic | BindingFlags.Instance)!
        .MakeGenericMethod(type).Invoke(this, [kind])!;

    private Shape EnumShapeOf<T>(ShapeKind kind)
        where T : struct, Enum
    {
        var texts = EnumText.All<T>().Where(text => EnumText.Find<T>(text, version) is not null).ToList();
        return new Shape { Kind = kind, Name = $"one of {string.Join(", ", texts)}", Values = texts, Later = [.. EnumText.All<T>().Except(texts)] };
    }

    private static Type? ElementType(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) || type.GetGenericTypeDefinition() == typeof(List<>))
            ? type.GetGenericArguments()[0]
            : null;
}
