using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>An EVSE with a meter of the site's beside, or in place of, the charger's own: which of the two is billed, and what of the other is kept.</summary>
public sealed class SiteMeterTests
{
    private const long Own = 5_000_000;
    private const long Sites = 70_000;

    /// <summary>Use, the charger's register at start and end, the site's at start and end; what is billed, by the site's meter or not, and what is unusual.</summary>
    public static TheoryData<bool, MeterUse, (long?, long?), (long?, long?), (long, bool), SessionFlags> Ends
    {
        get
        {
            (MeterUse, (long?, long?), (long?, long?), (long, bool), SessionFlags)[] all =
            [
                (MeterUse.Auto, (Own, Own + 4_000), (Sites, Sites + 4_100), (4_000, false), SessionFlags.None),
                (MeterUse.Check, (Own, Own + 4_000), (Sites, Sites + 4_100), (4_000, false), SessionFlags.None),
                (MeterUse.Bill, (Own, Own + 4_000), (Sites, Sites + 4_100), (4_100, true), SessionFlags.None),
                // Without a register of its own, told as none or as 0.
                (MeterUse.Auto, (null, null), (Sites, Sites + 4_100), (4_100, true), SessionFlags.Incomplete),
                (MeterUse.Auto, (0, 0), (Sites, Sites + 4_100), (4_100, true), SessionFlags.None),
                (MeterUse.Bill, (0, 0), (Sites, Sites + 4_100), (4_100, true), SessionFlags.None),
                (MeterUse.Check, (0, 0), (Sites, Sites + 4_100), (4_100, true), SessionFlags.MeterSilent),
                (MeterUse.Check, (null, null), (Sites, Sites + 4_100), (4_100, true), SessionFlags.MeterSilent | SessionFlags.Incomplete),
                // A register that counts from the session's start.
                (MeterUse.Auto, (0, 4_000), (Sites, Sites + 4_100), (4_100, true), SessionFlags.None),
                (MeterUse.Check, (0, 4_000), (Sites, Sites + 4_100), (4_000, false), SessionFlags.None),
                // The site's is silent.
                (MeterUse.Auto, (Own, Own + 4_000), (null, null), (4_000, false), SessionFlags.None),
                (MeterUse.Bill, (Own, Own + 4_000), (null, null), (4_000, false), SessionFlags.MeterSilent),
                (MeterUse.Bill, (Own, Own + 4_000), (null, Sites + 4_100), (4_000, false), SessionFlags.MeterSilent),
                (MeterUse.Bill, (Own, Own + 4_000), (Sites, null), (4_000, false), SessionFlags.MeterSilent),
                (MeterUse.Auto, (0, 4_000), (null, null), (4_000, false), SessionFlags.MeterSilent),
                (MeterUse.Auto, (0, 0), (Sites, null), (0, true), SessionFlags.MeterSilent),
                // The charger's register is silent.
                (MeterUse.Check, (Own, null), (Sites, Sites + 4_100), (4_100, true), SessionFlags.MeterSilent | SessionFlags.Incomplete),
                (MeterUse.Check, (Own, null), (Sites, null), (0, false), SessionFlags.Incomplete),
                // They differ: by too much, by no more than their grain, and where neither says anything.
                (MeterUse.Check, (Own, Own + 4_000), (Sites, Sites + 4_300), (4_000, false), SessionFlags.MeterDeviates),
                (MeterUse.Bill, (Own, Own + 4_000), (Sites, Sites + 3_000), (3_000, true), SessionFlags.MeterDeviates),
                (MeterUse.Bill, (Own, Own + 150), (Sites, Sites + 50), (50, true), SessionFlags.None),
                (MeterUse.Check, (Own, Own), (Sites, Sites + 4_100), (0, false), SessionFlags.MeterDeviates),
                (MeterUse.Bill, (Own, Own), (Sites, Sites), (0, true), SessionFlags.None),
                // A register that began anew, neither a lifetime too much nor less than nothing.
                (MeterUse.Bill, (Own, Own + 4_000), (Sites, 2_000), (2_000, true), SessionFlags.RegisterReset | SessionFlags.MeterDeviates),
            ];
            var data = new TheoryData<bool, MeterUse, (long?, long?), (long?, long?), (long, bool), SessionFlags>();
            foreach (var (use, own, site, billed, flags) in all)
            {
                data.Add(false, use, own, site, billed, flags);
                data.Add(true, use, own, site, billed, flags);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void What_is_billed_is_what_the_meter_says_that_counts(
        bool isNewer, MeterUse use, (long? Start, long? Stop) own, (long? Start, long? Stop) sites, (long Wh, bool BySite) billed, SessionFlags flags)
    {
        var place = new MeteredPlace(use, isNewer);
        place.Begin(own.Start, sites.Start);
        place.Site.Now += TimeSpan.FromHours(1);
        place.End(own.Stop, sites.Stop);

        var cdr = place.Site.CdrOf(place.Number)!;
        var session = cdr.Session;
        Assert.Equal((billed.Wh, billed.Wh, flags), (cdr.Bill.EnergyWh, session.EnergyWh, session.Flags));
        Assert.Equal(billed.BySite ? MeteredPlace.Meter : null, session.CountedBy);
        Assert.Equal(billed.BySite ? session.SiteMeter!.Serial ?? MeteredPlace.Meter : "OWN-7", session.MeterId);
        Assert.Equal(flags.HasFlag(SessionFlags.MeterDeviates), place.Site.Raised("MeterDeviation"));
        Assert.Equal(flags.HasFlag(SessionFlags.MeterSilent), place.Site.Raised("MeterSilent"));
        // As the charger told it, whatever counts: by this a repeat is known (I8).
        Assert.Equal((own.Start, own.Stop), (session.MeterStartWh, session.MeterStopWh));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_energies_stay_with_the_session(bool isNewer)
    {
        var place = new MeteredPlace(MeterUse.Check, isNewer);
        place.Begin(Own, Sites);
        place.Site.Now += TimeSpan.FromHours(1);
        place.End(Own + 4_000, Sites + 5_000);
        Assert.Equal((4_000L, 5_000L), (place.Session.EnergyWh, place.Session.OtherEnergyWh));
        var told = Assert.Single(place.Site.Journal.Events, e => e.Code == "MeterDeviation");
        Assert.Contains("4000 Wh", told.Text);
        Assert.Contains("5000 Wh", told.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Between_the_chargers_words_the_sites_meter_moves_the_session_along(bool isNewer)
    {
        var place = new MeteredPlace(MeterUse.Auto, isNewer);
        place.Begin(null, Sites);
        for (var n = 1; n <= 30; n++)
        {
            place.Site.Now += TimeSpan.FromMinutes(1);
            place.Post(Sites + (n * 100));
            Assert.Equal(n * 100, place.Session.EnergyWh);
            if (n % 10 == 0)
                place.Site.Restart();
        }
        Assert.Equal((11_000m, 48m), (place.Session.Course[^1].PowerW, place.Session.Course[^1].CurrentA));
        Assert.Contains(place.Session.Course, p => p.EnergyWh == 1_500 && p.At == place.Site.Now.AddMinutes(-15));
        place.Site.Now += TimeSpan.FromMinutes(1);
        place.End(null, Sites + 3_050);
        Assert.Equal(3_050, place.Site.CdrOf(place.Number)!.Bill.EnergyWh);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_sites_meter_says_is_no_sign_of_the_chargers_life(bool isNewer)
    {
        var place = new MeteredPlace(MeterUse.Bill, isNewer);
        place.Begin(Own, Sites);
        place.Site.Now += TimeSpan.FromMinutes(10);
        place.Post(Sites + 1_000);
        place.Site.Take(new StationBooted("CP-1", new("ACME", "One", null, null)));
        Assert.NotNull(place.Session.EndInferred);
        var due = place.Session.EndDue;
        place.Site.Now += TimeSpan.FromMinutes(1);
        place.Post(Sites + 9_000); // by now it may be another's car
        Assert.NotNull(place.Session.EndInferred);
        Assert.Equal((1_000, due), (place.Session.EnergyWh, place.Session.EndDue));
        Assert.Null(place.Site.State.Stations["CP-1"].ClockSeen);

        place.Site.Wait(place.Site.Configuration.Timings.InferredEndHold);
        var session = place.Site.CdrOf(place.Number)!.Session;
        Assert.Equal((1_000L, SessionFlags.EndEstimated), (session.EnergyWh, session.Flags));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_charger_without_a_line_is_not_spoken_for_and_its_queue_tells_the_rest(bool isNewer)
    {
        var place = new MeteredPlace(MeterUse.Bill, isNewer);
        place.Begin(Own, Sites);
        place.Site.Take(new StationDisconnected("CP-1", "gone"));
        place.Site.Now += TimeSpan.FromMinutes(30);
        place.Post(Sites + 9_000);
        Assert.Equal(0, place.Session.EnergyWh);
        place.Site.Take(new StationConnected("CP-1", "OCPP", "127.0.0.1"));
        place.Post(Sites + 9_500); // two cars' energy: its queue has yet to say so
        place.End(Own + 4_000, Sites + 4_000, told: place.Site.Now.AddMinutes(-20), ago: TimeSpan.FromMinutes(20));
        Assert.Equal(4_000, place.Site.CdrOf(place.Number)!.Bill.EnergyWh);
    }

    [Fact]
    public void A_repeat_is_known_by_the_chargers_words_whatever_the_meter_shows_by_then()
    {
        // I8
        var place = new MeteredPlace(MeterUse.Bill, isNewer: false);
        place.Begin(Own, Sites);
        var (number, told) = (place.Number, place.Site.Now);
        place.Site.Now += TimeSpan.FromSeconds(30);
        place.Begin(Own, Sites + 90, told);
        Assert.Equal((number, Sites), (place.Number, place.Session.SiteMeter!.StartWh));
        place.Site.Now += TimeSpan.FromMinutes(30);
        place.End(Own + 4_000, Sites + 4_100);
        place.End(Own + 4_000, Sites + 4_900);
        Assert.Equal(4_100, Assert.Single(place.Site.Journal.Cdrs.Values).Bill.EnergyWh);
    }

    [Theory]
    [InlineData(5, 900, 1_000, true)] // its last value is fresh enough
    [InlineData(5, 1_200, 1_000, true)]
    [InlineData(30, 1_200, 1_200, false)] // the charger's own knows more
    [InlineData(30, 900, 1_000, true)] // it knows less: energy never falls
    [InlineData(30, 0, 1_000, true)] // it does not count at all
    public void Silent_at_the_end_the_sites_meter_counts_with_its_last_value_or_gives_way(int minutes, long own, long billed, bool bySite)
    {
        foreach (var isNewer in new[] { false, true })
        {
            var place = new MeteredPlace(MeterUse.Bill, isNewer);
            place.Begin(Own, Sites);
            place.Site.Now += TimeSpan.FromMinutes(10);
            place.Post(Sites + 1_000);
            place.Site.Now += TimeSpan.FromMinutes(minutes);
            place.End(Own + own, null);
            var session = place.Site.CdrOf(place.Number)!.Session;
            Assert.Equal((billed, bySite, SessionFlags.MeterSilent), (session.EnergyWh, session.CountedBy is not null, session.Flags));
            Assert.True(place.Site.Raised("MeterSilent"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stop_that_comes_late_counts_by_the_meter_that_was_to_count(bool isNewer)
    {
        // FIELD-NOTES 22
        var place = new MeteredPlace(MeterUse.Bill, isNewer);
        place.Begin(Own, Sites);
        place.Site.Now += TimeSpan.FromMinutes(10);
        place.Values(Own + 1_000, null);
        place.Site.Take(new StationBooted("CP-1", new("ACME", "One", null, null)));
        place.Site.Wait(place.Site.Configuration.Timings.InferredEndHold);
        var estimated = place.Site.CdrOf(place.Number)!.Session;
        Assert.Equal((1_000L, null), (estimated.EnergyWh, estimated.CountedBy));

        place.Site.Now += TimeSpan.FromMinutes(10);
        place.End(Own + 4_000, Sites + 4_100);
        var session = place.Site.CdrOf(place.Number)!.Session;
        Assert.Equal((4_100L, MeteredPlace.Meter, SessionFlags.LateStop), (session.EnergyWh, session.CountedBy, session.Flags));
    }

    [Theory]
    [InlineData("next")]
    [InlineData("available")]
    public void An_end_that_is_inferred_takes_the_sites_meter_along(string how)
    {
        foreach (var isNewer in new[] { false, true })
        {
            var place = new MeteredPlace(MeterUse.Auto, isNewer);
            place.Begin(null, Sites);
            place.Site.Now += TimeSpan.FromMinutes(10);
            place.Post(Sites + 1_000);
            place.Site.Now += TimeSpan.FromSeconds(40);
            var (number, sample) = (place.Number, place.Shows(Sites + 1_080));
            place.Site.Take(new ConnectorReported(SiteUnderTest.At(), ConnectorState.Charging, null, null, null, place.Site.Now.AddMinutes(-10)));
            if (how == "available")
                place.Site.Take(new ConnectorReported(SiteUnderTest.At(), ConnectorState.Available, null, null, null, place.Site.Now, sample));
            else
                place.Site.Take(new SessionBegan(SiteUnderTest.At(), "OTHER", place.Site.Now, null, ExampleSite.Accepted("OTHER"), SiteMeter: sample));
            place.Site.Wait(place.Site.Configuration.Timings.InferredEndHold);
            Assert.Equal(1_080, place.Site.CdrOf(number)!.Bill.EnergyWh);
        }
    }

    [Fact]
    public void A_transaction_with_nothing_but_the_chargers_own_appetite_is_none()
    {
        var place = new MeteredPlace(MeterUse.Auto, isNewer: true);
        var at = place.Site.Now;
        var told = place.Site.Tell(new TransactionTold
        {
            Station = "CP-1", Transaction = "T-9", Phase = TransactionPhase.Started, Sequence = 0, Told = at, At = SiteUnderTest.At(), Trigger = "CablePluggedIn",
            Charging = ChargingPhase.EVConnected, SiteMeter = place.Shows(Sites),
        });
        place.Site.Now += TimeSpan.FromHours(8);
        place.Site.Tell(new TransactionTold
        {
            Station = "CP-1", Transaction = "T-9", Phase = TransactionPhase.Ended, Sequence = 1, Told = place.Site.Now, SiteMeter = place.Shows(Sites + 80),
        });
        Assert.Empty(place.Site.Journal.Cdrs);
        Assert.Equal(SessionStatus.Invalid, place.Site.Session(told.Number).Status);
    }

    [Fact]
    public void Numbered_events_are_missed_though_the_sites_meter_has_none_of_their_numbers()
    {
        // 2.0.1 E 1.3.2
        var place = new MeteredPlace(MeterUse.Bill, isNewer: true);
        place.Begin(Own, Sites);
        place.Site.Now += TimeSpan.FromMinutes(10);
        place.Post(Sites + 1_000);
        place.Site.Tell(TransactionPhase.Ended, 4, register: Own + 2_000);
        Assert.Empty(place.Site.Journal.Cdrs);
        place.Site.Wait(place.Site.Configuration.Timings.MissingEventsHold);
        Assert.True(place.Site.CdrOf(place.Number)!.Session.Flags.HasFlag(SessionFlags.EventsMissing));
    }

    [Fact]
    public void Without_a_meter_of_the_sites_a_sample_is_nobodys_business()
    {
        var site = new SiteUnderTest();
        var sample = new MeterSample(MeteredPlace.Meter, site.Now, Sites);
        var number = site.Take(new SessionBegan(SiteUnderTest.At(), ExampleSite.Card, site.Now, Own, ExampleSite.Accepted(), SiteMeter: sample)).Number;
        site.Take(new SiteMetered(number, sample with { EnergyWh = Sites + 500 }, null, null));
        site.Now += TimeSpan.FromHours(1);
        site.Take(new SessionEnded("CP-1", number, null, site.Now, Own + 4_000, "Local", [], null, SiteMeter: sample with { EnergyWh = Sites + 9_000 }));
        var session = site.CdrOf(number)!.Session;
        Assert.Equal((4_000L, null, null, null, SessionFlags.None), (session.EnergyWh, session.SiteMeter, session.MeterId, session.OtherEnergyWh, session.Flags));
        Assert.Equal(2, session.Course.Count);
    }

    [Fact]
    public void The_meter_that_a_session_began_with_is_its_own_to_the_end()
    {
        // D5
        var place = new MeteredPlace(MeterUse.Bill, isNewer: false);
        place.Begin(Own, Sites);
        place.Site.Take(new EdgeGateway.Site.Requests.Configure(ExampleSite.Create()));
        place.Site.Now += TimeSpan.FromHours(1);
        place.End(Own + 4_000, Sites + 4_100);
        Assert.Equal(4_100, place.Site.CdrOf(place.Number)!.Bill.EnergyWh);
    }
}
