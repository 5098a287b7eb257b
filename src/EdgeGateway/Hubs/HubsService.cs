using System.Collections.Concurrent;
using EdgeGateway.Hubs.Clients;
using EdgeGateway.Hubs.Commands;
using EdgeGateway.Hubs.Delivery;
using EdgeGateway.Hubs.Registering;
using EdgeGateway.Hubs.Tokens;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs;

/// <summary>Runs each hub's loops: registering, delivering, pulling tokens. Hubs may come and go with the configuration file.</summary>
public sealed class HubsService(
    SiteEngine engine, HubLinks links, Registration registration, ObjectSender sender, IOutbox outbox, ITokens tokens, IDocuments documents, SessionClaims claims, ReservationNews news,
    HubRemarks remarks, Backoff backoff, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<HubsService> log) : BackgroundService
{
    /// <summary>How soon a hub that was added to the file is taken up.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <summary>A loop that fell over, which is a fault of ours, starts again after this.</summary>
    private static readonly TimeSpan AfterStumble = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, TokenPull> _pulls = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>False when there is no such hub.</summary>
    public bool PullTokens(string hub)
    {
        if (!_pulls.TryGetValue(hub, out var pull))
            return false;
        pull.Want();
        return true;
    }

    /// <summary>Reads what is stored of each hub, so that their tokens are known before the first request comes in.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await links.LoadNewAsync(cancellationToken);
        news.Start();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Task> running = [];
        HashSet<HubLink> started = [];
        try
        {
            // A hub calls back during our registration: the listener must be there before it begins.
            await StartedAsync(stoppingToken);
            while (true)
            {
                await links.LoadNewAsync(stoppingToken);
                foreach (var link in links.All.Where(started.Add))
                    running.AddRange(Start(link, stoppingToken));
                await Task.Delay(LookAgain, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stopping);
    }

    private IEnumerable<Task> Start(HubLink link, CancellationToken stopping)
    {
        link.Circuit.Announce = (state, why) => Announce(link, state, why);
        var pull = _pulls[link.Name] = new(link, () => engine.State.Configuration.Party, tokens, documents, claims, remarks, clock, log);
        var delivery = new DeliveryLoop(link, outbox, sender, registration, remarks, backoff, clock, log);
        var clients = new ClientPull(link, remarks, clock, log);
        yield return SuperviseAsync(link, "pulling parties", () => clients.RunAsync(stopping), stopping);
        yield return SuperviseAsync(link, "registering", () => RegisterAsync(link, stopping), stopping);
        yield return SuperviseAsync(link, "delivering", () => delivery.RunAsync(stopping), stopping);
        yield return SuperviseAsync(link, "pulling tokens", () => pull.RunAsync(stopping), stopping);
    }

    /// <summary>Takes up handshakes that did not end, and registers where a token A waits to be used (PRODUCT §3).</summary>
    private async Task RegisterAsync(HubLink link, CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            var stirred = link.Stirred.Next;
            var answer = await NextHandshakeAsync(link, stopping);
            if (answer is null)
            {
                await registration.WelcomeAsync(link, stopping);
                failures = 0;
                // A hub that is added, a token that is put in: the file has no bell, so it is looked at now and then.
                await Task.WhenAny(stirred, Task.Delay(LookAgain, clock, stopping));
                continue;
            }
            if (answer.Done)
                continue;
            await Task.Delay(backoff.After(++failures, link.Limits.RetryFirst, link.Limits.RegistrationCap), clock, stopping);
        }
    }

    /// <summary>Null: there is nothing to do.</summary>
    private async Task<HubAnswer?> NextHandshakeAsync(HubLink link, CancellationToken stopping)
    {
        if (!link.IsConfigured)
            return null;
        var record = link.Record;
        switch (record.Pending?.Step)
        {
            case HandshakeStep.Post:
                return await registration.RegisterAsync(link, record.Pending.RegistrationToken, stopping);
            case HandshakeStep.Put:
                return await registration.UpdateAsync(link, stopping);
            case HandshakeStep.Delete:
                return await registration.UnregisterAsync(link, stopping);
        }
        var options = link.Options;
        var waits = record.OutboundToken is null && options is { Initiator: HubInitiator.Us, RegistrationToken.Length: > 0 }
            && !Registration.IsSpent(record, options.RegistrationToken);
        return waits ? await registration.RegisterAsync(link, null, stopping) : null;
    }

    private void Announce(HubLink link, CircuitState state, string why)
    {
        if (state == CircuitState.Closed)
        {
            log.LineRestored(link.Name);
            remarks.Make(Severity.Info, "HubOnline", link.Name, "The hub is reachable again.");
        }
        else
        {
            log.LineChanged(link.Name, state.ToString(), why);
            if (state == CircuitState.Suspended)
                remarks.Make(Severity.Error, "HubSuspended", link.Name, $"The hub refuses our credentials; nothing is sent to it until that is mended. {why}");
            else
                remarks.Make(Severity.Warning, "HubOffline", link.Name, $"The hub cannot be reached; what it is owed is kept. {why}");
        }
        link.Stirred.Raise();
    }

    private async Task SuperviseAsync(HubLink link, string what, Func<Task> loop, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await loop();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                log.Stumbled(failure, link.Name, what);
                await Task.Delay(AfterStumble, clock, stopping).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }
}
