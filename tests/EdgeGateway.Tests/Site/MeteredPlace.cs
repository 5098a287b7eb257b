using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>EVSE 1 of CP-1 with a meter of the site's, and a charger there that speaks either family.</summary>
internal sealed class MeteredPlace
{
    public const string Meter = "M-1";
    private readonly bool _isNewer;
    private int _sequence;

    public MeteredPlace(MeterUse use, bool isNewer, decimal mostDeviationPercent = 5)
    {
        _isNewer = isNewer;
        Site = new(With(ExampleSite.Create(), use, mostDeviationPercent));
        Site.Take(new StationConnected("CP-1", isNewer ? "OCPP 2.1" : "OCPP 1.6", "127.0.0.1"));
        Site.Take(new StationBooted("CP-1", new("ACME", "One", null, null, "OWN-7")));
    }

    public SiteUnderTest Site { get; }
    public int Number { get; private set; }
    public Session Session => Site.Session(Number);

    public static SiteConfiguration With(SiteConfiguration configuration, MeterUse use, decimal mostDeviationPercent = 5) => configuration with
    {
        Meters =
        [
            new() { Id = "GRID", Role = MeterRole.Grid },
            new() { Id = Meter, Role = MeterRole.Station, Station = "cp-1", Evse = 1, Use = use, MostDeviationPercent = mostDeviationPercent },
        ],
    };

    public MeterSample? Shows(long? registerWh, TimeSpan ago = default) => registerWh is { } wh ? new(Meter, Site.Now - ago, wh, "S-1") : null;

    public void Begin(long? own, long? site, DateTimeOffset? told = null)
    {
        var at = told ?? Site.Now;
        Number = _isNewer
            ? Tell(TransactionPhase.Started, at, own, Shows(site), "Transaction.Begin").Number
            : Site.Take(new SessionBegan(SiteUnderTest.At(), ExampleSite.Card, at, own, ExampleSite.Accepted(), SiteMeter: Shows(site))).Number;
    }

    public void Values(long? own, long? site)
    {
        if (_isNewer)
            Tell(TransactionPhase.Updated, Site.Now, own, Shows(site));
        else
            Site.Take(new Metered(SiteUnderTest.At(), Number, [new(Site.Now, own, null, null, "E", SiteMeter: Shows(site))]));
    }

    public void Post(long site) => Site.Take(new SiteMetered(Number, Shows(site)!, 11_000, 48));

    public void End(long? own, long? site, DateTimeOffset? told = null, TimeSpan ago = default)
    {
        if (_isNewer)
            Tell(TransactionPhase.Ended, told ?? Site.Now, own, Shows(site, ago), "Transaction.End");
        else
            Site.Take(new SessionEnded("CP-1", Number, null, told ?? Site.Now, own, "Local", [], null, SiteMeter: Shows(site, ago)));
    }

    private TransactionHeard Tell(TransactionPhase phase, DateTimeOffset at, long? own, MeterSample? site, string? context = null) => Site.Tell(new TransactionTold
    {
        Station = "CP-1",
        Transaction = "T-1",
        Phase = phase,
        Sequence = _sequence++,
        Told = at,
        At = SiteUnderTest.At(),
        IdTag = phase is TransactionPhase.Started ? ExampleSite.Card : null,
        Authorization = phase is TransactionPhase.Started ? ExampleSite.Accepted() : null,
        Charging = phase is TransactionPhase.Ended ? null : ChargingPhase.Charging,
        Readings = own is null ? [] : [new(at, own, null, null, "E", context)],
        StopReason = phase is TransactionPhase.Ended ? "Local" : null,
        SiteMeter = site,
    });
}
