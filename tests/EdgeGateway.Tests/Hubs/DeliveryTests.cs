using EdgeGateway.Hubs;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

public sealed class DeliveryTests
{
    [Fact]
    public async Task A_session_reaches_the_hub_and_is_followed_by_its_one_cdr()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var id = await host.ChargeAsync(wh: 7_250);
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id) is not null);
        await host.EmptyAsync();
        Assert.Equal("COMPLETED", (string?)hub.Store.Find("sessions", id)!.Latest["status"]);
        Assert.Equal(7.25m, (decimal)hub.Store.Find("cdrs", id)!.Latest["total_energy"]!);
        Assert.Single(hub.Store.Find("cdrs", id)!.Versions);
        Assert.Empty(hub.Store.Breaches);
        var line = Assert.Single(await host.Store.History.RecentCdrsAsync(10, CancellationToken.None));
        Assert.Equal("delivered", line.Delivery);
        Assert.EndsWith($"/receiver/cdrs/{id}", line.Receipt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_on_disk_before_the_site_has_published_it_is_not_sent_as_it_was_before()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var begun = await host.BeginAsync();
        await host.EmptyAsync();
        host.CommitLag = TimeSpan.FromMilliseconds(300);
        await host.EndAsync(begun, 5000);
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", begun.SessionId) is not null);
        // I6: the simulated hub notes a CDR before its COMPLETED.
        Assert.Empty(hub.Store.Breaches);
    }

    [Fact]
    public async Task Routing_headers_name_the_hub_for_broadcasts_and_leave_sessions_to_it()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 1);
        foreach (var module in new[] { "locations", "tariffs" })
            Assert.Equal("DE-HUB from DE-ABC", RoutingOf(hub, module));
        foreach (var module in new[] { "sessions", "cdrs" })
            Assert.Equal("- from DE-ABC", RoutingOf(hub, module));
        Assert.Equal("- from -", RoutingOf(hub, "credentials"));
    }

    [Fact]
    public async Task With_owner_routing_sessions_and_cdrs_name_the_owner_of_the_token()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub, options: o => o with { Routing = HubRouting.Owner });
        await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 1);
        foreach (var module in new[] { "sessions", "cdrs" })
            Assert.Equal("DE-MSP from DE-ABC", RoutingOf(hub, module));
    }

    [Theory]
    [InlineData(HubFaultKind.StoreThenDrop, false)]
    [InlineData(HubFaultKind.StoreThenDrop, true)]
    [InlineData(HubFaultKind.HalfAnswer, false)]
    [InlineData(HubFaultKind.HalfAnswer, true)]
    public async Task A_cdr_whose_answer_got_lost_is_sent_again_byte_for_byte_and_counts_once(HubFaultKind fault, bool refusesRepeats)
    {
        await using var hub = await HubsHost.HubAsync(o => o with { RefusesRepeatedCdrs = refusesRepeats });
        await using var host = await HubsHost.RegisteredAsync(hub);
        hub.Faults.Inject(new HubFault(fault) { Module = "cdrs", Times = 2 });
        var id = await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id)?.Versions.Count == 3);
        await host.EmptyAsync();
        // I3, I4: the simulated hub notes a breach when bytes differ.
        Assert.Empty(hub.Store.Breaches);
        Assert.Empty(await host.OutboxAsync());
    }

    [Fact]
    public async Task A_cdr_that_was_sent_once_stays_as_it_was_whatever_is_configured_since()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        hub.Faults.Inject(new HubFault(HubFaultKind.StoreThenDrop) { Module = "cdrs" });
        var id = await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id) is not null);
        host.Options = host.Options with { Hubs = [host.Options.Hubs[0] with { Tariffs = new Dictionary<string, string> { ["AC"] = "AC-NEW" } }] };
        var tries = hub.Store.Find("cdrs", id)!.Versions.Count;
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id)!.Versions.Count > tries + 2);
        hub.Faults.Clear();
        await host.EmptyAsync();
        // I4: the simulated hub compares the bytes; and what is pulled is the same again.
        Assert.Empty(hub.Store.Breaches);
        Assert.Equal("AC", (string?)Assert.Single(await hub.PullAsync("cdrs", CancellationToken.None))["tariffs"]![0]!["id"]);
    }

    [Fact]
    public async Task A_cut_between_the_hubs_receipt_and_our_note_of_it_is_no_refusal()
    {
        await using var hub = await HubsHost.HubAsync(o => o with { RefusesRepeatedCdrs = true });
        await using var host = await HubsHost.RegisteredAsync(hub);
        hub.Faults.Inject(new HubFault(HubFaultKind.Slow) { Module = "cdrs", Times = 1, Delay = TimeSpan.FromSeconds(30) });
        var id = await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id) is not null);
        await host.GoDownAsync();
        await host.ComeUpAsync();
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id)!.Versions.Count == 2);
        await host.EmptyAsync();
        Assert.Empty(await host.OutboxAsync());
        Assert.Empty(hub.Store.Breaches);
    }

    [Theory]
    [InlineData(HubFaultKind.InternalError)]
    [InlineData(HubFaultKind.Html)]
    [InlineData(HubFaultKind.ServerError3000)]
    [InlineData(HubFaultKind.TooManyRequests)]
    public async Task What_may_pass_is_tried_again_until_it_does(HubFaultKind fault)
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        hub.Faults.Inject(new HubFault(fault) { Module = "sessions", Times = 3, RetryAfter = TimeSpan.FromMilliseconds(1) });
        var id = await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id) is not null);
        Assert.Empty(hub.Store.Breaches);
        Assert.Equal(HubState.Online, (await host.StatusAsync()).State);
    }

    [Fact]
    public async Task Retry_after_is_kept()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        hub.Faults.Inject(new HubFault(HubFaultKind.TooManyRequests) { Module = "cdrs", Times = 1, RetryAfter = TimeSpan.FromSeconds(2) });
        var id = await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id) is not null);
        var tries = hub.Store.Requests.Where(r => r.Module == "cdrs").ToList();
        Assert.Equal(2, tries.Count);
        Assert.True(tries[1].At - tries[0].At >= TimeSpan.FromSeconds(1.9), $"{tries[1].At - tries[0].At}");
        // T11: a retry is a new request of the same chain.
        Assert.Equal(tries[0].Headers["X-Correlation-ID"], tries[1].Headers["X-Correlation-ID"]);
        Assert.NotEqual(tries[0].Headers["X-Request-ID"], tries[1].Headers["X-Request-ID"]);
    }

    [Fact]
    public async Task A_refusal_for_good_is_set_aside_with_the_hubs_words_and_blocks_nobody()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var first = await host.BeginAsync();
        await host.EmptyAsync();
        hub.Faults.Inject(new HubFault(HubFaultKind.Refuse2001) { Module = "cdrs", Containing = first.SessionId });
        await host.EndAsync(first, 1000);
        var second = await host.ChargeAsync(evse: 2);
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", second) is not null);
        await host.EmptyAsync();
        var refused = Assert.Single(await host.OutboxAsync());
        Assert.Equal((OwedState.Refused, DeliveryKind.Cdr, first.SessionId), (refused.State, refused.Kind, refused.Object));
        Assert.Contains("2001: invalid parameters", refused.LastError, StringComparison.Ordinal);
        Assert.True(await host.RaisedAsync("ObjectSetAside"));
        Assert.Equal(1, (await host.StatusAsync()).DeadLetters);

        // By hand it goes again, and as it was (I11, I4).
        hub.Faults.Clear();
        Assert.True(await host.Store.Outbox.RetryAsync(refused.Id, CancellationToken.None));
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", first.SessionId) is not null);
        Assert.Empty(hub.Store.Breaches);
    }

    [Fact]
    public async Task A_hub_that_refuses_our_token_is_left_alone_alarmed_about_and_taken_up_again()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub, HubsHost.QuickLimits with { SuspendedProbe = TimeSpan.FromSeconds(1) });
        hub.Faults.Inject(HubFaultKind.Unauthorized);
        await host.ChargeAsync(1);
        await host.ChargeAsync(2);
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).State == HubState.Suspended);
        await HubsHost.UntilAsync(() => host.RaisedAsync("HubSuspended"));
        var before = hub.Store.Requests.Count;
        await Task.Delay(2500);
        // Once a second at most, and a question instead of objects.
        var probes = hub.Store.Requests.Skip(before).ToList();
        Assert.InRange(probes.Count, 1, 4);
        Assert.All(probes, r => Assert.Equal("versions", r.Module));
        hub.Faults.Clear();
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 2);
        Assert.Empty(hub.Store.Breaches);
        Assert.Equal(HubState.Online, (await host.StatusAsync()).State);
    }

    [Fact]
    public async Task A_dead_hub_gets_one_probe_at_a_time_and_then_everything_at_once_as_it_now_is()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub, HubsHost.QuickLimits with { RetryCap = TimeSpan.FromSeconds(1) });
        hub.Faults.Inject(HubFaultKind.InternalError);
        List<string> ids = [];
        for (var i = 0; i < 20; i++)
            ids.Add(await host.ChargeAsync(1 + (i % 2), wh: 1000 + i));
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).State == HubState.Offline);
        await Task.Delay(2000);
        var before = hub.Store.Requests.Count;
        await Task.Delay(3000);
        // 20 sessions are owed; at a cap of 1 s a probe comes every 0.25 to 1 s, and no second request beside it (I13).
        Assert.InRange(hub.Store.Requests.Count - before, 1, 13);
        hub.Faults.Clear();
        var up = DateTimeOffset.UtcNow;
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 20);
        Assert.True(DateTimeOffset.UtcNow - up < TimeSpan.FromSeconds(10));
        await host.EmptyAsync();
        Assert.Empty(hub.Store.Breaches);
        // I12: no replay of what they once were.
        Assert.All(ids, id => Assert.Single(hub.Store.Find("sessions", id)!.Versions));
    }

    [Fact]
    public async Task One_object_that_makes_the_hub_stumble_does_not_stop_the_others()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var poison = await host.BeginAsync();
        await host.EmptyAsync();
        hub.Faults.Inject(new HubFault(HubFaultKind.InternalError) { Module = "sessions", Containing = poison.SessionId });
        await host.EndAsync(poison, 1000);
        for (var i = 0; i < 5; i++)
            await host.ChargeAsync(2);
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 5);
        // Its CDR waits for its COMPLETED (P9).
        Assert.Null(hub.Store.Find("cdrs", poison.SessionId));
        hub.Faults.Clear();
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", poison.SessionId) is not null);
        Assert.Empty(hub.Store.Breaches);
    }

    [Theory]
    [InlineData(HubFaultKind.Html)]
    [InlineData(HubFaultKind.TooManyRequests)]
    [InlineData(HubFaultKind.Hang)]
    public async Task A_module_that_the_hub_stumbles_over_keeps_no_cdr_from_it_and_no_hammer_on_it(HubFaultKind fault)
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub, HubsHost.QuickLimits with { CallTimeout = TimeSpan.FromMilliseconds(500) });
        hub.Faults.Inject(new HubFault(fault) { Module = "tariffs", RetryAfter = TimeSpan.FromMilliseconds(1) });
        await host.Engine.RequestAsync(
            new Configure(host.Engine.State.Configuration with { Tariffs = [ExampleSite.EnergyTariff("AC", 0.59m)] }), CancellationToken.None);
        var id = await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id) is not null);
        Assert.True(hub.Store.Requests.Count(r => r.Module == "tariffs" && r.Fault == fault) >= Owed.TriesBeforeOthers);
        var before = hub.Store.Requests.Count;
        await Task.Delay(2000);
        // At a cap of 0.4 s: a probe and a trial at most every 0.1 s (I13).
        Assert.InRange(hub.Store.Requests.Count - before, 1, 40);
        hub.Faults.Clear();
        await HubsHost.UntilAsync(() => PriceAtHub(hub) == 0.59m);
        Assert.Empty(hub.Store.Breaches);
    }

    [Fact]
    public async Task A_hub_that_is_away_from_the_file_is_left_alone_and_its_debts_are_kept()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var options = host.Options;
        host.Options = options with { Hubs = [] };
        var before = hub.Store.Requests.Count;
        var id = await host.ChargeAsync();
        await Task.Delay(500);
        Assert.Equal(before, hub.Store.Requests.Count);
        Assert.Equal(401, (await hub.CallAsync(HttpMethod.Get, "locations", "SENDER", "", null, CancellationToken.None)).HttpStatus);
        host.Options = options;
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id) is not null);
        Assert.Empty(hub.Store.Breaches);
    }

    [Fact]
    public async Task A_new_hub_hears_of_the_place_before_the_sessions_that_have_long_been_waiting()
    {
        await using var old = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(old);
        Assert.True((await host.Operations.UnregisterAsync(ExampleSite.Hub, CancellationToken.None)).Done);
        var id = await host.ChargeAsync();
        await using var fresh = await HubsHost.HubAsync(o => o with { RegistrationToken = "token-A2" });
        // Transient trouble with the location does not let sessions overtake it either.
        fresh.Faults.Inject(new HubFault(HubFaultKind.InternalError) { Module = "locations", Times = 2 });
        host.Options = host.Options with { Hubs = [HubsHost.OptionsOf(fresh) with { RegistrationToken = "token-A2" }] };
        await HubsHost.UntilAsync(() => fresh.Store.Find("cdrs", id) is not null);
        // P9: the simulated hub notes a breach when it hears of a session at a place that it does not know.
        Assert.Empty(fresh.Store.Breaches);
    }

    [Fact]
    public async Task A_sites_own_contract_card_is_never_routed_to_ourselves()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub, options: o => o with { Routing = HubRouting.Owner });
        var card = host.Engine.State.Configuration.LocalTokens[0];
        await host.ChargeAsync(tag: card.Uid, authorization: new() { Status = AuthorizationStatus.Accepted, Token = card });
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 1);
        Assert.Equal("- from DE-ABC", RoutingOf(hub, "cdrs"));
    }

    [Fact]
    public async Task A_change_of_status_is_a_patch_and_where_the_hub_does_not_know_the_evse_a_put()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        await host.Engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        await ShowAsync(host, ConnectorState.Available);
        await HubsHost.UntilAsync(() => StatusAtHub(hub) == "AVAILABLE");
        await host.EmptyAsync();
        Assert.Contains(hub.Store.Requests, r => r is { Module: "locations", Method: "PATCH", Subject: "DE/ABC/BER01/CP-1-1" });

        hub.Faults.Inject(new HubFault(HubFaultKind.Refuse2001) { Module = "locations", Method = "PATCH", Times = 1 });
        await ShowAsync(host, ConnectorState.Faulted);
        await HubsHost.UntilAsync(() => StatusAtHub(hub) == "OUTOFORDER");
        Assert.Contains(hub.Store.Requests, r => r is { Module: "locations", Method: "PUT", Subject: "DE/ABC/BER01/CP-1-1" });
        await host.EmptyAsync();
        Assert.Empty(await host.OutboxAsync());
        Assert.Empty(hub.Store.Breaches);
    }

    [Fact]
    public async Task A_hub_without_receivers_is_owed_nothing()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        await host.Link.ChangeAsync(r => r with { Endpoints = [.. r.Endpoints.Where(e => e.Receiver is not true)] }, CancellationToken.None);
        var id = await host.ChargeAsync();
        await host.EmptyAsync();
        Assert.Empty(await host.OutboxAsync());
        // It pulls (V4).
        Assert.Null(hub.Store.Find("cdrs", id));
        Assert.Equal(id, (string?)Assert.Single(await hub.PullAsync("cdrs", CancellationToken.None))["id"]);
    }

    [Fact]
    public async Task An_endpoint_that_moved_is_found_again()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        await host.Link.ChangeAsync(
            r => r with { Endpoints = [.. r.Endpoints.Select(e => e with { Url = e.Url.Replace("/receiver/", "/formerly/", StringComparison.Ordinal) })] }, CancellationToken.None);
        var id = await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", id) is not null);
        await host.EmptyAsync();
        Assert.Empty(await host.OutboxAsync());
    }

    [Fact]
    public async Task A_session_that_no_hub_could_take_is_set_aside_and_never_sent_wrong()
    {
        await using var hub = await HubsHost.HubAsync();
        var site = ExampleSite.Create();
        var nameless = site.Stations[0].Evses[0] with { EvseId = null };
        site = site with { Stations = [site.Stations[0] with { Evses = [nameless, site.Stations[0].Evses[1]] }] };
        await using var host = await HubsHost.RegisteredAsync(hub, site: site);
        var id = await host.ChargeAsync();
        await HubsHost.UntilAsync(async () => (await host.OutboxAsync()).Any(e => e.State == OwedState.Refused));
        Assert.Contains("EvseId", Assert.Single(await host.OutboxAsync()).LastError, StringComparison.Ordinal);
        Assert.Null(hub.Store.Find("cdrs", id));
    }

    [Fact]
    public async Task New_prices_reach_the_hub_and_a_tariff_that_is_gone_is_taken_back()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var configuration = host.Engine.State.Configuration;
        await host.Engine.RequestAsync(new Configure(configuration with { Tariffs = [ExampleSite.EnergyTariff("AC", 0.59m), ExampleSite.EnergyTariff("DC", 0.79m)] }), CancellationToken.None);
        await HubsHost.UntilAsync(() => hub.Store.Find("tariffs", "DC") is not null && PriceAtHub(hub) == 0.59m);
        await host.Engine.RequestAsync(new Configure(configuration), CancellationToken.None);
        await HubsHost.UntilAsync(() => hub.Store.Find("tariffs", "DC") is null && PriceAtHub(hub) == 0.49m);
        await host.Engine.RequestAsync(new Configure(configuration with { Tariffs = [.. configuration.Tariffs, ExampleSite.EnergyTariff("DC", 0.79m)] }), CancellationToken.None);
        await HubsHost.UntilAsync(() => hub.Store.Find("tariffs", "DC") is not null);
        Assert.Empty(hub.Store.Breaches);
    }

    [Fact]
    public async Task An_evse_that_is_taken_away_is_shown_as_removed_for_ever_and_never_vanishes()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var both = host.Engine.State.Configuration;
        var one = both with { Stations = [both.Stations[0]] };
        await host.Engine.RequestAsync(new Configure(one), CancellationToken.None);
        await HubsHost.UntilAsync(() => StatusAtHub(hub, "CP-2-1") == "REMOVED" && StatusAtHub(hub, "CP-2-2") == "REMOVED");
        Assert.NotEqual("REMOVED", StatusAtHub(hub));
        var removed = (await hub.CallAsync(HttpMethod.Get, "locations", "SENDER", "/BER01/CP-2-1", null, CancellationToken.None)).Body;
        Assert.Contains("\"status\":\"REMOVED\"", System.Text.Encoding.UTF8.GetString(removed), StringComparison.Ordinal);
        // After a restart, with the file as it now is, it is still there (LO2).
        var before = hub.Store.Requests.Count;
        host.Site = one;
        await host.GoDownAsync();
        await host.ComeUpAsync();
        await HubsHost.UntilAsync(() => hub.IsUp && host.Link.Record.IsPartner);
        var evses = (await hub.PullAsync("locations", CancellationToken.None))[0]["evses"]!.AsArray();
        Assert.Equal(4, evses.Count);
        Assert.Equal("REMOVED", (string?)evses.First(e => (string?)e!["uid"] == "CP-2-1")!["status"]);
        await host.EmptyAsync();
        Assert.DoesNotContain(hub.Store.Requests.Skip(before), r => r is { Module: "locations", Method: "PUT" });
        // Put back, it is itself again.
        await host.Engine.RequestAsync(new Configure(both), CancellationToken.None);
        await HubsHost.UntilAsync(() => StatusAtHub(hub, "CP-2-1") == "UNKNOWN");
        Assert.Empty(hub.Store.Breaches);
    }

    private static Task<Recorded> ShowAsync(HubsHost host, ConnectorState state) => host.Engine.ReportAsync(
        new ConnectorReported(new("CP-1", 1, 1), state, "NoError", null, null, DateTimeOffset.UtcNow), CancellationToken.None);

    private static string? StatusAtHub(SimulatedHub hub, string evse = "CP-1-1") => (string?)hub.Store.Find("locations", "BER01")!.Latest["evses"]!.AsArray()
        .FirstOrDefault(e => (string?)e!["uid"] == evse)?["status"];

    private static decimal PriceAtHub(SimulatedHub hub) =>
        (decimal)hub.Store.Find("tariffs", "AC")!.Latest["elements"]![0]!["price_components"]![0]!["price"]!;

    private static string RoutingOf(SimulatedHub hub, string module)
    {
        var headers = hub.Store.Requests.First(r => r.Module == module && r.Method != "GET").Headers;
        return $"{Party("to")} from {Party("from")}";

        string Party(string which) => headers.TryGetValue($"OCPI-{which}-country-code", out var country) ? $"{country}-{headers[$"OCPI-{which}-party-id"]}" : "-";
    }
}
