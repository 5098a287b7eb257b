using System.Collections.Immutable;
using EdgeGateway.Journal;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;
using EdgeGateway.Site.Reports;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Benchmarks;

/// <summary>Years of a site's past, written through the journal's own door.</summary>
internal static class Fill
{
    private const int PerTurn = 200;

    public static Token Card { get; } = new() { Uid = "04A2B3C4", Owner = new("DE", "ABC"), ContractId = "DE-ABC-C00000001-1" };

    /// <param name="owed">To this hub each session and CDR is still owed; null: nothing is.</param>
    public static async Task RunAsync(string folder, int sessions, int readings, string? owed)
    {
        await using var store = await Store.OpenAsync(
            new StorageOptions { Path = GatewayUnderTest.DatabaseOf(folder), MaxSizeMb = 4096 }, TimeProvider.System, NullLogger<Store>.Instance);
        var stored = await store.Journal.LoadAsync(CancellationToken.None);
        var state = SiteState.Restore(Configuration(), stored);
        var begin = TimeProvider.System.GetUtcNow().AddDays(-300);
        for (var done = 0; done < sessions; done += PerTurn)
        {
            var (changes, deliveries) = (ImmutableArray.CreateBuilder<Change>(), ImmutableArray.CreateBuilder<Delivery>());
            changes.Add(new CountersMoved(new(done + PerTurn + 1, 1)));
            for (var i = done; i < Math.Min(sessions, done + PerTurn); i++)
            {
                var session = Session(i + 1, begin.AddMinutes(i * 3), state.Configuration, owed);
                changes.Add(new SessionChanged(session, IsNew: true));
                changes.Add(new CourseGrew(session.Number, 0, [.. session.Course]));
                changes.Add(new CdrIssued(new()
                {
                    Id = session.Id, Session = session, Created = session.LastUpdated,
                    Bill = Pricer.Price(session.Terms.Tariff, TimeZoneInfo.Utc, session.StartedAt, session.EndedAt!.Value, session.EnergyWh, session.Course),
                }));
                if (owed is null)
                    continue;
                deliveries.Add(new(owed, DeliveryKind.Session, session.Id));
                deliveries.Add(new(owed, DeliveryKind.Cdr, session.Id));
            }
            await store.Journal.CommitAsync(
                new() { Next = state, Changes = changes.DrainToImmutable(), Deliveries = deliveries.DrainToImmutable(), Orders = [], Answers = [] }, CancellationToken.None);
        }
        for (var done = 0; done < readings; done += PerTurn)
        {
            var number = sessions == 0 ? (int?)null : (done / PerTurn % sessions) + 1;
            var some = Enumerable.Range(done, PerTurn).Select(i => new Reading(begin.AddSeconds(i * 20), i, 7_360m, 16m, $"E={i}Wh P=7360W I=16A"));
            await store.Journal.CommitAsync(
                new() { Next = state, Changes = [new ReadingsKept(new("CP-1", 1, 1), number, TimeProvider.System.GetUtcNow(), [.. some])], Deliveries = [], Orders = [], Answers = [] },
                CancellationToken.None);
        }
    }

    private static Session Session(int number, DateTimeOffset start, SiteConfiguration configuration, string? hub)
    {
        start = new(start.UtcTicks - (start.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var evse = configuration.Stations[0].Evses[0];
        return new()
        {
            Id = new Guid(number, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8).ToString(),
            Number = number,
            At = new("CP-1", 1, 1),
            Status = SessionStatus.Completed,
            IdTag = "04A2B3C4",
            Authorization = new() { Status = AuthorizationStatus.Accepted, Token = Card },
            Hub = hub,
            StartedAt = start,
            StartTold = start,
            StartReceived = start,
            MeterStartWh = number * 1_000L,
            EndedAt = start.AddHours(1),
            EndTold = start.AddHours(1),
            EndReceived = start.AddHours(1),
            MeterStopWh = (number * 1_000L) + 7_000,
            EnergyWh = 7_000,
            Course = [new(start, 0, Activity.Charging), new(start.AddMinutes(30), 3_500, Activity.Charging, 7_000, 10), new(start.AddHours(1), 7_000, Activity.Parking)],
            Terms = new() { Site = configuration.Site, Evse = evse, Connector = evse.Connectors[0], Tariff = configuration.Tariffs[0] },
            LastOwed = start,
            LastUpdated = start.AddHours(1),
        };
    }

    public static SiteConfiguration Configuration() => new()
    {
        Party = new("DE", "ABC"),
        PartyName = "Benchmark",
        Site = new()
        {
            Id = "BENCH", Name = "Benchmark", Address = "Street 1", City = "Berlin", PostalCode = "10115", Country = "DEU", Latitude = 52.5321m,
            Longitude = 13.3849m, TimeZone = "Europe/Berlin",
        },
        Stations =
        [
            new()
            {
                Id = "CP-1",
                Evses =
                [
                    new()
                    {
                        Id = 1, Uid = "CP-1-1", EvseId = "DE*ABC*E1*1",
                        Connectors = [new() { Id = 1, Standard = "IEC_62196_T2", Format = "SOCKET", PowerType = "AC_3_PHASE", MaxVoltage = 230, MaxAmperage = 32, Tariffs = ["AC"] }],
                    },
                ],
            },
        ],
        Tariffs = [new() { Id = "AC", Currency = "EUR", Elements = [new() { Components = [new(PriceDimension.Energy, 0.45m, 19m, 1)] }] }],
        Hubs = ["hub"],
    };
}
