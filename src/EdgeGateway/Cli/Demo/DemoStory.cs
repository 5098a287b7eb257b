using System.Text.Json.Nodes;
using EdgeGateway.Certificates;
using EdgeGateway.Configuration;
using EdgeGateway.Hosting;
using EdgeGateway.Simulators;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Cli.Demo;

/// <summary>How a demonstration is to run.</summary>
/// <param name="Speed">Seconds on the site per second of the world.</param>
/// <param name="Length">Of the world, until the last car has come.</param>
internal sealed record DemoSettings(int Stations, double Speed, TimeSpan Length, int Seed);

/// <summary>The whole site in one process: cars come and go, the hub goes away in the middle and comes back, and in the end it all adds up.</summary>
internal sealed class DemoStory(DemoSettings settings, DemoTeller teller, FastClock clock, string folder)
{
    /// <summary>For everything to reach the hub after the last car, in seconds of the world.</summary>
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(15);

    /// <summary>Parts of the length at which the hub goes and comes back.</summary>
    private const double HubGoes = 0.35;
    private const double HubReturns = 0.65;

    // Swapped as a whole: the meter at the grid reads it from another thread.
    private volatile IReadOnlyList<SimulatedCharger> _chargers = [];

    public async Task<Verdict> TellAsync(CancellationToken cancellationToken)
    {
        teller.Turn($"A site with {settings.Stations + 1} chargers, one of them without OCPP, two meters, a hub, and a gateway between them. An hour here takes {3600 / settings.Speed:0} seconds.");
        await using var hub = await SimulatedHub.StartAsync(
            new() { RegistrationToken = DemoSite.RegistrationToken, Seed = settings.Seed }, clock, cancellationToken);
        hub.Watch(teller.Hub);
        for (var number = 1; number <= settings.Stations; number++)
            hub.Tokens.Put(DemoSite.Card(number));
        hub.Tokens.Put(DemoField.Card);
        await using var field = new DemoField(clock, () => _chargers);
        var authority = DemoSite.Authority(folder, clock);
        await using var gateway = await StartGatewayAsync(hub, field, cancellationToken);
        try
        {
            await UntilAsync(() => hub.IsRegistered && hub.Store.Locations.Count > 0, StartPatience, cancellationToken);
            foreach (var number in Enumerable.Range(1, settings.Stations))
                _chargers = [.. _chargers, StartCharger(number, gateway.OcppUrls[0], authority)];
            await UntilAsync(() => _chargers.All(c => c.IsConnected) && IsMetered(gateway), StartPatience, cancellationToken);
            TellMeters(gateway);
            clock.Speed = settings.Speed;
            await RunAsync(hub, field, gateway, cancellationToken);
            return await JudgeAsync(hub, field, gateway, cancellationToken);
        }
        finally
        {
            teller.IsSilent = true;
            clock.Speed = 1;
            foreach (var charger in _chargers)
                await charger.DisposeAsync();
        }
    }

    private async Task<Gateway> StartGatewayAsync(SimulatedHub hub, DemoField field, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, "appsettings.json");
        var text = DemoSite.Configuration(settings.Stations, field, Path.Combine(folder, "gateway.db"), hub.VersionsUrl).ToJsonString();
        await File.WriteAllTextAsync(file, text, cancellationToken);
        var read = ConfigurationReader.Read(new Sources { File = file });
        var configuration = read.Configuration
            ?? throw new InvalidOperationException($"The demonstration's own configuration is wrong: {string.Join(' ', read.Findings.Faults)}");
        var gateway = await Gateway.StartAsync(configuration, clock, new() { Logging = log => log.SetMinimumLevel(LogLevel.None) }, cancellationToken);
        _ = gateway.Failed.ContinueWith(
            failed => teller.Tell("gateway", failed.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        teller.Tell("gateway", $"listens for chargers at {gateway.OcppUrls[0]}ocpp, for the hub at {gateway.OcpiUrl}ocpi");
        return gateway;
    }

    private SimulatedCharger StartCharger(int number, Uri ocpp, SiteAuthority authority)
    {
        var charger = DemoSite.Charger(number, ocpp, authority, clock, settings.Seed);
        charger.Watch(teller.Charger);
        charger.Start();
        return charger;
    }

    private async Task RunAsync(SimulatedHub hub, DemoField field, Gateway gateway, CancellationToken cancellationToken)
    {
        using var closing = new CancellationTokenSource(settings.Length, TimeProvider.System);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(closing.Token, cancellationToken);
        teller.Turn("Cars come.");
        Task[] drivers = [.. _chargers.Select((charger, i) => DriveAsync(hub, charger, i + 1, over.Token)), field.DriveAsync(teller, new(settings.Seed), over.Token)];
        await PauseAsync(HubGoes, cancellationToken);

        teller.Turn("The hub goes away. Charging goes on; the gateway keeps what it owes.");
        await hub.GoDownAsync();
        await PauseAsync((HubReturns - HubGoes) / 2, cancellationToken);
        teller.Tell(_chargers[0].Identity, "loses its line for a moment");
        _chargers[0].CutLine();
        teller.Tell(DemoField.Station, "loses its line for a moment");
        await field.CutLineAsync();
        await PauseAsync((HubReturns - HubGoes) / 2, cancellationToken);
        await TellBacklogAsync(gateway, cancellationToken);
        TellMeters(gateway);

        teller.Turn("The hub is back.");
        await hub.ComeUpAsync(cancellationToken);
        await Task.WhenAll(drivers);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>One parking bay: a car after the other until the demonstration closes.</summary>
    private async Task DriveAsync(SimulatedHub hub, SimulatedCharger charger, int number, CancellationToken over)
    {
        var random = new Random(settings.Seed + number);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(random.Next(5, 60)), clock, over);
            // The last bay's first driver has an app in place of a card: the hub starts and stops his session.
            if (number == settings.Stations)
                await DriveByAppAsync(hub, charger, number, over);
            while (true)
            {
                await charger.VisitAsync(1, DemoSite.Card(number).Uid, random.Next(300, 2500), TimeSpan.FromMinutes(random.Next(2, 6)), over);
                await Task.Delay(TimeSpan.FromSeconds(random.Next(10, 90)), clock, over);
            }
        }
        catch (OperationCanceledException)
        {
            charger.Unplug(1);
        }
    }

    private async Task DriveByAppAsync(SimulatedHub hub, SimulatedCharger charger, int number, CancellationToken over)
    {
        var app = DemoSite.Card(number) with { Uid = "APP-0001", Type = "APP_USER", Unlisted = true };
        teller.Tell("driver", $"starts {charger.Identity} from an app, through the hub");
        await hub.Commands.StartSessionAsync(app, DemoSite.Location, $"{charger.Identity}-1", "1", "DEMO-REF-1", over);
        await UntilAsync(() => Running(hub, app) is not null, StartPatience, over);
        await Task.Delay(TimeSpan.FromMinutes(2), clock, over);
        if (Running(hub, app) is { } session)
        {
            teller.Tell("driver", "stops it again");
            await hub.Commands.StopSessionAsync(session, over);
            await UntilAsync(() => charger.Ledger.Entries.All(e => !e.IsRunning), StartPatience, over);
        }
        charger.Unplug(1);
    }

    private async Task<Verdict> JudgeAsync(SimulatedHub hub, DemoField field, Gateway gateway, CancellationToken cancellationToken)
    {
        teller.Turn("The last car is gone. Is everything where it belongs?");
        var outbox = gateway.Services.GetRequiredService<IOutbox>();
        var history = gateway.Services.GetRequiredService<IHistory>();
        await UntilAsync(() => _chargers.All(c => c.Waiting == 0), SettlePatience, cancellationToken);
        // A charger on Modbus tells nothing: that its last car is gone is seen when it is looked at.
        await UntilAsync(async () => (await history.RecentSessionsAsync(DemoField.Station, activeOnly: true, 1, cancellationToken)).Count == 0, SettlePatience, cancellationToken);
        await UntilAsync(async () => (await outbox.FiguresAsync(DemoSite.HubName, cancellationToken)).Waiting == 0, SettlePatience, cancellationToken);
        var sessions = await history.RecentSessionsAsync(null, activeOnly: false, int.MaxValue, cancellationToken);
        RecordedSession[] recorded =
        [
            .. sessions.Select(s => new RecordedSession(
                s.Id, s.Number, s.At.Station, s.Status.ToString().ToUpperInvariant(), s.EnergyWh, s.MeterStartWh, s.MeterStopWh, s.Transaction)),
        ];
        TellMeters(gateway);
        return Judge.On(new()
        {
            Ledger = [.. _chargers.SelectMany(c => c.Ledger.Entries), .. field.Ledger(recorded)],
            Hub = hub.Store,
            Recorded = recorded,
            Tariff = DemoSite.Tariff,
        });
    }

    private async Task TellBacklogAsync(Gateway gateway, CancellationToken cancellationToken)
    {
        var figures = await gateway.Services.GetRequiredService<IOutbox>().FiguresAsync(DemoSite.HubName, cancellationToken);
        teller.Tell("gateway", $"owes the hub {figures.Waiting} objects");
    }

    private static bool IsMetered(Gateway gateway) =>
        gateway.Services.GetRequiredService<ISiteMeters>().Newest is { Count: > 0 } meters && meters.All(m => m.Quality == MeterQuality.Good);

    private void TellMeters(Gateway gateway)
    {
        foreach (var meter in gateway.Services.GetRequiredService<ISiteMeters>().Newest)
            teller.Meter(meter);
    }

    /// <summary>A part of the demonstration's length.</summary>
    private Task PauseAsync(double part, CancellationToken cancellationToken) => Task.Delay(settings.Length * part, TimeProvider.System, cancellationToken);

    private static string? Running(SimulatedHub hub, HubToken token) =>
        hub.Store.SessionsIn("ACTIVE").Select(s => s.Latest).FirstOrDefault(s => Uid(s) == token.Uid)?["id"]?.GetValue<string>();

    private static string? Uid(JsonObject session) => (string?)session["cdr_token"]?["uid"];

    private static Task UntilAsync(Func<bool> holds, TimeSpan patience, CancellationToken cancellationToken) =>
        UntilAsync(() => Task.FromResult(holds()), patience, cancellationToken);

    /// <summary>Waits, but not for ever: what did not come is the judge's business.</summary>
    private static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds() && TimeProvider.System.GetElapsedTime(began) < patience)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
    }
}
