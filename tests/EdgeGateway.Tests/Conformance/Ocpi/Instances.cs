using EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Tests.Conformance.Ocpi;

/// <summary>One full instance of each object we send, every member set, in the shape of 2.3.0.</summary>
internal static class Instances
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly DisplayText Text = new() { Language = "de", Text = "Säule 3, \"hinten\" links" };

    private static readonly Image Logo = new()
    {
        Url = "https://img.example/logo.png",
        Thumbnail = "https://img.example/thumb.png",
        Category = ImageCategory.Operator,
        Type = "png",
        Width = 512,
        Height = 512,
    };

    private static readonly BusinessDetails Business = new() { Name = "Stadtwerke Köln", Website = "https://sw.example", Logo = Logo };

    public static Token Token => new()
    {
        CountryCode = "DE",
        PartyId = "MSP",
        Uid = "04A2B3C4D5E6F7",
        Type = TokenType.Rfid,
        ContractId = "DE-MSP-C00000001-1",
        VisualNumber = "DF000-2001-8999",
        Issuer = "Müller Mobil",
        GroupId = "FLEET-7",
        Valid = true,
        Whitelist = WhitelistType.AllowedOffline,
        Language = "de",
        DefaultProfileType = ProfileType.Green,
        EnergyContract = new EnergyContract { SupplierName = "Naturstrom", ContractId = "42" },
        LastUpdated = Noon,
    };

    private static ChargingProfile Profile => new()
    {
        StartDateTime = Noon,
        Duration = 3600,
        ChargingRateUnit = ChargingRateUnit.W,
        MinChargingRate = 1380.5m,
        ChargingProfilePeriod = [new() { StartPeriod = 0, Limit = 11_000m }, new() { StartPeriod = 900, Limit = 4200.1m }],
    };

    public static CdrToken CdrToken => new() { CountryCode = "DE", PartyId = "MSP", Uid = "04A2B3C4D5E6F7", Type = TokenType.Rfid, ContractId = "DE-MSP-C00000001-1" };

    public static EnergyMix EnergyMix => new()
    {
        IsGreenEnergy = true,
        EnergySources = [new EnergySource { Source = EnergySourceCategory.GeneralGreen, Percentage = 87.5m }],
        EnvironImpact = [new EnvironmentalImpact { Category = EnvironmentalImpactCategory.CarbonDioxide, Amount = 372m }],
        SupplierName = "Naturstrom",
        EnergyProductName = "Öko",
    };

    public static Connector Connector => new()
    {
        Id = "1",
        Standard = ConnectorType.Iec62196T2,
        Format = ConnectorFormat.Cable,
        PowerType = PowerType.Ac3Phase,
        MaxVoltage = 230,
        MaxAmperage = 32,
        MaxElectricPower = 22_000,
        TariffIds = ["AC"],
        TermsAndConditions = "https://sw.example/agb",
        Capabilities = [ConnectorCapability.Iso151182PlugAndCharge],
        LastUpdated = Noon,
    };

    public static Evse Evse => new()
    {
        Uid = "BER01-1",
        EvseId = "DE*ABC*E00001*1",
        Status = EvseStatus.Available,
        StatusSchedule = [new StatusSchedule { PeriodBegin = Noon, PeriodEnd = Noon.AddHours(2), Status = EvseStatus.Inoperative }],
        Capabilities = [Capability.RemoteStartStopCapable, Capability.RfidReader, Capability.UnlockCapable],
        Connectors = [Connector],
        FloorLevel = "-1",
        Coordinates = GeoLocation.Of(52.52m, 13.4049545m),
        PhysicalReference = "3a",
        Directions = [Text],
        ParkingRestrictions = [ParkingRestriction.EvOnly],
        Parking = [new EvseParking { ParkingId = "P1", EvsePosition = EvsePosition.Left }],
        Images = [Logo],
        AcceptedServiceProviders = ["DE*MSP"],
        LastUpdated = Noon,
    };

    public static Location Location => new()
    {
        CountryCode = "DE",
        PartyId = "ABC",
        Id = "BER01",
        Publish = true,
        PublishAllowedTo =
            [new PublishTokenType { Uid = "1", Type = TokenType.AppUser, VisualNumber = "2", Issuer = "3", GroupId = "4" }],
        Name = "Hauptbahnhof",
        Address = "Europaplatz 1",
        City = "Berlin",
        PostalCode = "10557",
        State = "Berlin",
        Country = "DEU",
        Coordinates = GeoLocation.Of(52.525084m, 13.369402m),
        RelatedLocations = [new AdditionalGeoLocation { Latitude = "52.525084", Longitude = "13.369402", Name = Text }],
        ParkingType = ParkingType.ParkingGarage,
        Evses = [Evse],
        Directions = [Text],
        Operator = Business,
        Suboperator = Business,
        Owner = Business,
        Facilities = [Facility.TrainStation],
        TimeZone = "Europe/Berlin",
        OpeningTimes = new Hours
        {
            Twentyfourseven = false,
            RegularHours = [new RegularHours { Weekday = 1, PeriodBegin = "08:00", PeriodEnd = "20:00" }],
            ExceptionalOpenings = [new ExceptionalPeriod { PeriodBegin = Noon, PeriodEnd = Noon.AddHours(1) }],
            ExceptionalClosings = [new ExceptionalPeriod { PeriodBegin = Noon, PeriodEnd = Noon.AddHours(1) }],
        },
        ChargingWhenClosed = true,
        Images = [Logo],
        EnergyMix = EnergyMix,
        ParkingPlaces =
        [
            new Parking
            {
                Id = "P1", PhysicalReference = "B1", VehicleTypes = [VehicleType.PersonalVehicle], MaxVehicleWeight = 3500m, MaxVehicleHeight = 210m,
                MaxVehicleLength = 550m, MaxVehicleWidth = 230m, ParkingSpaceLength = 500m, ParkingSpaceWidth = 250m, DangerousGoodsAllowed = false,
                Direction = ParkingDirection.Angle, DriveThrough = false, RestrictedToType = true, ReservationRequired = false, TimeLimit = 240m, Roofed = true,
                Images = [Logo], Lighting = true, RefrigerationOutlet = false, Standards = ["PAS 1899"], ApdsReference = "apds-1",
            },
        ],
        HelpPhone = "+49 30 123456",
        LastUpdated = Noon,
    };

    public static Tariff Tariff => new()
    {
        CountryCode = "DE",
        PartyId = "ABC",
        Id = "AC",
        Currency = "EUR",
        Type = TariffType.Regular,
        TariffAltText = [Text],
        TariffAltUrl = "https://sw.example/tarif",
        MinPrice = new PriceLimit { BeforeTaxes = 0.50m, AfterTaxes = 0.60m },
        MaxPrice = new PriceLimit { BeforeTaxes = 50m },
        PreauthorizeAmount = 70m,
        Elements =
        [
            new TariffElement
            {
                PriceComponents =
                [
                    new PriceComponent { Type = TariffDimensionType.Energy, Price = 0.4901m, Vat = 19m, StepSize = 1 },
                    new PriceComponent { Type = TariffDimensionType.Flat, Price = 0.5m, StepSize = 1 },
                ],
                Restrictions = new TariffRestrictions
                {
                    StartTime = "08:00", EndTime = "20:00", StartDate = "2026-01-01", EndDate = "2027-01-01", MinKwh = 0m, MaxKwh = 100.5m, MinCurrent = 6m,
                    MaxCurrent = 96m, MinPower = 1.4m, MaxPower = 22m, MinDuration = 0, MaxDuration = 86_400,
                    DayOfWeek = [EdgeGateway.Protocols.Ocpi.V230.DayOfWeek.Monday, EdgeGateway.Protocols.Ocpi.V230.DayOfWeek.Sunday],
                },
            },
            new TariffElement
            {
                PriceComponents = [new PriceComponent { Type = TariffDimensionType.ParkingTime, Price = 5m, Vat = 19m, StepSize = 900 }],
                Restrictions = new TariffRestrictions { Reservation = ReservationRestrictionType.ReservationExpires },
            },
        ],
        TaxIncluded = TaxIncluded.No,
        StartDateTime = Noon,
        EndDateTime = Noon.AddYears(1),
        EnergyMix = EnergyMix,
        LastUpdated = Noon,
    };

    public static ChargingPeriod Period => new()
    {
        StartDateTime = Noon,
        Dimensions =
        [
            new CdrDimension { Type = CdrDimensionType.Energy, Volume = 12.3456m },
            new CdrDimension { Type = CdrDimensionType.Time, Volume = 1.5m },
        ],
        TariffId = "AC",
    };

    public static Session Session => new()
    {
        CountryCode = "DE",
        PartyId = "ABC",
        Id = "0196b1f2-5f0e-7c1e-9f00-000000000001",
        StartDateTime = Noon,
        EndDateTime = Noon.AddHours(1.5),
        Kwh = 12.3456m,
        CdrToken = CdrToken,
        AuthMethod = AuthMethod.Whitelist,
        AuthorizationReference = "ref-1",
        LocationId = "BER01",
        EvseUid = "BER01-1",
        ConnectorId = "1",
        MeterId = "m-1",
        Currency = "EUR",
        ChargingPeriods = [Period],
        TotalCost = Price.Of(6.55m, 7.7945m),
        Status = SessionStatus.Completed,
        LastUpdated = Noon.AddHours(1.5),
    };

    public static Cdr Cdr => new()
    {
        CountryCode = "DE",
        PartyId = "ABC",
        Id = "0196b1f2-5f0e-7c1e-9f00-000000000002",
        StartDateTime = Noon,
        EndDateTime = Noon.AddHours(1.5),
        SessionId = "0196b1f2-5f0e-7c1e-9f00-000000000001",
        CdrToken = CdrToken,
        AuthMethod = AuthMethod.AuthRequest,
        AuthorizationReference = "ref-1",
        CdrLocation = new CdrLocation
        {
            Id = "BER01", Name = "Hauptbahnhof", Address = "Europaplatz 1", City = "Berlin", PostalCode = "10557", State = "Berlin", Country = "DEU",
            Coordinates = GeoLocation.Of(52.525084m, 13.369402m), EvseUid = "BER01-1", EvseId = "DE*ABC*E00001*1", ConnectorId = "1",
            ConnectorStandard = ConnectorType.Iec62196T2, ConnectorFormat = ConnectorFormat.Cable, ConnectorPowerType = PowerType.Ac3Phase,
        },
        MeterId = "m-1",
        Currency = "EUR",
        Tariffs = [Tariff],
        ChargingPeriods = [Period],
        SignedData = new SignedData
        {
            EncodingMethod = "OCMF", EncodingMethodVersion = 1, PublicKey = "key", Url = "https://sw.example/check",
            SignedValues = [new SignedValue { Nature = "Start", PlainData = "plain", SignedData = "OCMF|{}|{}" }],
        },
        TotalCost = Price.Of(6.55m, 7.7945m),
        TotalFixedCost = Price.Of(0.5m),
        TotalEnergy = 12.3456m,
        TotalEnergyCost = Price.Of(6.05m, 7.1995m),
        TotalTime = 1.5m,
        TotalTimeCost = Price.Of(0m, 0m),
        TotalParkingTime = 0m,
        TotalParkingCost = Price.Of(0m, 0m),
        TotalReservationCost = Price.Of(0m, 0m),
        Remark = "Kabel gezogen",
        InvoiceReferenceId = "inv-1",
        Credit = true,
        CreditReferenceId = "0196b1f2-5f0e-7c1e-9f00-000000000003",
        HomeChargingCompensation = false,
        LastUpdated = Noon.AddHours(1.5),
    };

    public static Credentials Credentials => new()
    {
        Token = "kV5nVjTo7cN3m0fQ",
        Url = "https://gw.example/ocpi/versions",
        Roles = [new CredentialsRole { Role = Role.Cpo, BusinessDetails = Business, PartyId = "ABC", CountryCode = "DE" }],
        HubPartyId = "DEENA",
    };

    public static VersionDetails VersionDetails => new()
    {
        Version = "2.2.1",
        Endpoints = [new Endpoint { Identifier = ModuleId.Cdrs, Role = InterfaceRole.Sender, Url = "https://gw.example/ocpi/2.2.1/cdrs" }],
    };

    /// <summary>Each object by the name of its schema.</summary>
    public static IReadOnlyDictionary<string, object> All => new Dictionary<string, object>
    {
        ["Location"] = Location,
        ["EVSE"] = Evse,
        ["Connector"] = Connector,
        ["Tariff"] = Tariff,
        ["Session"] = Session,
        ["CDR"] = Cdr,
        ["Token"] = Token,
        ["Credentials"] = Credentials,
        ["VersionDetails"] = VersionDetails,
        ["Version"] = new VersionInfo { Version = "2.2.1", Url = "https://gw.example/ocpi/2.2.1" },
        ["LocationReferences"] = new LocationReferences { LocationId = "BER01", EvseUids = ["BER01-1"] },
        ["AuthorizationInfo"] = new AuthorizationInfo
        {
            Allowed = AllowedType.NoCredit, Token = Token, Location = new LocationReferences { LocationId = "BER01" }, AuthorizationReference = "r", Info = Text,
        },
        ["CommandResponse"] = new CommandResponse { Result = CommandResponseType.Accepted, Timeout = 30, Message = [Text] },
        ["SetChargingProfile"] = new SetChargingProfile { ChargingProfile = Profile, ResponseUrl = "https://hub.example/profiles/1" },
        ["ChargingProfileResponse"] = new ChargingProfileResponse { Result = ChargingProfileResponseType.TooOften, Timeout = 30 },
        ["ChargingProfileResult"] = new ChargingProfileResult { Result = ChargingProfileResultType.Rejected },
        ["ClearProfileResult"] = new ClearProfileResult { Result = ChargingProfileResultType.Unknown },
        ["ActiveChargingProfileResult"] = new ActiveChargingProfileResult
        {
            Result = ChargingProfileResultType.Accepted, Profile = new() { StartDateTime = Noon, ChargingProfile = Profile },
        },
        ["CommandResult"] = new CommandResult { Result = CommandResultType.EvseOccupied, Message = [Text] },
        ["StartSession"] = new StartSession
        {
            ResponseUrl = "https://hub.example/r/1", Token = Token, LocationId = "BER01", EvseUid = "BER01-1", ConnectorId = "1", AuthorizationReference = "r",
        },
        ["StopSession"] = new StopSession { ResponseUrl = "https://hub.example/r/1", SessionId = "s" },
        ["ReserveNow"] = new ReserveNow
        {
            ResponseUrl = "https://hub.example/r/1", Token = Token, ExpiryDate = Noon, ReservationId = "r1", LocationId = "BER01", EvseUid = "BER01-1",
            AuthorizationReference = "r",
        },
        ["CancelReservation"] = new CancelReservation { ResponseUrl = "https://hub.example/r/1", ReservationId = "r1" },
        ["UnlockConnector"] = new UnlockConnector { ResponseUrl = "https://hub.example/r/1", LocationId = "BER01", EvseUid = "BER01-1", ConnectorId = "1" },
        ["ChargingPreferences"] = new ChargingPreferences { ProfileType = ProfileType.Fast, DepartureTime = Noon, EnergyNeed = 20.5m, DischargeAllowed = false },
        ["ClientInfo"] = new ClientInfo { PartyId = "MSP", CountryCode = "DE", Role = Role.Emsp, Status = ConnectionStatus.Connected, LastUpdated = Noon },
    };
}
