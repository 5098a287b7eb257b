using System.Globalization;
using System.Text.Json;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Protocols.Ocpi;

namespace EdgeGateway.Tests.Site.Pricing;

/// <summary>Reads OCPI tariffs of any version for tests: the site itself knows no JSON.</summary>
internal static class TariffJson
{
    public static JsonElement Open(string relative)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(OcpiExamples.Require(relative)));
        return document.RootElement.Clone();
    }

    public static Tariff Read(string relative)
    {
        var json = Open(relative);
        return new Tariff
        {
            Id = json.GetProperty("id").GetString()!,
            Currency = json.GetProperty("currency").GetString()!,
            MinPrice = Money(json, "min_price"),
            MaxPrice = Money(json, "max_price"),
            TaxIncluded = json.TryGetProperty("tax_included", out var taxes)
                ? taxes.GetString() switch { "YES" => TaxIncluded.Yes, "NO" => TaxIncluded.No, "N/A" => TaxIncluded.NotApplicable, var other => throw new NotSupportedException($"tax_included {other}") }
                : TaxIncluded.No,
            Elements = [.. json.GetProperty("elements").EnumerateArray().Select(Element)],
        };
    }

    /// <summary>A price of 2.2.1 or 2.3.0, or a plain number of 2.1.1.</summary>
    public static Money? Money(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var price))
            return null;
        return price.ValueKind == JsonValueKind.Number
            ? new Money(price.GetDecimal(), null)
            : new Money((Number(price, "excl_vat") ?? Number(price, "before_taxes"))!.Value, Number(price, "incl_vat") ?? Number(price, "after_taxes"));
    }

    public static decimal? Number(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value.GetDecimal() : null;

    private static TariffElement Element(JsonElement json) => new()
    {
        Components = [.. json.GetProperty("price_components").EnumerateArray().Select(static component => new PriceComponent(
            component.GetProperty("type").GetString() switch
            {
                "ENERGY" => PriceDimension.Energy,
                "TIME" => PriceDimension.Time,
                "PARKING_TIME" => PriceDimension.ParkingTime,
                "FLAT" => PriceDimension.Flat,
                var other => throw new NotSupportedException($"price component {other}"),
            },
            component.GetProperty("price").GetDecimal(),
            Number(component, "vat"),
            component.GetProperty("step_size").GetInt32()))],
        Restrictions = json.TryGetProperty("restrictions", out var restrictions) ? Restrictions(restrictions) : null,
    };

    private static TariffRestrictions Restrictions(JsonElement json)
    {
        string? Text(string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
        TimeOnly? Time(string name) => Text(name) is { } text ? TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture) : null;
        DateOnly? Date(string name) => Text(name) is { } text ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
        TimeSpan? Seconds(string name) => Number(json, name) is { } seconds ? TimeSpan.FromSeconds((double)seconds) : null;
        return new TariffRestrictions
        {
            StartTime = Time("start_time"),
            EndTime = Time("end_time"),
            StartDate = Date("start_date"),
            EndDate = Date("end_date"),
            MinKwh = Number(json, "min_kwh"),
            MaxKwh = Number(json, "max_kwh"),
            MinCurrentA = Number(json, "min_current"),
            MaxCurrentA = Number(json, "max_current"),
            MinPowerKw = Number(json, "min_power"),
            MaxPowerKw = Number(json, "max_power"),
            MinDuration = Seconds("min_duration"),
            MaxDuration = Seconds("max_duration"),
            Days = json.TryGetProperty("day_of_week", out var days)
                ? [.. days.EnumerateArray().Select(static day => Enum.Parse<DayOfWeek>(day.GetString()!, ignoreCase: true))]
                : [],
            Reservation = Text("reservation") switch
            {
                null => null,
                "RESERVATION" => ReservationRestriction.Reservation,
                "RESERVATION_EXPIRES" => ReservationRestriction.ReservationExpires,
                var other => throw new NotSupportedException($"reservation {other}"),
            },
        };
    }
}
