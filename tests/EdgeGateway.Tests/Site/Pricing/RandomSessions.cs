using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Site.Pricing;

/// <summary>Tariffs and courses made from a seed.</summary>
internal sealed class RandomSessions(int seed)
{
    private readonly Random _random = new(seed);

    public TimeZoneInfo Zone() => TimeZoneInfo.FindSystemTimeZoneById(_random.Next(3) == 0 ? "America/St_Johns" : "Europe/Berlin");

    /// <summary>Whole seconds; often in a night in which the clocks change.</summary>
    public DateTimeOffset Start() => _random.Next(4) switch
    {
        0 => new DateTimeOffset(2024, 3, 30, 21, 0, 0, TimeSpan.Zero).AddSeconds(_random.Next(18_000)),
        1 => new DateTimeOffset(2024, 10, 26, 21, 0, 0, TimeSpan.Zero).AddSeconds(_random.Next(18_000)),
        _ => new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(_random.Next(366 * 86_400)),
    };

    public int Next(int below) => _random.Next(below);

    /// <summary>Prices of up to 1 per kWh, 6 per hour and 3 once, all with the same VAT and without steps.</summary>
    public Tariff Tariff(bool readsLoad = true) =>
        Tariffs.With([.. Enumerable.Range(0, 1 + _random.Next(5)).Select(_ => Tariffs.Element(Restrictions(readsLoad), [.. Components()]))]);

    /// <summary>As a good charger tells it: in order, never falling, power and current with each point, on whole seconds.</summary>
    public (List<CoursePoint> Course, int Seconds, long EnergyWh) GoodCourse()
    {
        var course = new List<CoursePoint>();
        var (seconds, wh) = (0, 0L);
        for (var i = 0; i < 1 + _random.Next(30); i++)
        {
            var activity = _random.Next(4) == 0 ? Activity.Parking : Activity.Charging;
            course.Add(new CoursePoint(
                DateTimeOffset.UnixEpoch.AddSeconds(seconds), _random.Next(4) == 0 ? null : wh, activity, _random.Next(50_000), _random.Next(64)));
            var step = 1 + _random.Next(900);
            seconds += step;
            wh += activity == Activity.Parking ? 0 : (long)(step * _random.NextDouble() * 14);
        }
        return (course, seconds, wh);
    }

    /// <summary>Anything: out of order, outside the session, falling, beyond the total, at equal times, between ticks.</summary>
    public List<CoursePoint> AnyCourse(DateTimeOffset start) =>
    [
        .. Enumerable.Range(0, _random.Next(40)).Select(_ => new CoursePoint(
            start.AddTicks(_random.Next(3) == 0 ? _random.Next(-3, 3) * TimeSpan.TicksPerHour : _random.NextInt64(-TimeSpan.TicksPerHour, TimeSpan.TicksPerDay)),
            _random.Next(3) == 0 ? null : _random.NextInt64(-5_000, 60_000),
            _random.Next(2) == 0 ? Activity.Parking : Activity.Charging,
            _random.Next(2) == 0 ? null : _random.Next(-1_000, 50_000),
            _random.Next(2) == 0 ? null : _random.Next(-10, 100))),
    ];

    private IEnumerable<PriceComponent> Components()
    {
        foreach (var dimension in Enum.GetValues<PriceDimension>())
        {
            if (_random.Next(2) == 0)
                yield return new PriceComponent(dimension, (1 + _random.Next(100)) / 100m * (dimension == PriceDimension.Energy ? 1 : 6), 19m, 0);
        }
    }

    private TariffRestrictions? Restrictions(bool readsLoad)
    {
        if (_random.Next(4) == 0)
            return null;
        T? Maybe<T>(Func<T> value) where T : struct => _random.Next(4) == 0 ? value() : null;
        var restrictions = new TariffRestrictions
        {
            StartTime = Maybe(Time),
            EndTime = Maybe(Time),
            StartDate = Maybe(() => new DateOnly(2024, 1 + _random.Next(12), 1 + _random.Next(28))),
            EndDate = Maybe(() => new DateOnly(2024, 1 + _random.Next(12), 1 + _random.Next(28))),
            MinKwh = Maybe(() => _random.Next(10_000) / 1000m),
            MaxKwh = Maybe(() => _random.Next(60_000) / 1000m),
            MinDuration = Maybe(() => TimeSpan.FromSeconds(_random.Next(7_200))),
            MaxDuration = Maybe(() => TimeSpan.FromSeconds(_random.Next(14_400))),
            Days = _random.Next(4) == 0 ? [(DayOfWeek)_random.Next(7), (DayOfWeek)_random.Next(7), (DayOfWeek)_random.Next(7)] : [],
            Reservation = _random.Next(8) == 0 ? ReservationRestriction.Reservation : null,
        };
        return !readsLoad ? restrictions : restrictions with
        {
            MinPowerKw = Maybe(() => (decimal)_random.Next(50)),
            MaxPowerKw = Maybe(() => (decimal)_random.Next(50)),
            MinCurrentA = Maybe(() => (decimal)_random.Next(64)),
            MaxCurrentA = Maybe(() => (decimal)_random.Next(64)),
        };
    }

    private TimeOnly Time() => _random.Next(3) == 0 ? new TimeOnly(_random.Next(4), 30 * _random.Next(2)) : new TimeOnly(_random.Next(24), _random.Next(60));
}
