using System.Collections.Immutable;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>A small site to test with: stations CP-1, CP-2, … of two single-connector EVSEs each, one tariff, a card with a contract, one without.</summary>
public static class ExampleSite
{
    public const string Hub = "hub";
    public const string Card = "04A2B3C4";
    public const string SiteOnlyCard = "FACE0001";

    public static SiteConfiguration Create(int stations = 2, params string[] hubs) => new()
    {
        Party = new("DE", "ABC"),
        PartyName = "Example Charging",
        Site = new()
        {
            Id = "BER01", Name = "Depot Berlin", Address = "Chausseestr. 1", City = "Berlin", PostalCode = "10115", Country = "DEU",
            Latitude = 52.5321m, Longitude = 13.3849m, TimeZone = "Europe/Berlin",
        },
        Stations = [.. Enumerable.Range(1, stations).Select(n => Station($"CP-{n}"))],
        LocalTokens =
        [
            new() { Uid = Card, Owner = new("DE", "ABC"), ContractId = "DE-ABC-C00000001-1" },
            new() { Uid = SiteOnlyCard, Owner = new("DE", "ABC") },
            new() { Uid = "DEAD0001", Owner = new("DE", "ABC"), ContractId = "DE-ABC-C00000002-2", Valid = false },
        ],
        Tariffs = [EnergyTariff("AC", 0.49m)],
        Hubs = hubs.Length == 0 ? [Hub] : [.. hubs],
    };

    public static Tariff EnergyTariff(string id, decimal price) => new()
    {
        Id = id, Currency = "EUR", Elements = [new() { Components = [new(PriceDimension.Energy, price, 19m, 1)] }],
    };

    public static StationConfiguration Station(string id) => new()
    {
        Id = id, Evses = [Evse(id, 1), Evse(id, 2)],
    };

    private static EvseConfiguration Evse(string station, int id) => new()
    {
        Id = id,
        Uid = $"{station}-{id}",
        EvseId = $"DE*ABC*E{station.Replace("-", "", StringComparison.Ordinal)}*{id}",
        PhysicalReference = $"Bay {id}",
        Connectors =
        [
            new() { Id = 1, Standard = "IEC_62196_T2", Format = "SOCKET", PowerType = "AC_3_PHASE", MaxVoltage = 230, MaxAmperage = 32, Tariffs = ["AC"] },
        ],
    };

    public static Authorization Accepted(string uid = Card, string? hub = null) => new()
    {
        Status = AuthorizationStatus.Accepted,
        Token = new() { Uid = uid, Owner = new("DE", "MSP"), ContractId = "DE-MSP-C1", Hub = hub ?? Hub },
    };

    public static ImmutableArray<byte> Seed { get; } = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];
}
