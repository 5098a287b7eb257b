using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>Text for people, no markup. Language: ISO 639-1.</summary>
public sealed record DisplayText
{
    [CiString(2, Min = 2)]
    public required string Language { get; init; }

    [Text(512)]
    public required string Text { get; init; }
}

/// <summary>
/// Money in the object's currency. On the wire of 2.2.1 it is <c>{excl_vat, incl_vat}</c>: <c>incl_vat</c> is present when
/// <see cref="Taxes"/> is (an empty list states that there are none), and read as one tax named VAT.
/// </summary>
public sealed record Price
{
    public required decimal BeforeTaxes { get; init; }

    /// <summary>Null: nothing is said about taxes (M6: a component without VAT).</summary>
    public IReadOnlyList<TaxAmount>? Taxes { get; init; }

    /// <summary>What the driver pays; null when nothing is said about taxes.</summary>
    [JsonIgnore]
    public decimal? AfterTaxes => Taxes is null ? null : BeforeTaxes + Taxes.Sum(tax => tax.Amount);

    /// <summary>A price in the terms of 2.2.1.</summary>
    public static Price Of(decimal exclVat, decimal? inclVat = null) => new()
    {
        BeforeTaxes = exclVat,
        Taxes = inclVat is { } incl ? [new TaxAmount { Name = TaxAmount.Vat, Amount = incl - exclVat }] : null,
    };
}

public sealed record TaxAmount
{
    public const string Vat = "VAT";

    public required string Name { get; init; }

    public string? AccountNumber { get; init; }

    public decimal? Percentage { get; init; }

    public required decimal Amount { get; init; }
}

/// <summary>A tariff's lower or upper limit; <c>{excl_vat, incl_vat}</c> in 2.2.1.</summary>
public sealed record PriceLimit
{
    public required decimal BeforeTaxes { get; init; }

    public decimal? AfterTaxes { get; init; }
}

public sealed record BusinessDetails
{
    [Text(100)]
    public required string Name { get; init; }

    [Form(StringForm.Url)]
    public string? Website { get; init; }

    public Image? Logo { get; init; }
}

public sealed record Image
{
    [Form(StringForm.Url)]
    public required string Url { get; init; }

    [Form(StringForm.Url)]
    public string? Thumbnail { get; init; }

    public required Open<ImageCategory> Category { get; init; }

    [CiString(4)]
    public required string Type { get; init; }

    [Between(0, 99_999)]
    public int? Width { get; init; }

    [Between(0, 99_999)]
    public int? Height { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<ImageCategory>))]
public enum ImageCategory
{
    Charger,
    Entrance,
    Location,
    Network,
    Operator,
    Other,
    Owner,
}

/// <summary>Roles of parties; 2.3.0 has no HUB any more, 2.2.1 hubs show themselves as one.</summary>
[JsonConverter(typeof(EnumTextConverter<Role>))]
public enum Role
{
    Cpo,
    Emsp,
    Hub,
    Nap,
    Nsp,
    Other,
    Scsp,
}
