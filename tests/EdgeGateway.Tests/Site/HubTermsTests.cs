using System.Collections.Immutable;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;
using EdgeGateway.Site.Rules;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>Two hubs that are shown different places at different prices.</summary>
public sealed class HubTermsTests
{
    private const string One = "one";
    private const string Two = "two";

    private static readonly HubTerms Wholesale = new(Two) { Tariffs = ImmutableDictionary<string, string>.Empty.Add("AC", "AC-TWO") };

    [Fact]
    public void A_session_is_priced_by_the_tariff_that_its_hub_is_shown()
    {
        var site = Site();
        var (mine, theirs) = (Charge(site, One, evse: 1), Charge(site, Two, evse: 2));
        Assert.Equal(("AC", 4.9m), (mine.Session.Terms.Tariff!.Id, mine.Bill.Total.ExclVat));
        Assert.Equal(("AC-TWO", 3.9m), (theirs.Session.Terms.Tariff!.Id, theirs.Bill.Total.ExclVat));
        Assert.Equal((One, Two), (mine.Session.Hub, theirs.Session.Hub));
    }

    [Fact]
    public void A_session_that_finds_its_owner_later_gets_that_hubs_tariff_as_of_its_start()
    {
        var site = Site(c => c with { Tariffs = [.. c.Tariffs.Select(t => t.Id == "AC-TWO" ? t with { ValidUntil = new(2026, 3, 2, 8, 30, 0, TimeSpan.Zero) } : t)] });
        var begun = site.Begin(authorization: Authorization.Refused(AuthorizationStatus.Invalid, "unknown"));
        Assert.Equal("AC", site.Session(begun.Number).Terms.Tariff!.Id);
        site.Wait(TimeSpan.FromHours(1));
        Assert.True(site.Take(new ClaimSession(begun.SessionId, ExampleSite.Accepted(hub: Two))));
        Assert.Equal((Two, "AC-TWO"), (site.Session(begun.Number).Hub, site.Session(begun.Number).Terms.Tariff!.Id));
    }

    [Fact]
    public void A_claim_leaves_the_copy_of_a_tariff_that_has_changed_since()
    {
        var site = Site();
        var begun = site.Begin(authorization: Authorization.Refused(AuthorizationStatus.Invalid, "unknown"));
        site.Take(new Configure(Configuration() with { Tariffs = [ExampleSite.EnergyTariff("AC", 9.99m)] }));
        site.Take(new ClaimSession(begun.SessionId, ExampleSite.Accepted(hub: One)));
        Assert.Equal(0.49m, site.Session(begun.Number).Terms.Tariff!.Elements[0].Components[0].Price);
    }

    [Theory]
    [InlineData("2026-03-02T08:00:00Z", "NEW")]
    [InlineData("2026-03-02T07:59:59Z", "OLD")]
    [InlineData("2026-02-01T00:00:00Z", null)]
    public void The_first_tariff_that_is_valid_at_the_start_holds(string start, string? expected)
    {
        DateTimeOffset turn = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
        var site = Site(c => WithTariffs(c, ExampleSite.EnergyTariff("OLD", 1) with { ValidFrom = turn.AddDays(-7), ValidUntil = turn }, ExampleSite.EnergyTariff("NEW", 2) with { ValidFrom = turn }));
        var begun = site.Begin(told: DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(expected, site.Session(begun.Number).Terms.Tariff?.Id);
        Assert.Equal(expected is null, site.Raised("NoTariffHolds"));
    }

    [Theory]
    [InlineData(TokenType.AdHocUser, null, "ADHOC")]
    [InlineData(TokenType.Rfid, "CHEAP", "CHEAP")]
    [InlineData(TokenType.Rfid, "FAST", "ALL")]
    [InlineData(TokenType.Rfid, null, "ALL")]
    [InlineData(TokenType.AppUser, "REGULAR", "ALL")]
    public void A_kind_of_tariff_is_for_its_kind_of_driver(TokenType type, string? profile, string expected)
    {
        var site = Site(c => WithTariffs(
            c,
            ExampleSite.EnergyTariff("ADHOC", 1) with { Type = "AD_HOC_PAYMENT" },
            ExampleSite.EnergyTariff("CHEAP", 2) with { Type = "PROFILE_CHEAP" },
            ExampleSite.EnergyTariff("ALL", 3) with { Type = "REGULAR" }));
        var accepted = ExampleSite.Accepted(hub: One);
        var begun = site.Begin(authorization: accepted with { Token = accepted.Token! with { Type = type, DefaultProfile = profile } });
        Assert.Equal(expected, site.Session(begun.Number).Terms.Tariff!.Id);
    }

    [Fact]
    public void At_first_every_hub_is_owed_what_it_may_see_and_nothing_else()
    {
        var site = Site(c => WithAudience(c, "CP-2", Audience.Only(One)));
        Assert.Equal(["AC"], Owed(site, One, DeliveryKind.Tariff));
        Assert.Equal(["AC-TWO"], Owed(site, Two, DeliveryKind.Tariff));
        Assert.Equal(["BER01"], Owed(site, Two, DeliveryKind.Location));
        Assert.DoesNotContain("CP-2-1", Owed(site, Two, DeliveryKind.EvseStatus));
        Assert.Contains("CP-2-1", Owed(site, One, DeliveryKind.EvseStatus));
    }

    [Fact]
    public void What_leaves_one_hubs_audience_is_removed_for_that_hub_alone_and_comes_back()
    {
        var site = Site();
        site.Wait(TimeSpan.FromMinutes(1));
        var before = Stamps(site, "CP-2-1");
        Change(site, WithAudience(Configuration(), "CP-2", Audience.Only(One)));
        Assert.Equal(["CP-2-1", "CP-2-2"], site.State.RemovedFor(Two).Select(e => e.Uid));
        Assert.Empty(site.State.RemovedFor(One));
        Assert.Equal([], Owed(site, One));
        Assert.Equal(["BER01"], Owed(site, Two));
        // P6: connector, EVSE and location move; its neighbour does not.
        Assert.All(Stamps(site, "CP-2-1").Zip(before), pair => Assert.True(pair.First > pair.Second));
        Assert.Equal(before[0], site.State.LastUpdated(StampName.Evse("CP-1-1")));
        site.Wait(TimeSpan.FromMinutes(1));
        before = Stamps(site, "CP-2-1");
        Change(site, Configuration());
        Assert.Empty(site.State.RemovedFor(Two));
        Assert.Equal(["BER01"], Owed(site, Two));
        Assert.All(Stamps(site, "CP-2-1").Zip(before), pair => Assert.True(pair.First > pair.Second));
    }

    [Fact]
    public void What_the_file_names_no_more_is_owed_to_the_hubs_that_saw_it()
    {
        var site = Site(c => WithAudience(c, "CP-2", Audience.Only(One)));
        site.Wait(TimeSpan.FromMinutes(1));
        var configuration = WithAudience(Configuration(), "CP-2", Audience.Only(One));
        Change(site, configuration with { Stations = [configuration.Stations[0]] });
        Assert.Equal(["BER01"], Owed(site, One));
        Assert.Equal([], Owed(site, Two));
        Assert.Equal(site.Now, site.State.LastUpdated(StampName.Evse("CP-2-1")));
        Assert.Equal(["CP-2-1", "CP-2-2"], site.State.RemovedFor(One).Select(e => e.Uid));
        Assert.Empty(site.State.RemovedFor(Two));
    }

    [Fact]
    public void The_same_configuration_again_owes_nothing_even_after_a_restart()
    {
        var site = Site();
        site.Restart();
        site.Wait(TimeSpan.FromMinutes(1));
        var before = site.State.Stamps;
        Change(site, Configuration() with { Details = Detailed() });
        Assert.Equal([], Owed(site, One).Concat(Owed(site, Two)));
        Assert.Equal(before.Values.ToHashSet(), site.State.Stamps.Values.ToHashSet());
    }

    [Fact]
    public void A_database_of_a_version_that_kept_no_views_is_told_once_and_moves_nothing()
    {
        var site = Site();
        var before = Stamps(site, "CP-1-1");
        foreach (var view in site.Journal.Stamps.Keys.Where(k => k.StartsWith("view:", StringComparison.Ordinal)).ToList())
            site.Journal.Stamps.Remove(view);
        site.Restart();
        site.Wait(TimeSpan.FromMinutes(1));
        Change(site, Configuration());
        // It showed all tariffs to all hubs: what is another's goes (L6).
        Assert.Equal(["AC", "AC-TWO", "BER01"], Owed(site, One));
        Assert.Equal(["AC", "AC-TWO", "BER01"], Owed(site, Two));
        Assert.Equal(before, Stamps(site, "CP-1-1"));
        Change(site, Configuration());
        Assert.Equal([], Owed(site, One).Concat(Owed(site, Two)));
    }

    [Fact]
    public void A_detail_that_changed_moves_what_holds_it()
    {
        var site = Site();
        site.Wait(TimeSpan.FromMinutes(1));
        var before = Stamps(site, "CP-1-1");
        Change(site, Configuration() with { Details = Detailed() with { Facilities = ["HOTEL", "WIFI"] } });
        Assert.Equal(["BER01", "BER01"], [.. Owed(site, One), .. Owed(site, Two)]);
        Assert.Equal(before[..2], Stamps(site, "CP-1-1")[..2]);
        Assert.Equal(site.Now, Stamps(site, "CP-1-1")[2]);

        site.Wait(TimeSpan.FromMinutes(1));
        var configuration = Configuration() with { Details = Detailed() with { Facilities = ["HOTEL", "WIFI"] } };
        Change(site, WithEvse(configuration, e => e with { Details = new() { ParkingRestrictions = ["DISABLED"] } }));
        Assert.Equal(["BER01", "BER01"], [.. Owed(site, One), .. Owed(site, Two)]);
        Assert.Equal([before[0], site.Now, site.Now], Stamps(site, "CP-1-1"));

        site.Wait(TimeSpan.FromMinutes(1));
        Change(site, WithEvse(configuration, e => e with
        {
            Details = new() { ParkingRestrictions = ["DISABLED"] },
            Connectors = [e.Connectors[0] with { TermsAndConditionsUrl = "https://example.com/terms" }],
        }));
        Assert.Equal([site.Now, site.Now, site.Now], Stamps(site, "CP-1-1"));
    }

    [Fact]
    public void A_new_stand_in_is_owed_to_its_hub_alone_and_the_one_it_replaces_goes()
    {
        var site = Site(c => c with { Hubs = [One, Two] });
        Assert.Equal(["AC"], Owed(site, One, DeliveryKind.Tariff).Where(t => t == "AC"));
        site.Wait(TimeSpan.FromMinutes(1));
        Change(site, Configuration());
        // AC-TWO stands at no connector, so that it is no business of the other hub's (L6); AC is two's no more.
        Assert.Equal(["AC", "BER01"], Owed(site, Two).Order());
        Assert.Equal(["AC-TWO"], Owed(site, One));
        Assert.Equal(["AC-TWO"], site.State.Configuration.TariffsFor(Two).Select(t => t.Id));
        Assert.Equal([site.Now, site.Now], Stamps(site, "CP-1-1")[1..]);
    }

    [Fact]
    public void A_new_hub_moves_nothing_for_the_others()
    {
        var site = Site(c => c with { Hubs = [One] });
        site.Wait(TimeSpan.FromMinutes(1));
        var before = Stamps(site, "CP-1-1");
        Change(site, Configuration() with { Hubs = [One, Two] });
        Assert.Equal(before, Stamps(site, "CP-1-1"));
        Assert.Equal(["BER01"], Owed(site, Two, DeliveryKind.Location));
        Assert.Equal([], Owed(site, One));
    }

    [Fact]
    public void A_hub_that_lost_the_place_is_owed_its_own_tariffs_and_the_location_again()
    {
        var site = Site();
        site.Journal.Owed.Clear();
        site.Take(new ShowLocation(Two));
        Assert.Equal(["AC-TWO", "BER01"], Owed(site, Two));
        Assert.Equal([], Owed(site, One));
        Assert.True(site.Raised("LocationShownAgain"));
    }

    [Fact]
    public void A_meter_value_within_the_interval_goes_out_when_it_is_over()
    {
        var site = Site();
        var begun = site.Begin(authorization: ExampleSite.Accepted(hub: One));
        site.Journal.Owed.Clear();
        site.Wait(TimeSpan.FromSeconds(20));
        site.Meter(100_500, begun.Number);
        Assert.Equal([], Owed(site, One, DeliveryKind.Session));
        site.Wait(TimeSpan.FromSeconds(39));
        Assert.Equal([], Owed(site, One, DeliveryKind.Session));
        var updated = site.Session(begun.Number).LastUpdated;
        site.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal([begun.SessionId], Owed(site, One, DeliveryKind.Session));
        Assert.Equal(updated, site.Session(begun.Number).LastUpdated);
        site.Journal.Owed.Clear();
        site.Wait(TimeSpan.FromHours(1));
        Assert.Equal([], Owed(site, One, DeliveryKind.Session));
    }

    [Fact]
    public void An_unsent_meter_value_is_not_forgotten_over_a_restart()
    {
        var site = Site();
        var begun = site.Begin(authorization: ExampleSite.Accepted(hub: One));
        site.Wait(TimeSpan.FromSeconds(20));
        site.Meter(100_500, begun.Number);
        site.Restart();
        site.Journal.Owed.Clear();
        site.Wait(TimeSpan.FromSeconds(40));
        Assert.Equal([begun.SessionId], Owed(site, One, DeliveryKind.Session));
    }

    [Fact]
    public void A_hub_may_have_an_interval_of_its_own()
    {
        var site = Site(c => c with { Hubs = [new(One) { SessionUpdateInterval = TimeSpan.FromSeconds(10) }, Wholesale] });
        var (mine, theirs) = (site.Begin(authorization: ExampleSite.Accepted(hub: One)), site.Begin(evse: 2, authorization: ExampleSite.Accepted(hub: Two)));
        site.Journal.Owed.Clear();
        site.Wait(TimeSpan.FromSeconds(10));
        site.Meter(100_500, mine.Number);
        site.Meter(100_500, theirs.Number, evse: 2);
        Assert.Equal([mine.SessionId], Owed(site, One));
        Assert.Equal([], Owed(site, Two));
    }

    private static SiteUnderTest Site(Func<SiteConfiguration, SiteConfiguration>? change = null) => new((change ?? (c => c))(Configuration()));

    private static SiteConfiguration Configuration() => ExampleSite.Create() with
    {
        Tariffs = [ExampleSite.EnergyTariff("AC", 0.49m), ExampleSite.EnergyTariff("AC-TWO", 0.39m)],
        Hubs = [One, Wholesale],
        Details = Detailed(),
    };

    /// <summary>Each time anew: lists with the same content are not the same lists.</summary>
    private static LocationDetails Detailed() => new()
    {
        Facilities = ["HOTEL"],
        OpeningTimes = new() { Regular = [new(1, new(8, 0), new(20, 0))] },
        EnergyMix = new(true) { Sources = [new("SOLAR", 100)] },
    };

    private static SiteConfiguration WithTariffs(SiteConfiguration configuration, params Tariff[] tariffs) => WithEvse(
        configuration with { Tariffs = [.. tariffs], Hubs = [One, Two] },
        e => e with { Connectors = [e.Connectors[0] with { Tariffs = [.. tariffs.Select(t => t.Id)] }] });

    private static SiteConfiguration WithAudience(SiteConfiguration configuration, string station, Audience audience) => configuration with
    {
        Stations = [.. configuration.Stations.Select(s => s.Id == station ? s with { Publish = audience } : s)],
    };

    private static SiteConfiguration WithEvse(SiteConfiguration configuration, Func<EvseConfiguration, EvseConfiguration> change) => configuration with
    {
        Stations = [configuration.Stations[0] with { Evses = [change(configuration.Stations[0].Evses[0]), configuration.Stations[0].Evses[1]] }, .. configuration.Stations[1..]],
    };

    private static void Change(SiteUnderTest site, SiteConfiguration configuration)
    {
        site.Journal.Owed.Clear();
        site.Take(new Configure(configuration));
    }

    private static List<string> Owed(SiteUnderTest site, string hub, DeliveryKind? kind = null) =>
        [.. site.Journal.Owed.Where(d => d.Hub == hub && (kind is null || d.Kind == kind)).Select(d => d.Object)];

    /// <summary>last_updated of an EVSE's connector, of the EVSE, and of the location.</summary>
    private static DateTimeOffset[] Stamps(SiteUnderTest site, string evse) =>
        [site.State.LastUpdated(StampName.Connector(evse, 1)), site.State.LastUpdated(StampName.Evse(evse)), site.State.LastUpdated(StampName.Location("BER01"))];

    private static Cdr Charge(SiteUnderTest site, string hub, int evse)
    {
        var begun = site.Begin(evse: evse, authorization: ExampleSite.Accepted(hub: hub));
        site.Wait(TimeSpan.FromHours(1));
        site.End(begun.Number, 110_000);
        return site.CdrOf(begun.Number)!;
    }
}
