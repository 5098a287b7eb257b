using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.V230;
using EdgeGateway.Site.Model;
using OcpiTariff = EdgeGateway.Protocols.Ocpi.V230.Tariff;
using Tariff = EdgeGateway.Site.Model.Tariff;
using TariffElement = EdgeGateway.Site.Model.TariffElement;
using TariffRestrictions = EdgeGateway.Site.Model.TariffRestrictions;

namespace EdgeGateway.Configuration;

/// <summary>Tariffs as OCPI 2.2.1 objects, in the file itself or in files beside it.</summary>
internal static class TariffReader
{
    public const int FileLimit = 1000;

    /// <returns>The tariffs without faults, and the ids of all: a faulty one is no reason to call its id unknown elsewhere.</returns>
    public static (ImmutableArray<Tariff> Tariffs, IReadOnlySet<string> Ids) Read(Section gateway, string folder, Party party)
    {
        var tariffs = ImmutableArray.CreateBuilder<Tariff>();
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (gateway.Raw("Tariffs") is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                // The file's own path goes on with ours, in the file's spelling: Gateway:Tariffs:0:elements:0:price_components:0:price.
                using var json = JsonDocument.Parse(list[i]?.ToJsonString() ?? "null");
                Take(json.RootElement, $"{gateway.At("Tariffs")}:{i}");
            }
        }
        else if (gateway.Raw("Tariffs") is { } other)
        {
            gateway.Findings.Fault(gateway.At("Tariffs"), other.ToJsonString(), "a list [ … ] of OCPI 2.2.1 tariff objects");
        }

        foreach (var (pattern, path) in gateway.Texts("TariffFiles", "a path, with * and ? in its last part"))
        {
            var files = Matching(pattern, folder);
            if (files.Count == 0)
                gateway.Findings.Fault(path, pattern, "a path that at least one file matches");
            foreach (var file in files)
                TakeFile(file);
        }
        return (tariffs.ToImmutable(), ids);

        void TakeFile(string file)
        {
            try
            {
                using var json = JsonDocument.Parse(File.ReadAllBytes(file), new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
                if (json.RootElement.ValueKind != JsonValueKind.Array)
                {
                    Take(json.RootElement, file);
                    return;
                }
                var i = 0;
                foreach (var item in json.RootElement.EnumerateArray())
                    Take(item, $"{file}:{i++}");
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
            {
                gateway.Findings.Fault(file, fault.Message, "a JSON file with an OCPI 2.2.1 tariff object or a list of them");
            }
        }

        void Take(JsonElement json, string path)
        {
            var read = ConfiguredTariff.Read(json, new OcpiParty(party.CountryCode, party.PartyId), DateTimeOffset.UnixEpoch);
            foreach (var fault in read.Faults)
                gateway.Findings.Fault(path, fault);
            var id = json.ValueKind == JsonValueKind.Object
                ? json.EnumerateObject().FirstOrDefault(m => m.Name.Equals("id", StringComparison.OrdinalIgnoreCase)).Value
                : default;
            if (id.ValueKind == JsonValueKind.String && !ids.Add(id.GetString()!))
                gateway.Findings.Fault($"{path}:id", id.GetString(), "an id that no other tariff has");
            else if (read.IsValid)
                tariffs.Add(ToSite(read.Value));
        }
    }

    /// <summary>The files that <c>TariffFiles</c> names now.</summary>
    public static IEnumerable<string> Files(Section gateway, string folder) =>
        gateway.Texts("TariffFiles", "").SelectMany(t => Matching(t.Text, folder));

    /// <summary>The files that a path with * and ? in its last part names.</summary>
    public static IReadOnlyList<string> Matching(string pattern, string folder)
    {
        var path = Path.GetFullPath(pattern, folder);
        return Path.GetDirectoryName(path) is { } parent && Directory.Exists(parent)
            ? [.. Directory.EnumerateFiles(parent, Path.GetFileName(path)).Order(StringComparer.Ordinal).Take(FileLimit)]
            : [];
    }

    private static Tariff ToSite(OcpiTariff tariff) => new()
    {
        Id = tariff.Id,
        Currency = tariff.Currency.ToUpperInvariant(),
        Type = tariff.Type?.Text,
        AltText = [.. (tariff.TariffAltText ?? []).Select(t => new LocalizedText(t.Language, t.Text))],
        AltUrl = tariff.TariffAltUrl,
        MinPrice = ToSite(tariff.MinPrice),
        MaxPrice = ToSite(tariff.MaxPrice),
        Elements = [.. tariff.Elements.Select(ToSite)],
        TaxIncluded = tariff.TaxIncluded switch
        {
            Protocols.Ocpi.V230.TaxIncluded.Yes => Site.Model.TaxIncluded.Yes,
            Protocols.Ocpi.V230.TaxIncluded.NotApplicable => Site.Model.TaxIncluded.NotApplicable,
            _ => Site.Model.TaxIncluded.No,
        },
        ValidFrom = tariff.StartDateTime,
        ValidUntil = tariff.EndDateTime,
    };

    private static Money? ToSite(PriceLimit? limit) => limit is null ? null : new(limit.BeforeTaxes, limit.AfterTaxes);

    private static TariffElement ToSite(Protocols.Ocpi.V230.TariffElement element) => new()
    {
        Components = [.. element.PriceComponents.Select(c => new Site.Model.PriceComponent(ToSite(c.Type), c.Price, c.Vat, c.StepSize))],
        Restrictions = ToSite(element.Restrictions),
    };

    private static PriceDimension ToSite(TariffDimensionType type) => type switch
    {
        TariffDimensionType.Energy => PriceDimension.Energy,
        TariffDimensionType.Time => PriceDimension.Time,
        TariffDimensionType.ParkingTime => PriceDimension.ParkingTime,
        TariffDimensionType.Flat => PriceDimension.Flat,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static TariffRestrictions? ToSite(Protocols.Ocpi.V230.TariffRestrictions? from) => from is null ? null : new()
    {
        StartTime = Time(from.StartTime),
        EndTime = Time(from.EndTime),
        StartDate = Date(from.StartDate),
        EndDate = Date(from.EndDate),
        MinKwh = from.MinKwh,
        MaxKwh = from.MaxKwh,
        MinCurrentA = from.MinCurrent,
        MaxCurrentA = from.MaxCurrent,
        MinPowerKw = from.MinPower,
        MaxPowerKw = from.MaxPower,
        MinDuration = Seconds(from.MinDuration),
        MaxDuration = Seconds(from.MaxDuration),
        Days = [.. (from.DayOfWeek ?? []).Select(d => Enum.Parse<System.DayOfWeek>(d.ToString()))],
        Reservation = from.Reservation switch
        {
            ReservationRestrictionType.Reservation => ReservationRestriction.Reservation,
            ReservationRestrictionType.ReservationExpires => ReservationRestriction.ReservationExpires,
            _ => null,
        },
    };

    private static TimeOnly? Time(string? text) => text is null ? null : TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);

    private static DateOnly? Date(string? text) => text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static TimeSpan? Seconds(int? seconds) => seconds is null ? null : TimeSpan.FromSeconds(seconds.Value);
}
