using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>D7: what was billed wrongly is taken back and billed anew; nothing that was sent ever changes.</summary>
public sealed class CdrRulesTests
{
    private readonly SiteUnderTest _site = new();
    private readonly Cdr _original;

    public CdrRulesTests()
    {
        var begun = _site.Begin();
        _site.Wait(TimeSpan.FromMinutes(30));
        _site.Meter(106_000, begun.Number);
        _site.Wait(TimeSpan.FromMinutes(30));
        _site.End(begun.Number, 110_000);
        _original = _site.CdrOf(begun.Number)!;
        _site.Wait(TimeSpan.FromDays(3));
    }

    [Fact]
    public void A_credit_is_the_original_but_for_its_name()
    {
        var session = _site.Session(_original.Session.Number);
        var credited = _site.Take(Credit(_original.Id));
        Assert.Equal((_original.Id + "-C", null, null), (credited.Credit, credited.Corrected, credited.Refusal));
        var credit = _site.Journal.Cdrs[credited.Credit!];
        Assert.Equal((_original.Id, null, "meter exchanged", _site.Now), (credit.CreditOf, credit.CorrectionOf, credit.Remark, credit.Created));
        Assert.Same(_original.Bill, credit.Bill);
        Assert.Same(_original.Session, credit.Session);
        Assert.Equal([new Delivery(ExampleSite.Hub, DeliveryKind.Cdr, credit.Id)], _site.Deliveries);
        Assert.Contains(_site.Journal.Events, e => e.Code == "CdrCredited" && e.Text.Contains("meter exchanged", StringComparison.Ordinal));
        Assert.Same(session, _site.Session(session.Number));
        Assert.Same(_original, _site.Journal.Cdrs[_original.Id]);
    }

    [Fact]
    public void What_is_billed_anew_is_priced_by_the_same_rules()
    {
        var end = _original.Session.StartedAt.AddMinutes(20);
        var credited = _site.Take(Credit(_original.Id, reissue: true, 4_000, end));
        Assert.Equal(_original.Id + "-2", credited.Corrected);
        var corrected = _site.Journal.Cdrs[credited.Corrected!];
        Assert.Equal((null, _original.Id, 4_000L, end), (corrected.CreditOf, corrected.CorrectionOf, corrected.Session.EnergyWh, corrected.Session.EndedAt));
        Assert.Equal((4_000L, TimeSpan.FromMinutes(20), 4m * 0.49m), (corrected.Bill.EnergyWh, corrected.Bill.Duration, corrected.Bill.Total.ExclVat));
        Assert.All(corrected.Session.Course, point => Assert.True(point.At <= end && point.EnergyWh <= 4_000));
        Assert.Equal([credited.Credit!, credited.Corrected!], _site.Deliveries.Select(static d => d.Object));
    }

    [Fact]
    public void Values_beyond_the_corrected_total_give_way()
    {
        var corrected = Corrected(_site.Take(Credit(_original.Id, reissue: true, 5_000)));
        Assert.Equal([0L, 5_000L, 5_000L], corrected.Session.Course.Select(static point => point.EnergyWh!.Value));
        Assert.Equal((5_000L, _original.Bill.Duration), (corrected.Bill.EnergyWh, corrected.Bill.Duration));
    }

    [Fact]
    public void A_later_end_is_what_went_on_before_it()
    {
        var corrected = Corrected(_site.Take(Credit(_original.Id, reissue: true, 20_000, _original.Session.EndedAt!.Value.AddHours(1))));
        Assert.Equal((20_000L, TimeSpan.FromHours(2), TimeSpan.Zero), (corrected.Bill.EnergyWh, corrected.Bill.Duration, corrected.Bill.Parking));
    }

    [Fact]
    public void Billed_anew_without_a_change_it_costs_the_same()
    {
        var bill = Corrected(_site.Take(Credit(_original.Id, reissue: true))).Bill;
        Assert.Equal((_original.Bill.Total, _original.Bill.Energy, _original.Bill.EnergyWh), (bill.Total, bill.Energy, bill.EnergyWh));
        Assert.Equal(_original.Bill.Periods, bill.Periods);
    }

    [Fact]
    public void A_tariff_that_has_changed_since_is_not_asked()
    {
        _site.Take(new Configure(_site.Configuration with { Tariffs = [ExampleSite.EnergyTariff("AC", 9m)] }));
        Assert.Equal(4m * 0.49m, Corrected(_site.Take(Credit(_original.Id, reissue: true, 4_000))).Bill.Total.ExclVat);
    }

    [Fact]
    public void Corrections_of_corrections_never_use_a_name_twice_and_end_in_time()
    {
        var (id, seen) = (_original.Id, new HashSet<string> { _original.Id });
        for (var i = 2; i <= 9; i++)
        {
            var credited = _site.Take(Credit(id, reissue: true, 1_000L * i));
            Assert.True(seen.Add(credited.Credit!) && seen.Add(credited.Corrected!));
            Assert.Equal((id == _original.Id ? id + "-C" : id + "C", $"{_original.Id}-{i}"), (credited.Credit, credited.Corrected));
            id = credited.Corrected!;
        }
        Assert.All(seen, static name => Assert.True(name.Length <= 39));
        Assert.NotNull(_site.Take(Credit(id, reissue: true)).Refusal);
        Assert.Equal(id + "C", _site.Take(Credit(id)).Credit);
        // Whatever happened, what is in force is never more than one of them.
        Assert.Equal(0, _site.Journal.Cdrs.Values.Sum(static cdr => cdr.CreditOf is null ? cdr.Bill.EnergyWh : -cdr.Bill.EnergyWh));
    }

    [Fact]
    public void A_name_is_not_used_again_when_those_before_are_no_longer_kept()
    {
        var second = _site.Take(Credit(_original.Id, reissue: true)).Corrected!;
        _site.Journal.Cdrs.Remove(_original.Id);
        _site.Journal.Cdrs.Remove(_original.Id + "-C");
        Assert.Equal(new Credited(second + "C", _original.Id + "-3", null), _site.Take(Credit(second, reissue: true)));
    }

    [Fact]
    public void Nothing_is_credited_twice_not_even_at_once()
    {
        var answers = _site.Handle(Credit(_original.Id), Credit(_original.Id, reissue: true));
        Assert.NotNull(((Credited)answers[0]).Credit);
        Assert.Contains("before", ((Credited)answers[1]).Refusal, StringComparison.Ordinal);
        Assert.Contains("before", _site.Take(Credit(_original.Id)).Refusal, StringComparison.Ordinal);
        Assert.Contains("itself", _site.Take(Credit(_original.Id + "-C")).Refusal, StringComparison.Ordinal);
        Assert.Equal(2, _site.Journal.Cdrs.Count);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_and_changes_nothing()
    {
        foreach (var request in new[]
        {
            Credit("nothing"),
            Credit(_original.Id) with { Because = " " },
            Credit(_original.Id, reissue: false, 1_000),
            Credit(_original.Id, reissue: false, null, _site.Now),
            Credit(_original.Id, reissue: true, -1),
            Credit(_original.Id, reissue: true, 10_000_001),
            Credit(_original.Id, reissue: true, null, _original.Session.StartedAt.AddSeconds(-1)),
            Credit(_original.Id, reissue: true, null, _site.Now.AddSeconds(1)),
        })
        {
            Assert.NotNull(_site.Take(request).Refusal);
            Assert.Empty(_site.Deliveries);
        }
        Assert.Same(_original, Assert.Single(_site.Journal.Cdrs).Value);
    }

    [Fact]
    public void A_session_that_no_hub_owns_is_credited_on_site()
    {
        var begun = _site.Begin(tag: ExampleSite.SiteOnlyCard, authorization: new Authorization { Status = AuthorizationStatus.Blocked });
        _site.End(begun.Number, 101_000);
        Assert.NotNull(_site.Take(Credit(_site.CdrOf(begun.Number)!.Id)).Credit);
        Assert.Empty(_site.Deliveries);
    }

    [Fact]
    public void A_credit_is_later_than_what_it_takes_back_even_when_the_clock_was_set_back()
    {
        _site.Now = _original.Created.AddDays(-1);
        var credited = _site.Take(Credit(_original.Id, reissue: true));
        Assert.Equal(_original.Created.AddSeconds(1), _site.Journal.Cdrs[credited.Credit!].Created);
        Assert.Equal(_original.Created.AddSeconds(1), Corrected(credited).Created);
    }

    [Theory]
    [InlineData(false, "1.617")]
    [InlineData(true, "1.62")]
    public void Totals_are_in_whole_coins_where_the_site_says_so_in_session_and_cdr_alike(bool round, string total)
    {
        var site = new SiteUnderTest(ExampleSite.Create() with { RoundTotals = round });
        var begun = site.Begin();
        site.Wait(TimeSpan.FromMinutes(30));
        site.Meter(103_300, begun.Number);
        var running = site.Session(begun.Number);
        Assert.Equal(decimal.Parse(total, System.Globalization.CultureInfo.InvariantCulture), running.BillOf(site.Now).Total.ExclVat);
        site.Take(new Configure(site.Configuration with { RoundTotals = !round })); // holds for the sessions to come
        site.End(begun.Number, 103_300);
        var bill = site.CdrOf(begun.Number)!.Bill;
        Assert.Equal(decimal.Parse(total, System.Globalization.CultureInfo.InvariantCulture), bill.Total.ExclVat);
        Assert.Equal(1.617m, bill.Energy!.ExclVat);
    }

    [Fact]
    public void A_session_after_a_reservation_is_billed_from_the_grant()
    {
        var tariff = ExampleSite.EnergyTariff("AC", 0.49m);
        var held = new TariffElement { Components = [new(PriceDimension.Time, 6m, 19m, 0)], Restrictions = new() { Reservation = ReservationRestriction.Reservation } };
        var terms = _original.Session.Terms with { Tariff = tariff with { Elements = [held, .. tariff.Elements] } };
        var granted = _original.Session.StartedAt.AddMinutes(-20);
        var session = _original.Session with { Terms = terms, ReservedAt = granted };
        var bill = session.BillOf(session.EndedAt!.Value);
        Assert.Equal((granted, 2m, 4.9m, 6.9m), (bill.Periods[0].Start, bill.Reservation!.ExclVat, bill.Energy!.ExclVat, bill.Total.ExclVat));
        var waiting = session with { Status = SessionStatus.Reservation, StartedAt = granted, EnergyWh = 0, Course = [] };
        Assert.Equal((1m, Activity.Reserved), (waiting.BillOf(granted.AddMinutes(10)).Total.ExclVat, waiting.BillOf(granted.AddMinutes(10)).Periods.Single().Activity));
    }

    [Fact]
    public void A_session_that_began_before_its_reservation_by_a_slow_clock_was_charging_all_the_time()
    {
        var granted = _original.Session.StartedAt.AddMinutes(5);
        var session = _original.Session with { ReservedAt = granted, Course = _original.Session.Course.Insert(0, new(granted, 0, Activity.Reserved)) };
        var bill = session.BillOf(session.EndedAt!.Value);
        Assert.Equal(_original.Bill.Periods, bill.Periods);
        Assert.Equal((_original.Bill.Total, TimeSpan.Zero), (bill.Total, bill.Reserved));
    }

    private static CreditCdr Credit(string id, bool reissue = false, long? energyWh = null, DateTimeOffset? end = null) =>
        new(id, "meter exchanged", reissue, energyWh, end);

    private Cdr Corrected(Credited credited) => _site.Journal.Cdrs[credited.Corrected!];
}
