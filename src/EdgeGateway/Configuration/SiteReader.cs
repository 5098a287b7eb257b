using System.Collections.Immutable;
using EdgeGateway.Journal;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.V230;
using EdgeGateway.Site.Model;
using Token = EdgeGateway.Site.Model.Token;
using TokenType = EdgeGateway.Site.Model.TokenType;

namespace EdgeGateway.Configuration;

/// <summary>Who runs the site, what and where it is, its own cards, how long it waits, and where it keeps things.</summary>
internal static class SiteReader
{
    public static Party? Party(Section section, bool required)
    {
        var country = section.Text("CountryCode", 2, Forms.CountryCode, required);
        var id = section.Text("PartyId", 3, Forms.PartyId, required);
        if (country is not null && !Forms.IsCountry(country))
            section.Findings.Fault(section.At("CountryCode"), country, Forms.CountryCode.Expected);
        return country is null || id is null ? null : new(country.ToUpperInvariant(), id.ToUpperInvariant());
    }

    /// <summary>Lengths are those of the narrowest object the text ends up in: a CDR's location holds 45 characters of address.</summary>
    public static SiteDescription Description(Section section)
    {
        var country = section.Text("Country", 3, Forms.Country, required: true);
        if (country is not null && !Forms.IsCountry3(country))
            section.Findings.Fault(section.At("Country"), country, Forms.Country.Expected);
        var zone = section.Text("TimeZone", 255, required: true);
        if (zone is not null && !IsZone(zone))
            section.Findings.Fault(section.At("TimeZone"), zone, "a time zone of the IANA database, for example Europe/Berlin");
        return new()
        {
            Id = section.Text("Id", 36, Forms.CiString, required: true) ?? "",
            Name = section.Text("Name", 255, required: true) ?? "",
            Address = section.Text("Address", 45, required: true) ?? "",
            City = section.Text("City", 45, required: true) ?? "",
            PostalCode = section.Text("PostalCode", 10),
            State = section.Text("State", 20),
            ParkingType = section.Choice("ParkingType", [.. EnumText.All<ParkingType>()]),
            Country = country ?? "",
            Latitude = section.Number("Latitude", -90, 90, required: true) ?? 0,
            Longitude = section.Number("Longitude", -180, 180, required: true) ?? 0,
            TimeZone = zone ?? "UTC",
            Publish = section.Flag("Publish", true),
        };
    }

    public static ImmutableArray<Token> LocalTokens(Section gateway, Party party)
    {
        var tokens = ImmutableArray.CreateBuilder<Token>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var section in gateway.Children("LocalTokens"))
        {
            var uid = section.Text("Uid", 36, Forms.CiString, required: true);
            if (uid is not null && !seen.Add(uid))
                section.Findings.Fault(section.At("Uid"), uid, "a uid that no other token has");
            tokens.Add(new()
            {
                Uid = uid ?? "",
                Type = section.Choice("Type", TokenType.Rfid),
                Owner = party,
                ContractId = section.Text("ContractId", 36, Forms.CiString),
                VisualNumber = section.Text("VisualNumber", 64),
                Issuer = section.Text("Issuer", 64),
                GroupId = section.Text("GroupId", 36, Forms.CiString),
                Valid = section.Flag("Valid", true),
                Language = section.Text("Language", 2, Forms.Language),
            });
        }
        return tokens.ToImmutable();
    }

    /// <summary>Not in the example file: the defaults suit nearly everybody.</summary>
    public static SiteTimings Timings(Section section, TimeSpan heartbeat)
    {
        var usual = new SiteTimings();
        return new()
        {
            GrantLifetime = section.Seconds("GrantLifetimeSeconds", usual.GrantLifetime, 10, 86_400),
            OfflineGrace = section.Seconds("OfflineGraceSeconds", usual.OfflineGrace, 0, 86_400),
            SessionUpdateInterval = section.Seconds("SessionUpdateSeconds", usual.SessionUpdateInterval, 1, 86_400),
            InferredEndHold = section.Seconds("InferredEndHoldSeconds", usual.InferredEndHold, 0, 86_400),
            MissingEventsHold = section.Seconds("MissingEventsHoldSeconds", usual.MissingEventsHold, 0, 86_400),
            OfflineEndHold = section.Seconds("OfflineEndHoldSeconds", usual.OfflineEndHold, 0, 30 * 86_400),
            LostStation = section.Seconds("LostStationSeconds", usual.LostStation, 60, 365 * 86_400),
            FutureTolerance = section.Seconds("FutureToleranceSeconds", usual.FutureTolerance, 0, 3600),
            Heartbeat = heartbeat,
        };
    }

    public static StorageOptions Storage(Section section, string folder)
    {
        var usual = new StorageOptions();
        return new()
        {
            Path = Path.GetFullPath(section.Text("Path", 4000) ?? usual.Path, folder),
            MaxSizeMb = section.Integer("MaxSizeMb", 16, 1_000_000) ?? usual.MaxSizeMb,
            MeterValueDays = section.Integer("MeterValueDays", 1, 36_500) ?? usual.MeterValueDays,
            CdrDays = section.Integer("CdrDays", 1, 36_500) ?? usual.CdrDays,
            FrameMb = section.Integer("FrameMb", 1, 100_000) ?? usual.FrameMb,
            FrameDays = section.Integer("FrameDays", 1, 36_500) ?? usual.FrameDays,
        };
    }

    public static LogSettings Log(Section section)
    {
        var levels = ImmutableSortedDictionary.CreateBuilder<string, LogLevel>(StringComparer.Ordinal);
        foreach (var (category, text) in section.Members())
        {
            if (Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level))
                levels[category] = level;
            else
                section.Findings.Fault(section.At(category), text, $"one of {string.Join(", ", Enum.GetNames<LogLevel>())}");
        }
        if (!levels.TryGetValue("Default", out var usual))
            usual = LogLevel.Information;
        levels.Remove("Default");
        return new() { Default = usual, ByCategory = levels.ToImmutable() };
    }

    private static bool IsZone(string id) => (id.Contains('/') || id == "UTC") && TimeZoneInfo.TryFindSystemTimeZoneById(id, out _);
}
