using System.Text.Json.Nodes;
using EdgeGateway.Hosting;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Hub;

namespace EdgeGateway.Cli.Rehearse;

/// <summary>
/// What a hub does at an onboarding, in its order: handshake, pull of locations and tariffs, tokens, sessions by command with their updates and
/// bills, a card at a charger, unlock, and the pulls of every night. A point that fails keeps the others from being tried only where they need it.
/// </summary>
internal sealed class Rehearsal(RehearsalSite site)
{
    /// <summary>All of it; what has not come by then does not come.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly List<Point> _points = [];

    public async Task<IReadOnlyList<Point>> RunAsync(CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await RunWithinAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _points.Add(Point.Fail("in time", $"not done after {Limit.TotalSeconds:0} s", "is this machine busy with something else? try again"));
        }
        return _points;
    }

    private async Task RunWithinAsync(CancellationToken cancellationToken)
    {
        await using var hub = await SimulatedHub.StartAsync(site.HubOptions, TimeProvider.System, cancellationToken);
        for (var number = 1; number <= site.Places.Count; number++)
            hub.Tokens.Put(RehearsalSite.Card(number));
        Gateway gateway;
        try
        {
            gateway = await Gateway.StartAsync(site.Configuration(hub), TimeProvider.System, new() { Logging = log => log.SetMinimumLevel(LogLevel.None) }, cancellationToken);
        }
        catch (GatewayStartException why)
        {
            _points.Add(Point.Fail("start", why.Message, "see edge-gateway check"));
            return;
        }
        await using (gateway)
            await OnboardAsync(hub, gateway, cancellationToken);
        _points.Add(hub.Store.Breaches is [var first, ..] breaches
            ? Point.Fail("rules of OCPI", $"{first}{(breaches.Count > 1 ? $" (and {breaches.Count - 1} more)" : "")}", "a fault of this program, not of your file: please report it")
            : Point.Pass("rules of OCPI", $"{Terminal.Count(hub.Store.Requests.Count, "request")}, all valid"));
    }

    private async Task OnboardAsync(SimulatedHub hub, Gateway gateway, CancellationToken cancellationToken)
    {
        if (!await UntilAsync(() => hub.IsRegistered, cancellationToken))
        {
            var seen = hub.Store.Requests is [.., var last] ? $"last was {last.Method} {last.Module}: HTTP {last.HttpStatus}, OCPI {last.OcpiStatus}" : "the gateway did not call";
            _points.Add(Point.Fail("handshake", seen, $"the hub's Versions must name one of {string.Join(", ", Hubs.Dialects.HubDialects.Spoken.Select(v => Protocols.Ocpi.OcpiVersions.Text(v)))}; look at its TokenEncoding"));
            return;
        }
        _points.Add(Point.Pass("handshake", $"OCPI {Protocols.Ocpi.OcpiVersions.Text(hub.Version)}, tokens exchanged"));
        await UntilAsync(() => hub.Store.Locations.Count > 0 || site.Places.Count == 0, cancellationToken);
        await NextSecondAsync(cancellationToken);
        var locations = await hub.FullPullAsync("locations", cancellationToken);
        var tariffs = await hub.FullPullAsync("tariffs", cancellationToken);
        _points.AddRange(new Offer(site, gateway, hub).Judge(locations, tariffs));

        var isPulled = await UntilAsync(() => hub.Store.Requests.Any(r => r is { Method: "GET", Module: "tokens", OcpiStatus: 1000 }), cancellationToken);
        _points.Add(isPulled
            ? Point.Pass("tokens", "the hub's list was pulled")
            : Point.Fail("tokens", "the hub's list was not pulled", "a fault of this program, not of your file: please report it"));
        if (site.Places.Count == 0)
            return;

        List<SimulatedCharger> chargers = [.. site.Chargers.Select(s => RehearsalSite.Charger(s, gateway.OcppUrls[0]))];
        try
        {
            foreach (var charger in chargers)
                charger.Start();
            if (!await UntilAsync(() => chargers.TrueForAll(c => c.IsConnected), cancellationToken))
            {
                _points.Add(Point.Fail("chargers", $"{chargers.Count(c => !c.IsConnected)} of {chargers.Count} were not let in", "look at the stations' settings (AssumeProtocol)"));
                return;
            }
            _points.AddRange(await new Drives(site, hub, chargers, UntilAsync).RunAsync(cancellationToken));
            await PullAsync(hub, cancellationToken);
        }
        finally
        {
            foreach (var charger in chargers)
                await charger.DisposeAsync();
        }
    }

    /// <summary>date_to is exclusive and in whole seconds (L1): what changed in this second belongs to the next pull.</summary>
    private static Task NextSecondAsync(CancellationToken cancellationToken) => Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System, cancellationToken);

    /// <summary>As every Saturday, and as every other night: what was pushed must be there again.</summary>
    private async Task PullAsync(SimulatedHub hub, CancellationToken cancellationToken)
    {
        await NextSecondAsync(cancellationToken);
        List<string> missing = [];
        foreach (var (module, pushed) in new[] { ("sessions", hub.Store.Sessions), ("cdrs", hub.Store.Cdrs) })
        {
            var full = Ids(await hub.FullPullAsync(module, cancellationToken));
            missing.AddRange(pushed.Where(p => !full.Contains(p.Id)).Select(p => $"{module} {p.Id}"));
        }
        foreach (var module in new[] { "locations", "tariffs", "sessions", "cdrs" })
            await hub.DeltaPullAsync(module, cancellationToken);
        _points.Add(missing.Count == 0
            ? Point.Pass("full and delta pull", $"{Terminal.Count(hub.Store.Sessions.Count, "session")} and {Terminal.Count(hub.Store.Cdrs.Count, "CDR")}, as pushed")
            : Point.Fail("full and delta pull", $"not in the pull: {string.Join(", ", missing)}", "a fault of this program, not of your file: please report it"));
    }

    private static HashSet<string> Ids(IEnumerable<JsonObject> objects) => [.. objects.Select(o => (string?)o["id"]).OfType<string>()];

    /// <summary>False: it did not come to be in a hub's patience.</summary>
    private static async Task<bool> UntilAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
        return true;
    }
}
