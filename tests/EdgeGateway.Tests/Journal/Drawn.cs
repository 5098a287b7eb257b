using System.Collections.Immutable;
using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Journal;

/// <summary>Records full of everything, drawn from a seed.</summary>
internal sealed class Drawn(int seed)
{
    private static readonly string[] Words = ["", "a", "Wörter mit Umlauten", "quote ' and \" and \\", "naïve\u0000nul", "🔌", new string('x', 700)];
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
    private readonly Random _random = new(seed);

    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Readable);

    public Session Session(int number, SessionStatus? status = null, string? hub = ExampleSite.Hub) => new()
    {
        Id = $"{number:D8}-0000-4000-8000-{_random.Next():x12}",
        Number = number,
        At = new($"CP-{_random.Next(1, 4)}", _random.Next(0, 3), _random.Next(0, 3)),
        Status = status ?? Any<SessionStatus>(),
        IdTag = $"TAG{_random.Next(1000)}",
        Authorization = Authorization(),
        Hub = hub,
        StartedAt = Time(),
        StartTold = Maybe(ExactTime()),
        StartReceived = Time(),
        MeterStartWh = Maybe(_random.NextInt64(-5, 1L << 40)),
        EndedAt = Maybe(Time()),
        EndTold = Maybe(ExactTime()),
        EndReceived = Maybe(Time()),
        MeterStopWh = Maybe(_random.NextInt64(1L << 40)),
        StopReason = MaybeWord(),
        StopIdTag = MaybeWord(),
        EnergyWh = _random.NextInt64(1L << 40),
        RegisterWh = Maybe(_random.NextInt64(1L << 40)),
        RegisterBaseWh = Maybe(_random.NextInt64(-(1L << 40), 1L << 40)),
        Flags = (SessionFlags)_random.Next(4096),
        EndInferred = Maybe(Time()),
        EndDue = Maybe(Time()),
        Terms = Terms(),
        LastOwed = _random.Next(2) == 0 ? default : Time(),
        LastUpdated = Time(),
        ReservedAt = Maybe(Time()),
    };

    public HeardEvent Heard() => new()
    {
        Phase = Any<TransactionPhase>(),
        Sequence = Maybe(_random.Next()),
        Told = Maybe(ExactTime()),
        At = ExactTime(),
        Received = ExactTime(),
        IsAuthorized = Maybe(_random.Next(2) == 0),
        IsConnected = _random.Next(2) == 0,
        Charging = Maybe(Any<ChargingPhase>()),
        Readings = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => new HeardReading(ExactTime(), Maybe(_random.NextInt64(1L << 40)), Amount(), Amount(), Amount(), MaybeWord()))],
        IdTag = MaybeWord(),
        Authorization = _random.Next(2) == 0 ? null : Authorization(),
        Reason = MaybeWord(),
        IsRepaired = _random.Next(2) == 0,
        IsIncomplete = _random.Next(2) == 0,
    };

    public CoursePoint Point() => new(Time(), Maybe(_random.NextInt64(100_000)), Any<Activity>(), Amount(), Amount(), Amount());

    public SignedReading Signed() => new(Time(), "End", $"OCMF|{{\"x\":{_random.Next()}}}|{_random.Next():x}");

    public Station Station(string id) => new()
    {
        Id = id,
        Admission = Any<Admission>(),
        Connected = _random.Next(2) == 0,
        LineChanged = Time(),
        Protocol = MaybeWord(),
        Remote = MaybeWord(),
        Identity = _random.Next(2) == 0 ? null : new("Vendor", "Model", MaybeWord(), MaybeWord(), MaybeWord(), MaybeWord()),
        Booted = Maybe(Time()),
        ClockOffset = Maybe(TimeSpan.FromMilliseconds(_random.Next(-100_000, 100_000))),
        LatestStart = Maybe(ExactTime()),
        Connectors = Enumerable.Range(0, _random.Next(4)).Select(n => new Connector
        {
            At = new(id, n, n),
            State = Any<ConnectorState>(),
            ErrorCode = MaybeWord(),
            Info = MaybeWord(),
            VendorErrorCode = MaybeWord(),
            Since = Time(),
            Received = Time(),
        }).ToImmutableSortedDictionary(c => Connector.Key(c.At), c => c),
    };

    public HeldAdmission Admission(string id) => new()
    {
        Id = id,
        Station = "CP-1",
        At = _random.Next(2) == 0 ? null : new("CP-1", 1, 1),
        IdTag = "TAG1",
        Authorization = Authorization(),
        OrderId = Maybe(_random.NextInt64()),
        Repeat = MaybeWord(),
        SessionNumber = Maybe(_random.Next()),
        Hub = MaybeWord(),
        Until = Time(),
    };

    public Reservation Reservation(int number) => new()
    {
        Number = number,
        Hub = MaybeWord(),
        Party = new("NL", "TNM"),
        PartyReservationId = $"R{_random.Next()}",
        At = new("CP-1", 1, _random.Next(3)),
        Token = Token($"UID{_random.Next(100)}"),
        IdTag = $"TAG{_random.Next(1000)}",
        Reference = MaybeWord(),
        Granted = Time(),
        Expires = Time(),
        Stage = Any<ReservationStage>(),
        HeldByGateway = _random.Next(2) == 0,
        SessionNumber = Maybe(_random.Next()),
        ResponseUrl = MaybeWord(),
        OrderId = Maybe(_random.NextInt64()),
    };

    /// <summary>A credit of a CDR, and the one that takes its place.</summary>
    public (Cdr Credit, Cdr Corrected) Credit(Cdr cdr) => (
        cdr with { Id = $"{cdr.Id}-C", CreditOf = cdr.Id, Remark = "meter was wrong", Created = Time() },
        cdr with { Id = $"{cdr.Id}-2", CorrectionOf = cdr.Id, Remark = MaybeWord(), Created = Time() });

    public Cdr Cdr(Session session)
    {
        var ended = session with { Status = SessionStatus.Completed, Course = [.. Enumerable.Range(0, 5).Select(_ => Point())] };
        return new()
        {
            Id = session.Id,
            Session = ended,
            Created = Time(),
            Bill = new()
            {
                Currency = "EUR",
                EnergyWh = ended.EnergyWh,
                Duration = TimeSpan.FromSeconds(_random.Next(100_000)),
                Parking = TimeSpan.FromSeconds(_random.Next(1000)),
                Total = Price(),
                Energy = Price(),
                Fixed = _random.Next(2) == 0 ? null : Price(),
                Periods =
                [
                    new()
                    {
                        Start = Time(), Duration = TimeSpan.FromSeconds(5), Activity = Any<Activity>(), EnergyWh = 77, TariffId = "AC", MaxPowerW = Amount(),
                        MinCurrentA = Amount(),
                    },
                ],
            },
        };
    }

    public Authorization Authorization() => new()
    {
        Status = Any<AuthorizationStatus>(),
        Method = Any<AuthMethod>(),
        Reference = MaybeWord(),
        Because = MaybeWord(),
        Token = _random.Next(3) == 0 ? null : Token($"UID{_random.Next(100)}"),
    };

    public Token Token(string uid, string hub = ExampleSite.Hub) => new()
    {
        Uid = uid,
        Type = Any<TokenType>(),
        Owner = new("NL", $"P{_random.Next(10):D2}"),
        ContractId = MaybeWord(),
        VisualNumber = MaybeWord(),
        Issuer = MaybeWord(),
        GroupId = MaybeWord(),
        Valid = _random.Next(2) == 0,
        Whitelist = Any<Whitelist>(),
        Language = MaybeWord(),
        DefaultProfile = MaybeWord(),
        EnergySupplier = MaybeWord(),
        EnergyContractId = MaybeWord(),
        LastUpdated = Time(),
        Hub = hub,
    };

    public SessionTerms Terms()
    {
        var site = ExampleSite.Create();
        var evse = site.Stations[0].Evses[0];
        return new()
        {
            Site = site.Site with { Name = MaybeWord() ?? "Depot" },
            Evse = _random.Next(4) == 0 ? null : evse,
            Connector = _random.Next(4) == 0 ? null : evse.Connectors[0],
            Tariff = _random.Next(4) == 0 ? null : Tariff(),
        };
    }

    public Tariff Tariff() => ExampleSite.EnergyTariff("AC", 0.4900m) with
    {
        AltText = [new("de", "Tarif"), new("en", "Tariff")],
        MinPrice = Price(),
        ValidFrom = Maybe(Time()),
        Elements =
        [
            new()
            {
                Components = [new(PriceDimension.ParkingTime, 2.5m, null, 60)],
                Restrictions = new()
                {
                    StartTime = new TimeOnly(22, 0), EndTime = new TimeOnly(6, 0), StartDate = new DateOnly(2026, 1, 1), MaxKwh = 20.5m,
                    MinDuration = TimeSpan.FromHours(4), Days = [DayOfWeek.Monday, DayOfWeek.Sunday], Reservation = ReservationRestriction.ReservationExpires,
                },
            },
        ],
    };

    /// <summary>To the millisecond, as the store keeps times of ours.</summary>
    public DateTimeOffset Time() => DateTimeOffset.FromUnixTimeMilliseconds(_random.NextInt64(0, 4_000_000_000_000));

    /// <summary>To the last digit, as a charger may tell it.</summary>
    public DateTimeOffset ExactTime() => new(_random.NextInt64(630_000_000_000_000_000, 640_000_000_000_000_000), TimeSpan.Zero);

    private Money Price() => new(Amount() ?? 1.10m, Amount());

    private decimal? Amount() => _random.Next(4) switch
    {
        0 => null,
        1 => _random.Next(),
        2 => _random.Next() / 1000m,
        _ => (decimal)(_random.NextDouble() * 12345.678),
    };

    private string? MaybeWord() => _random.Next(3) == 0 ? null : Words[_random.Next(Words.Length)];

    private T? Maybe<T>(T value)
        where T : struct => _random.Next(3) == 0 ? null : value;

    private T Any<T>()
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        return values[_random.Next(values.Length)];
    }
}
