using System.Text.Json.Nodes;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

/// <summary>Which version is spoken with a hub, and what happens to everything when that changes (V2, C3).</summary>
public sealed class ReRegistrationTests
{
    [Fact]
    public async Task Versions_that_are_not_ours_tempt_nobody_and_a_hub_is_offered_its_own_only()
    {
        await using var hub = await OddHub.StartAsync();
        await using var host = await HubsHost.StartAsync(hub.Options with { Versions = ["2.2", "2.0", "9.9", "2.2.1"] });
        await HubsHost.UntilAsync(() => hub.Of("PUT", "locations").Count > 0);
        Assert.Equal("2.2.1", (await host.StatusAsync()).Version);
        Assert.All(hub.Requests, r => Assert.True(r.RawTarget.StartsWith("/versions", StringComparison.Ordinal) || r.RawTarget.StartsWith("/2.2.1", StringComparison.Ordinal), r.RawTarget));
        var token = await host.AdmitAsync();
        var offered = Assert.Single((await host.CallAsync(HttpMethod.Get, "/versions", token)).Data!.AsArray());
        Assert.Equal("2.2.1", (string?)offered!["version"]);
        Assert.Equal(404, (await host.CallAsync(HttpMethod.Get, "/2.3.0", token)).Status);
        Assert.Equal(404, (await host.CallAsync(HttpMethod.Get, "/2.2/locations", token)).Status);
    }

    [Fact]
    public async Task The_order_of_the_configuration_decides_among_those_that_both_have()
    {
        await using var hub = await OddHub.StartAsync();
        hub.Odd = context => context.Request.Path == "/versions"
            ? OddHub.Envelope(1000, data: new JsonArray([.. new[] { "2.2.1", "2.3.0" }.Select(v => new JsonObject { ["version"] = v, ["url"] = $"{hub.Url}/{v}" })]).ToJsonString())
            : null;
        await using var host = await HubsHost.StartAsync(hub.Options with { Versions = ["2.2.1", "2.3.0"] });
        await HubsHost.UntilAsync(async () => (await host.StatusAsync()).Version == "2.2.1");
        hub.Version = "2.3.0";
        host.Options = host.Options with { Hubs = [hub.Options with { Versions = ["2.3.0", "2.2.1"] }] };
        Assert.True((await host.Operations.UpdateAsync(ExampleSite.Hub, CancellationToken.None)).Done);
        Assert.Equal("2.3.0", (await host.StatusAsync()).Version);
    }

    [Theory]
    [InlineData("2.3.0", "before_taxes")]
    [InlineData("2.1.1", "stop_date_time")]
    public async Task What_waits_when_a_hub_registers_anew_goes_in_the_new_version_and_what_it_has_stays_as_it_is(string version, string word)
    {
        Assert.SkipUnless(HubDialects.Spoken.Contains(OcpiVersions.Parse(version)!.Value), $"{version} is not spoken");
        await using var hub = await OddHub.StartAsync();
        await using var host = await HubsHost.StartAsync(hub.Options);
        await HubsHost.UntilAsync(() => hub.Of("PUT", "locations").Count > 0);
        var delivered = await host.ChargeAsync();
        await host.EmptyAsync();
        hub.When("POST", "cdrs", OddHub.Envelope(2001, "not in this version"));
        var refused = await host.ChargeAsync();
        await HubsHost.UntilAsync(async () => (await host.OutboxAsync()).Any(e => e.State == OwedState.Refused));
        hub.Odd = context => context.Request is { Method: "POST", Path.Value: "/2.2.1/cdrs" } ? OddHub.Envelope(3000, "later") : null;
        var waiting = await host.ChargeAsync(evse: 2);
        await HubsHost.UntilAsync(() => hub.Of("POST", "cdrs").Any(r => Text(r).Contains(waiting, StringComparison.Ordinal)));
        var before = hub.Requests.Count;

        hub.Version = version;
        var answer = await host.Operations.RegisterAsync(ExampleSite.Hub, "token-A2", CancellationToken.None);
        Assert.True(answer.Done, answer.Text);
        await HubsHost.UntilAsync(() => Since(before, "POST", $"/{version}/cdrs").Count == 2);
        await host.EmptyAsync();
        var cdrs = Since(before, "POST", $"/{version}/cdrs").Select(Text).ToList();
        Assert.Contains(cdrs, c => c.Contains(refused, StringComparison.Ordinal));
        Assert.Contains(cdrs, c => c.Contains(waiting, StringComparison.Ordinal));
        Assert.All(cdrs, c => Assert.Contains(word, c, StringComparison.Ordinal));
        Assert.DoesNotContain(cdrs, c => c.Contains(delivered, StringComparison.Ordinal));
        Assert.NotEmpty(Since(before, "PUT", $"/{version}/locations"));
        Assert.NotEmpty(Since(before, "PUT", $"/{version}/tariffs"));

        var all = hub.Requests.Where(r => r.RawTarget.StartsWith($"/{version}/", StringComparison.Ordinal) && !r.RawTarget.EndsWith("credentials", StringComparison.Ordinal)).ToList();
        Assert.All(all, r => Assert.NotNull(r.Header("X-Correlation-ID")));
        // 2.1.1 knows no routing, and its tokens go as they are (T2); the ids go all the same (T11).
        Assert.All(all, r => Assert.Equal(version == "2.1.1", r.Header("OCPI-from-party-id") is null));
        Assert.All(all, r => Assert.Equal(version == "2.1.1", r.Header("Authorization") == "Token token-C-2"));
        Assert.Equal(version == "2.1.1", host.Link.Record.Endpoints.All(e => e.Receiver is null));

        IReadOnlyList<LoopbackHttp.Asked> Since(int from, string method, string path) =>
            [.. hub.Requests.Skip(from).Where(r => r.Method == method && r.RawTarget.StartsWith(path, StringComparison.Ordinal))];
    }

    private static string Text(LoopbackHttp.Asked asked) => System.Text.Encoding.UTF8.GetString(asked.Body);
}
