using System.Text.Json;
using EdgeGateway.Hubs;
using EdgeGateway.Hubs.Registering;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

public sealed class RegistrationTests
{
    [Fact]
    public async Task A_token_in_the_configuration_is_all_that_a_registration_takes()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var status = await host.StatusAsync();
        Assert.Equal(HubState.Online, status.State);
        Assert.Equal("2.2.1", status.Version);
        Assert.Equal("HUB", Assert.Single(status.Parties).Role);
        Assert.Empty(hub.Store.Breaches);
        // The call-back during our POST came with token B and was let in.
        Assert.Contains(hub.Heard, a => a.Module == "versions" && a.HttpStatus == 200);
        Assert.Single(hub.Store.Requests, r => r.Module == "credentials");
    }

    [Fact]
    public async Task After_a_restart_nobody_registers_again()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        await host.GoDownAsync();
        await host.ComeUpAsync();
        await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 1);
        Assert.Single(hub.Store.Requests, r => r.Module == "credentials");
        Assert.NotEmpty(await hub.PullAsync("locations", CancellationToken.None));
    }

    [Fact]
    public async Task A_hub_that_is_away_at_first_is_registered_with_when_it_comes()
    {
        await using var hub = await HubsHost.HubAsync();
        await hub.GoDownAsync();
        await using var host = await HubsHost.StartAsync(HubsHost.OptionsOf(hub));
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).LastError is not null);
        Assert.Equal(HubState.Unregistered, (await host.StatusAsync()).State);
        await hub.ComeUpAsync(CancellationToken.None);
        await HubsHost.UntilAsync(() => hub.Store.Locations.Count == 1);
    }

    [Fact]
    public async Task A_hub_that_takes_tokens_unencoded_is_found_out_and_remembered()
    {
        await using var hub = await HubsHost.HubAsync(o => o with { PlainTokens = true });
        await using var host = await HubsHost.RegisteredAsync(hub);
        await host.GoDownAsync();
        await host.ComeUpAsync();
        await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 1);
        // One versions call was refused, the very first (T2).
        Assert.Single(hub.Store.Requests, r => r.HttpStatus == 401);
    }

    [Fact]
    public async Task A_post_whose_answer_got_lost_is_told_plainly_and_mended_by_a_new_token()
    {
        await using var hub = await HubsHost.HubAsync();
        hub.Faults.Inject(new HubFault(HubFaultKind.StoreThenDrop) { Module = "credentials", Times = 1 });
        await using var host = await HubsHost.StartAsync(HubsHost.OptionsOf(hub));
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).LastError?.Contains("401", StringComparison.Ordinal) is true);
        Assert.Contains("ask it to reset the registration", (await host.StatusAsync()).LastError, StringComparison.Ordinal); // C6
        Assert.Equal(HubState.Unregistered, (await host.StatusAsync()).State);

        hub.ResetRegistration("token-A2");
        var answer = await host.Operations.RegisterAsync(ExampleSite.Hub, "token-A2", CancellationToken.None);
        Assert.True(answer.Done, answer.Text);
        await HubsHost.UntilAsync(() => hub.Store.Locations.Count == 1);
        Assert.Equal(HubState.Online, (await host.StatusAsync()).State);
    }

    [Theory]
    [InlineData(HubFaultKind.InternalError)]
    [InlineData(HubFaultKind.Html)]
    [InlineData(HubFaultKind.ServerError3000)]
    public async Task A_post_that_fails_is_repeated_with_the_same_token_until_it_works(HubFaultKind fault)
    {
        await using var hub = await HubsHost.HubAsync();
        hub.Faults.Inject(new HubFault(fault) { Module = "credentials", Times = 3 });
        await using var host = await HubsHost.RegisteredAsync(hub);
        Assert.Equal(4, hub.Store.Requests.Count(r => r.Module == "credentials"));
        Assert.Equal(HubState.Online, (await host.StatusAsync()).State);
        // The offers of the attempts that failed are no way in any more once the right one is used.
        await host.CallAsync(HttpMethod.Get, "/versions", null);
        await hub.PullAsync("locations", CancellationToken.None);
        await HubsHost.UntilAsync(() => host.Link.Record.InboundTokens.Count == 1);
    }

    [Fact]
    public async Task No_common_version_is_found_out_before_anything_is_posted()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.StartAsync(HubsHost.OptionsOf(hub) with { Versions = ["2.1.1"] });
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).LastError?.Contains("no common version", StringComparison.Ordinal) is true);
        Assert.DoesNotContain(hub.Store.Requests, r => r.Module == "credentials");
        Assert.Empty(host.Link.Record.InboundTokens);
    }

    [Fact]
    public async Task Plain_http_off_loopback_is_refused_before_a_token_leaves()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.StartAsync(HubsHost.OptionsOf(hub) with { VersionsUrl = "http://hub.example/ocpi/versions" });
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).LastError?.Contains("loopback", StringComparison.Ordinal) is true);
    }

    // Crash points: the record as a cut would have left it; the start alone must mend it (C7).

    [Fact]
    public async Task A_cut_before_the_post_is_mended_by_the_next_start()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.StartAsync(HubsHost.OptionsOf(hub), before: h => WriteAsync(h, new()
        {
            Pending = new(HandshakeStep.Post, null, DateTimeOffset.UtcNow),
            InboundTokens = [new(new string('A', 64), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddHours(1), Offered: true)],
        }));
        await HubsHost.UntilAsync(() => hub.Store.Locations.Count == 1);
        Assert.Null(host.Link.Record.Pending);
    }

    [Fact]
    public async Task A_token_that_came_by_hand_survives_a_cut_until_it_has_done_its_work()
    {
        await using var hub = await HubsHost.HubAsync();
        var options = HubsHost.OptionsOf(hub) with { RegistrationToken = null };
        await using var host = await HubsHost.StartAsync(options, before: h => WriteAsync(h, new()
        {
            Pending = new(HandshakeStep.Post, HubsHost.TokenA, DateTimeOffset.UtcNow),
        }));
        await HubsHost.UntilAsync(() => hub.Store.Locations.Count == 1);
        Assert.DoesNotContain(HubsHost.TokenA, await host.Store.Documents.ReadAsync("hub/hub", CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_between_registration_and_welcome_loses_no_location()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var record = host.Link.Record;
        await host.GoDownAsync();
        var before = hub.Store.Requests.Count;
        await host.ComeUpAsync(h => WriteAsync(h, record with { Welcomed = false }));
        await HubsHost.UntilAsync(() => hub.Store.Requests.Skip(before).Any(r => r is { Module: "locations", Method: "PUT" }));
        await HubsHost.UntilAsync(() => host.Link.Record.Welcomed);
    }

    [Fact]
    public async Task A_cut_during_an_update_is_mended_by_putting_again_and_locks_nobody_out()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var record = host.Link.Record;
        await host.GoDownAsync();
        await host.ComeUpAsync(h => WriteAsync(h, record with { Pending = new(HandshakeStep.Put, null, DateTimeOffset.UtcNow) }));
        await HubsHost.UntilAsync(() => hub.Store.Requests.Any(r => r is { Module: "credentials", Method: "PUT", OcpiStatus: 1000 }));
        await HubsHost.UntilAsync(() => host.Link.Record.Pending is null);
        Assert.NotEqual(record.OutboundToken, host.Link.Record.OutboundToken);
        await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 1);
        Assert.NotEmpty(await hub.PullAsync("cdrs", CancellationToken.None));
    }

    [Fact]
    public async Task An_update_whose_answer_got_lost_goes_on_with_the_tokens_that_are_left()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        hub.Faults.Inject(new HubFault(HubFaultKind.StoreThenDrop) { Module = "credentials", Times = 1 });
        await host.Operations.UpdateAsync(ExampleSite.Hub, CancellationToken.None);
        // The hub has our new token and gave a new one that never arrived: the old one of each side still works (C5).
        await HubsHost.UntilAsync(() => hub.Store.Requests.Count(r => r is { Module: "credentials", Method: "PUT" }) >= 2);
        await HubsHost.UntilAsync(() => host.Link.Record.Pending is null);
        Assert.NotEmpty(await hub.PullAsync("locations", CancellationToken.None));
        await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 1);
    }

    [Fact]
    public async Task A_token_that_was_only_offered_stays_valid_once_the_hub_does_business_with_it()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        // As after a PUT whose answer never came and which the hub then refused to repeat: it has the new token, we keep it for a day only.
        var now = DateTimeOffset.UtcNow;
        await host.Link.ChangeAsync(
            r => r with { InboundTokens = [.. r.InboundTokens, new(InboundTokens.DigestOf("offered"), now, now.AddHours(24), Offered: true)] }, CancellationToken.None);
        Assert.Equal(200, (await host.CallAsync(HttpMethod.Get, "/versions", "offered")).Status);
        await Task.Delay(200);
        Assert.Contains(host.Link.Record.InboundTokens, t => t.Offered);
        Assert.Equal(200, (await host.CallAsync(HttpMethod.Get, "/2.2.1/locations", "offered")).Status);
        await HubsHost.UntilAsync(() => host.Link.Record.InboundTokens.Any(t => t.Digest == InboundTokens.DigestOf("offered") && t.Until is null));
        // Next use: the one before is no way in any more (C5).
        Assert.Equal(200, (await host.CallAsync(HttpMethod.Get, "/2.2.1/locations", "offered")).Status);
        await HubsHost.UntilAsync(() => host.Link.Record.InboundTokens.Count == 1);
    }

    [Theory]
    [InlineData("http://hub.example/ocpi/2.2.1", "loopback")]
    [InlineData("https://10.1.2.3/ocpi/2.2.1", "AllowedHosts")]
    [InlineData("https://localhost/ocpi/2.2.1", "AllowedHosts")]
    public async Task Our_token_follows_no_url_of_the_hub_into_the_clear_or_into_our_own_network(string elsewhere, string because)
    {
        var details = "";
        await using var hub = await LoopbackHttp.StartAsync(context => LoopbackHttp.Text(
            context.Request.Path == "/versions"
                ? $$"""{"data":[{"version":"2.2.1","url":"{{details}}"}],"status_code":1000,"timestamp":"2026-03-02T08:00:00Z"}"""
                : $$"""{"data":{"version":"2.2.1","endpoints":[{"identifier":"credentials","role":"SENDER","url":"{{elsewhere}}/credentials"}]},"status_code":1000,"timestamp":"2026-03-02T08:00:00Z"}""")(context));
        foreach (var first in new[] { elsewhere, $"{hub.Url}/2.2.1" })
        {
            details = first;
            await using var host = await HubsHost.StartAsync(
                new() { Name = ExampleSite.Hub, VersionsUrl = $"{hub.Url}/versions", RegistrationToken = HubsHost.TokenA, Versions = ["2.2.1"] });
            await HubsHost.UntilAsync(async () => (await host.StatusAsync()).LastError?.Contains(because, StringComparison.Ordinal) is true);
            Assert.Null(host.Link.Record.OutboundToken);
        }
    }

    [Fact]
    public async Task A_damaged_record_of_a_hub_keeps_nobody_from_starting()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.StartAsync(
            HubsHost.OptionsOf(hub), before: h => h.Store.Documents.WriteAsync("hub/hub", "{\"OutboundToken\":\"x\",", CancellationToken.None));
        await HubsHost.UntilAsync(() => hub.Store.Locations.Count == 1);
    }

    [Fact]
    public async Task How_the_hub_wants_its_token_written_can_be_set_without_a_new_registration()
    {
        await using var hub = await HubsHost.HubAsync(o => o with { PlainTokens = true });
        await using var host = await HubsHost.RegisteredAsync(hub);
        await host.Link.ChangeAsync(r => r with { Encoding = EdgeGateway.Protocols.Ocpi.Http.TokenEncoding.Base64 }, CancellationToken.None);
        host.Options = host.Options with { Hubs = [HubsHost.OptionsOf(hub) with { TokenEncoding = HubTokenEncoding.Plain }] };
        await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 1);
    }

    [Fact]
    public async Task Unregistering_ends_both_tokens_and_keeps_what_is_owed()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        Assert.True((await host.Operations.UnregisterAsync(ExampleSite.Hub, CancellationToken.None)).Done);
        Assert.False(hub.IsRegistered);
        Assert.Empty(host.Link.Record.InboundTokens);
        var session = await host.ChargeAsync();
        var status = await host.StatusAsync();
        Assert.Equal(HubState.Unregistered, status.State);
        Assert.True(status.Backlog > 0);
        // The token has done its work: nobody registers by himself again (PRODUCT §3).
        Assert.False((await host.Operations.RegisterAsync(ExampleSite.Hub, null, CancellationToken.None)).Done);

        hub.ResetRegistration("token-A2");
        Assert.True((await host.Operations.RegisterAsync(ExampleSite.Hub, "token-A2", CancellationToken.None)).Done);
        await HubsHost.UntilAsync(() => hub.Store.Find("cdrs", session) is not null);
    }

    [Fact]
    public async Task A_cut_during_unregistering_is_mended_by_the_next_start()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        var record = host.Link.Record;
        await host.GoDownAsync();
        await host.ComeUpAsync(h => WriteAsync(h, record with { Pending = new(HandshakeStep.Delete, null, DateTimeOffset.UtcNow) }));
        await HubsHost.UntilAsync(() => !hub.IsRegistered);
        await HubsHost.UntilAsync(() => host.Link.Record.OutboundToken is null);
    }

    [Fact]
    public async Task A_hub_that_is_silent_when_we_leave_is_told_of_and_can_be_forgotten_by_hand()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        await host.ChargeAsync();
        var token = await host.AdmitAsync();
        await hub.GoDownAsync();
        var answer = await host.Operations.UnregisterAsync(ExampleSite.Hub, CancellationToken.None);
        Assert.False(answer.Done);
        Assert.StartsWith("Delete since", (await host.StatusAsync()).PendingHandshake, StringComparison.Ordinal);
        Assert.Contains("tried again", (await host.StatusAsync()).LastError, StringComparison.Ordinal);
        Assert.True((await host.Operations.UnregisterAsync(ExampleSite.Hub, CancellationToken.None, force: true)).Done);
        var status = await host.StatusAsync();
        Assert.Equal((HubState.Unregistered, null, null), (status.State, status.PendingHandshake, status.LastError));
        Assert.Equal(401, (await host.CallAsync(HttpMethod.Get, "/versions", token)).Status);
    }

    [Fact]
    public async Task A_process_that_dies_between_the_hubs_answer_and_its_own_note_of_it_locks_nobody_out()
    {
        await using var hub = await HubsHost.HubAsync();
        var patient = TimeSpan.FromMinutes(1);
        await using var host = await HubsHost.RegisteredAsync(hub, HubsHost.QuickLimits with { RetryFirst = patient, RetryCap = patient, RegistrationCap = patient });
        // The hub has our new token and gave one that we never wrote down; the step is on disk, and so is what was offered (C5).
        hub.Faults.Inject(new HubFault(HubFaultKind.StoreThenDrop) { Module = "credentials", Times = 1 });
        Assert.True((await host.Operations.UpdateAsync(ExampleSite.Hub, CancellationToken.None)).MayPass);
        await host.GoDownAsync();
        await host.ComeUpAsync();
        await HubsHost.UntilAsync(() => host.Link.Record.Pending is null);
        Assert.NotEmpty(await hub.PullAsync("locations", CancellationToken.None));
        await host.ChargeAsync();
        await HubsHost.UntilAsync(() => hub.Store.Cdrs.Count == 1);
        Assert.Equal(HubState.Online, (await host.StatusAsync()).State);
    }

    [Fact]
    public async Task No_token_is_ever_written_to_the_log()
    {
        await using var hub = await HubsHost.HubAsync();
        await using var host = await HubsHost.RegisteredAsync(hub);
        await host.Operations.UpdateAsync(ExampleSite.Hub, CancellationToken.None);
        await host.ChargeAsync();
        await host.EmptyAsync();
        var outbound = host.Link.Record.OutboundToken!;
        Assert.NotEmpty(host.Log.Lines);
        Assert.DoesNotContain(host.Log.Lines, l => l.Contains(outbound, StringComparison.Ordinal) || l.Contains(HubsHost.TokenA, StringComparison.Ordinal));
        // Ours lie in the file as digests only.
        Assert.All(host.Link.Record.InboundTokens, t => Assert.Equal(64, t.Digest.Length));
    }

    private static Task WriteAsync(HubsHost host, HubRecord record) =>
        host.Store.Documents.WriteAsync("hub/hub", JsonSerializer.Serialize(record, HubJsonContext.Default.HubRecord), CancellationToken.None);
}
