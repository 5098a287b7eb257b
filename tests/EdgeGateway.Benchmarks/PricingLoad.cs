using System.Collections.Immutable;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;

namespace EdgeGateway.Benchmarks;

/// <summary>Sessions cut and priced per second on one core: what each update of a running session and each CDR costs.</summary>
internal static class PricingLoad
{
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3);
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 16, 30, 0, TimeSpan.Zero);

    public static Task RunAsync()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var plain = Of(new TariffElement { Components = [new(PriceDimension.Energy, 0.49m, 19m, 1)] });
        var rich = Of(
            new()
            {
                Components = [new(PriceDimension.Energy, 0.59m, 19m, 1), new(PriceDimension.Flat, 0.35m, 19m, 1)],
                Restrictions = new() { StartTime = new TimeOnly(17, 0), EndTime = new TimeOnly(20, 0), Days = [DayOfWeek.Monday, DayOfWeek.Tuesday] },
            },
            new() { Components = [new(PriceDimension.Energy, 0.45m, 19m, 1)], Restrictions = new() { MaxPowerKw = 8m } },
            new() { Components = [new(PriceDimension.ParkingTime, 6m, 19m, 300)], Restrictions = new() { MinDuration = TimeSpan.FromHours(2) } },
            new() { Components = [new(PriceDimension.Time, 3m, 19m, 60)], Restrictions = new() { Reservation = ReservationRestriction.Reservation } },
            new() { Components = [new(PriceDimension.Energy, 0.49m, 19m, 1), new(PriceDimension.Flat, 0.35m, 19m, 1)] });
        foreach (var points in (int[])[10, 240, 20_000])
        {
            var course = Course(points);
            foreach (var (name, tariff) in new[] { ("one price per kWh", plain), ("evening, power, parking, reservation", rich), ("the same, gross", rich with { TaxIncluded = TaxIncluded.Yes }) })
                Console.WriteLine($"{points,7} points, {name,-37} {Rate(tariff, zone, course),10:0} sessions per second");
        }
        return Task.CompletedTask;
    }

    private static double Rate(Tariff tariff, TimeZoneInfo zone, CoursePoint[] course)
    {
        var (clock, priced, total) = (TimeProvider.System, 0, 0m);
        for (var warm = 0; warm < Math.Max(3, 20_000 / course.Length); warm++)
            total += Price();
        var began = clock.GetTimestamp();
        for (; clock.GetElapsedTime(began) < Measured; priced++)
            total += Price();
        return total > 0m ? priced / clock.GetElapsedTime(began).TotalSeconds : throw new InvalidOperationException("Nothing was priced.");

        decimal Price() => Pricer.Price(
            tariff, zone, Start, course[^1].At.AddMinutes(1), course[^1].EnergyWh!.Value, course, reservedFrom: Start.AddMinutes(-20)).Total.ExclVat;
    }

    /// <summary>A value a minute; the car takes less and less, and stands for the last fifth.</summary>
    private static CoursePoint[] Course(int points)
    {
        var (course, wh) = (new CoursePoint[points], 0L);
        for (var i = 0; i < points; i++)
        {
            var charges = i < points * 4 / 5;
            var power = charges ? 11_000m * (points - i) / points : 0m;
            course[i] = new(Start.AddMinutes(i), wh, charges ? Activity.Charging : Activity.Parking, power, power / 230m);
            wh += (long)(power / 60m);
        }
        return course;
    }

    private static Tariff Of(params ImmutableArray<TariffElement> elements) => new() { Id = "T", Currency = "EUR", Elements = elements };
}
