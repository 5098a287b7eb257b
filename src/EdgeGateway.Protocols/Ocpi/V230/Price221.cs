using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>Price and its limit as 2.2.1 writes them.</summary>
internal sealed record Price221
{
    public required decimal ExclVat { get; init; }

    public decimal? InclVat { get; init; }
}

internal sealed class Price221Converter : JsonConverter<Price>, IShapedAs
{
    public Type WireType => typeof(Price221);

    public override Price? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, OcpiJsonContext.Default.Price221) is { } price ? Price.Of(price.ExclVat, price.InclVat) : null;

    public override void Write(Utf8JsonWriter writer, Price value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Price221 { ExclVat = value.BeforeTaxes, InclVat = value.AfterTaxes }, OcpiJsonContext.Default.Price221);
}

internal sealed class PriceLimit221Converter : JsonConverter<PriceLimit>, IShapedAs
{
    public Type WireType => typeof(Price221);

    public override PriceLimit? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, OcpiJsonContext.Default.Price221) is { } price
            ? new PriceLimit { BeforeTaxes = price.ExclVat, AfterTaxes = price.InclVat }
            : null;

    public override void Write(Utf8JsonWriter writer, PriceLimit value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Price221 { ExclVat = value.BeforeTaxes, InclVat = value.AfterTaxes }, OcpiJsonContext.Default.Price221);
}
