using System.Text.Json;
using EdgeGateway.Chargers;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Tests.Fixtures;
using EdgeGateway.Tests.Site;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Tests.Chargers;

/// <summary>Which moment the site's meter is asked for when a charger says something.</summary>
public sealed class MeterLookupTests
{
    private static readonly Position At = new("CP-1", 1, 1);
    private readonly ManualClock _clock = new();
    private readonly MemoryJournal _journal = new();
    private readonly ScriptedMeters _meters = new((at, _) => new(MeteredPlace.Meter, at, 1_000));
    private Func<DateTimeOffset, MeterMoment, MeterSample?>? _shown;

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public async Task Where_the_site_has_no_meter_nobody_is_asked()
    {
        var lookup = Lookup();
        Assert.Null(await lookup.AtAsync(At with { Evse = 2 }, Now, MeterMoment.Start, null, default));
        Assert.Null(await lookup.AtAsync(new("CP-1", 0, 0), Now, MeterMoment.Start, null, default));
        Assert.Null(await new MeterLookup(Engine(), _clock).AtAsync(At, Now, MeterMoment.Start, null, default));
        Assert.Empty(_meters.Asked);
    }

    [Theory]
    [InlineData(-60, null, 0)] // live: its clock may be off
    [InlineData(-60, -120, 0)]
    [InlineData(-3600, -120, -3600)] // older than the line: from its queue
    [InlineData(+30, -120, 0)]
    [InlineData(null, -120, 0)]
    [InlineData(-900_000_000, -120, 0)] // 1970 or so is no time at all
    public async Task What_happens_now_is_read_now_and_what_comes_from_a_queue_is_looked_up(int? toldAgo, int? openedAgo, int asked)
    {
        DateTimeOffset? Then(int? seconds) => seconds is { } s ? Now.AddSeconds(s) : null;
        var sample = await Lookup().AtAsync(At, Then(toldAgo), MeterMoment.Within, Then(openedAgo), default);
        Assert.Equal(Then(asked), sample!.At);
        Assert.Equal(("CP-1", 1, Now.AddSeconds(asked), MeterMoment.Within), Assert.Single(_meters.Asked));
    }

    [Fact]
    public async Task A_clock_that_is_known_to_be_wrong_is_righted_first()
    {
        // FIELD-NOTES 11
        _journal.Stations["CP-1"] = new() { Id = "CP-1", ClockOffset = TimeSpan.FromHours(7) };
        var sample = await Lookup().AtAsync(At, Now.AddHours(-8), MeterMoment.End, Now.AddMinutes(-2), default);
        Assert.Equal(Now.AddHours(-1), sample!.At);
    }

    [Fact]
    public async Task A_charger_waits_for_no_meter_for_long()
    {
        var never = new TaskCompletionSource();
        _meters.Until = never.Task;
        var waiting = Lookup().AtAsync(At, Now, MeterMoment.Start, null, default).AsTask();
        Assert.False(waiting.IsCompleted);
        _clock.Advance(MeterLookup.Patience);
        Assert.Null(await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        never.SetResult();
    }

    [Fact]
    public async Task A_serial_number_comes_with_the_sample()
    {
        _meters.Newest = [new() { Meter = MeteredPlace.Meter, Role = MeterRole.Station, Quality = MeterQuality.Good, Serial = "17" }];
        Assert.Equal("17", (await Lookup().AtAsync(At, Now, MeterMoment.Start, null, default))!.Serial);
    }

    [Fact]
    public async Task One_session_begins_with_no_less_than_the_one_before_it_ended_with()
    {
        // I5: of the past only a value a minute is known.
        var (before, after) = (Now.AddMinutes(-10), Now.AddMinutes(-9));
        _shown = (_, moment) => moment is MeterMoment.End ? new(MeteredPlace.Meter, after, 1_200) : new(MeteredPlace.Meter, before, 1_000);
        var lookup = Lookup();
        var opened = Now;
        Assert.Equal(1_200, (await lookup.AtAsync(At, before.AddSeconds(20), MeterMoment.End, opened, default))!.EnergyWh);
        Assert.Equal(1_200, (await lookup.AtAsync(At, before.AddSeconds(40), MeterMoment.Start, opened, default))!.EnergyWh);
        Assert.Equal(1_000, (await lookup.AtAsync(At, before.AddSeconds(10), MeterMoment.Start, opened, default))!.EnergyWh);
        _shown = (at, _) => new(MeteredPlace.Meter, at, 7); // exchanged, or begun anew
        Assert.Equal(7, (await lookup.AtAsync(At, Now, MeterMoment.Start, null, default))!.EnergyWh);
    }

    [Theory]
    [InlineData("ocpp1.6")]
    [InlineData("ocpp2.0.1")]
    [InlineData("ocpp2.1")]
    public async Task Whatever_a_charger_without_a_meter_says_it_is_billed_by_the_sites(string protocol)
    {
        var wh = 50_000L;
        var meters = new ScriptedMeters((at, _) => new(MeteredPlace.Meter, at, Interlocked.Read(ref wh), "S-1"));
        await using var host = await ChargersHost.StartAsync(
            o => o with { QuietSeconds = protocol == "ocpp1.6" ? 3600 : 0, MeterValueSeconds = 0 }, site: c => MeteredPlace.With(c, MeterUse.Auto), services: s => s.AddSingleton<ISiteMeters>(meters));
        host.Documents.All["charger/cp-1/learned-2"] = """{"noTriggers":true,"reportDone":true}""";
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = [protocol]);
        string Time() => JsonSerializer.Serialize(DateTimeOffset.UtcNow);
        int number;
        if (protocol == "ocpp1.6")
        {
            number = (await charger.CallAsync("1", "StartTransaction", $$"""{"connectorId":1,"idTag":"04A2B3C4","meterStart":0,"timestamp":{{Time()}}}""")).GetProperty("transactionId").GetInt32();
            Interlocked.Exchange(ref wh, 51_000);
            await charger.CallAsync("2", "MeterValues", $$"""{"connectorId":1,"transactionId":{{number}},"meterValue":[{"timestamp":{{Time()}},"sampledValue":[{"value":"7000","measurand":"Power.Active.Import"}]}]}""");
            Assert.Equal(1_000, host.Journal.Sessions[number].EnergyWh);
            Interlocked.Exchange(ref wh, 53_000);
            await charger.CallAsync("3", "StopTransaction", $$"""{"transactionId":{{number}},"meterStop":0,"timestamp":{{Time()}}}""");
        }
        else
        {
            await charger.CallAsync("1", "TransactionEvent", $$"""{"eventType":"Started","seqNo":0,"triggerReason":"Authorized","timestamp":{{Time()}},"evse":{"id":1,"connectorId":1},"idToken":{"idToken":"04A2B3C4","type":"ISO14443"},"transactionInfo":{"transactionId":"T-1","chargingState":"Charging"} }""");
            number = host.Journal.Sessions.Keys.Single();
            Interlocked.Exchange(ref wh, 51_000);
            await charger.CallAsync("2", "MeterValues", $$"""{"evseId":1,"meterValue":[{"timestamp":{{Time()}},"sampledValue":[{"value":7000,"measurand":"Power.Active.Import"}]}]}""");
            Assert.Equal(1_000, host.Journal.Sessions[number].EnergyWh);
            Interlocked.Exchange(ref wh, 53_000);
            await charger.CallAsync("3", "TransactionEvent", $$"""{"eventType":"Ended","seqNo":1,"triggerReason":"EVDeparted","timestamp":{{Time()}},"transactionInfo":{"transactionId":"T-1"} }""");
        }
        var session = Assert.Single(host.Journal.Cdrs.Values).Session;
        Assert.Equal((3_000L, MeteredPlace.Meter, "S-1"), (session.EnergyWh, session.CountedBy, session.MeterId));
        Assert.Equal([MeterMoment.Start, MeterMoment.Within, MeterMoment.End], meters.Asked.Select(a => a.Moment));
    }

    private MeterLookup Lookup() => new(Engine(), _clock, _shown is null ? _meters : new ScriptedMeters((at, moment) => _shown(at, moment)));

    private SiteEngine Engine() => new(SiteState.Restore(MeteredPlace.With(ExampleSite.Create(), MeterUse.Auto), _journal.Load()), _journal, _clock);
}
