using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs.Dialects;

/// <summary>A site of which everything is told that can be told, and what happens there: the same in every run, to the byte.</summary>
internal sealed class FullSite
{
    public SiteUnderTest Site { get; } = new(Configuration());

    public SiteState State => Site.State;

    public Party Party => Site.Configuration.Party;

    public StationConfiguration Station => Site.Configuration.Stations[0];

    public static SiteConfiguration Configuration()
    {
        var site = ExampleSite.Create(stations: 1);
        return site with
        {
            Site = site.Site with { State = "Berlin", ParkingType = "PARKING_LOT" },
            Details = Details(),
            Stations = [site.Stations[0] with { Evses = [Combined(), Truck()] }],
            Tariffs = [Net(), Gross(vat: 19m)],
        };
    }

    /// <summary>Energy, parking after it, and keeping the place free.</summary>
    public static Tariff Net() => new()
    {
        Id = "AC", Currency = "EUR", Type = "REGULAR", AltText = [new("de", "0,49 €/kWh zzgl. USt.")], AltUrl = "https://example.com/ac",
        MinPrice = new(0.5m, 0.595m),
        Elements =
        [
            new() { Components = [new(PriceDimension.Time, 3m, 19m, 60)], Restrictions = new() { Reservation = ReservationRestriction.Reservation } },
            new() { Components = [new(PriceDimension.Energy, 0.49m, 19m, 1), new(PriceDimension.ParkingTime, 6m, 19m, 60)] },
        ],
    };

    public static Tariff Gross(decimal? vat) => new()
    {
        Id = "GROSS", Currency = "EUR", TaxIncluded = TaxIncluded.Yes,
        Elements = [new() { Components = [new(PriceDimension.Energy, 0.59m, vat, 1), new(PriceDimension.Flat, 0m, null, 1)] }],
    };

    /// <summary>Ten minutes reserved, half an hour of charging, a quarter of an hour of standing.</summary>
    public (Session Active, Session Completed, Cdr Cdr) Charge()
    {
        Site.Take(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"));
        var begun = Site.Begin(meter: 100_000, authorization: ExampleSite.Accepted() with { Method = AuthMethod.Command, Reference = "REF-1" });
        Site.Show(ConnectorState.Charging);
        Site.Wait(TimeSpan.FromMinutes(20));
        Site.Take(new Metered(SiteUnderTest.At(), begun.Number, [new(Site.Now, 108_000, 24_000m, 104.5m, "E")]));
        var active = Reserved(Site.Session(begun.Number));
        active = active with { Course = active.Course.SetItem(active.Course.Count - 1, active.Course[^1] with { StateOfCharge = 61.5m }) };
        Site.Wait(TimeSpan.FromMinutes(10));
        Site.Meter(112_345, begun.Number);
        Site.Show(ConnectorState.SuspendedEV);
        Site.Wait(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(7));
        Site.End(begun.Number, 112_345);
        var completed = Reserved(Site.Session(begun.Number)) with { Signed = [new(Site.Now, "End", "OCMF|{\"FV\":\"1.0\"}|{\"SD\":\"304402\"}")] };
        var cdr = Site.CdrOf(begun.Number)!;
        return (active, completed, cdr with { Session = completed, Bill = completed.BillOf(completed.EndedAt!.Value) });
    }

    private static Session Reserved(Session session) => session with { ReservedAt = session.StartedAt - TimeSpan.FromMinutes(10) };

    private static EvseConfiguration Combined() => new()
    {
        Id = 1, Uid = "CP-1-1", EvseId = "DE*ABC*ECP1*1", PhysicalReference = "Bay 1",
        Details = new()
        {
            FloorLevel = "-1", Coordinates = new(52.53211m, 13.38491m), Directions = [new("en", "Left of the gate")],
            ParkingRestrictions = ["EV_ONLY", "EMPLOYEES"], Images = [new("https://example.com/bay1.jpg", "CHARGER", "jpeg")],
            Capabilities = ["CONTACTLESS_CARD_SUPPORT", "RFID_READER"], Parking = [new("P1", "LEFT")], AcceptedServiceProviders = ["Example Mobility"],
            StatusSchedule = [new(new(2026, 3, 9, 6, 0, 0, TimeSpan.Zero), new(2026, 3, 9, 10, 0, 0, TimeSpan.Zero), EvseStatus.Inoperative)],
        },
        Connectors =
        [
            new()
            {
                Id = 1, Standard = "IEC_62196_T2", Format = "SOCKET", PowerType = "AC_3_PHASE", MaxVoltage = 230, MaxAmperage = 32, MaxElectricPowerW = 22_000,
                Tariffs = ["AC", "GROSS"], TermsAndConditionsUrl = "https://example.com/terms", Capabilities = ["ISO_15118_2_PLUG_AND_CHARGE"],
            },
            new() { Id = 2, Standard = "SAE_J3400", Format = "CABLE", PowerType = "AC_1_PHASE", MaxVoltage = 230, MaxAmperage = 32, Tariffs = ["AC"] },
        ],
    };

    /// <summary>Only 2.3.0 has a word for its connector.</summary>
    private static EvseConfiguration Truck() => new()
    {
        Id = 2, Uid = "CP-1-2", EvseId = "DE*ABC*ECP1*2",
        Connectors = [new() { Id = 1, Standard = "MCS", Format = "CABLE", PowerType = "DC", MaxVoltage = 1000, MaxAmperage = 1000, MaxElectricPowerW = 1_000_000, Tariffs = ["AC"] }],
    };

    private static LocationDetails Details() => new()
    {
        Directions = [new("de", "Zufahrt über den Hof")],
        Facilities = ["RESTAURANT", "WIFI", "NOT_A_FACILITY"],
        Images = [new("https://example.com/site.png", "ENTRANCE", "png") { Thumbnail = "https://example.com/site-s.png", Width = 800, Height = 600 }],
        OpeningTimes = new()
        {
            Regular = [new(1, new(6, 0), new(22, 0)), new(6, new(8, 30), new(20, 0))],
            ExceptionalClosings = [new(new(2026, 12, 24, 12, 0, 0, TimeSpan.Zero), new(2026, 12, 27, 0, 0, 0, TimeSpan.Zero))],
        },
        ChargingWhenClosed = false,
        EnergyMix = new(true) { Sources = [new("WATER", 60m), new("WIND", 40m)], Impacts = [new("CARBON_DIOXIDE", 12.5m)], Supplier = "Example Energy", Product = "Green" },
        Operator = new("Example Operator") { Website = "https://example.com" },
        Owner = new("Example Owner") { Logo = new("https://example.com/logo.png", "OWNER", "png") },
        RelatedLocations = [new(new(52.5320m, 13.3850m), new("de", "Eingang"))],
        ParkingPlaces =
        [
            new()
            {
                Id = "P1", PhysicalReference = "1", VehicleTypes = ["PERSONAL_VEHICLE", "VAN"], RestrictedToType = true, ReservationRequired = false,
                MaxVehicleHeight = 210m, Direction = "PERPENDICULAR", Roofed = true, Standards = ["DIN 18065"],
            },
        ],
        HelpPhone = "+49 30 1234567",
        PublishAllowedTo = [new() { GroupId = "FLEET" }],
    };
}
