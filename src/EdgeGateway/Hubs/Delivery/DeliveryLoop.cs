using System.Collections.Concurrent;
using EdgeGateway.Hubs.Registering;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Delivery;

/// <summary>Sends what one hub is owed: per object in order, objects in parallel and bounded (P4), at our own pace.</summary>
public sealed class DeliveryLoop(
    HubLink link, IOutbox outbox, ObjectSender sender, Registration registration, HubRemarks remarks, Backoff backoff, TimeProvider clock, ILogger log)
{
    /// <summary>How long the loop sleeps at most when nothing calls it.</summary>
    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(30);

    /// <summary>How long it sleeps at most while something that is due cannot go.</summary>
    private static readonly TimeSpan Blocked = TimeSpan.FromSeconds(1);

    /// <summary>The file has no bell: a hub that comes back to it is noticed after this.</summary>
    private static readonly TimeSpan AwayFromFile = TimeSpan.FromSeconds(2);

    /// <summary>Endpoints are looked at again at most this often, however many objects find theirs gone (V6).</summary>
    private static readonly TimeSpan DetailsAgain = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<long, Owed> _inFlight = new();
    private readonly ConcurrentDictionary<long, string> _chains = new();
    private readonly Signal _landed = new();
    private readonly Lock _looking = new();
    private Task _look = Task.CompletedTask;

    /// <summary>When the outbox was looked at in this step; null when it was not.</summary>
    private DateTimeOffset? _looked;
    private long? _detailsLooked;

    /// <summary>Runs until stopped. Objects under way are finished or left unsettled: then they are simply still owed.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            // Taken before looking, so that nothing that happens meanwhile is missed.
            var (landed, stirred) = (_landed.Next, link.Stirred.Next);
            var nap = await StepAsync(stopping);
            if (nap == TimeSpan.Zero)
                continue;
            using var awake = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            await Task.WhenAny(landed, stirred, WaitAsync(nap, awake.Token));
            await awake.CancelAsync();
        }
    }

    /// <summary>Starts what may start now; says how long there is nothing more to do.</summary>
    private async Task<TimeSpan> StepAsync(CancellationToken stopping)
    {
        _looked = null;
        if (!link.IsConfigured)
            return AwayFromFile;
        // Not before it is owed the place itself: what had been waiting for a hub would overtake it otherwise (P9).
        if (!link.IsPartner || !link.Record.Welcomed || link.Dialect is null)
            return LongestNap;
        if (!link.Circuit.IsClosed)
        {
            // One probe at a time, whatever is owed (I13). Never an object: one that makes a hub stumble would be tried for ever, before all others.
            if (link.Circuit.Wait is { Ticks: > 0 } wait)
                return Min(wait, LongestNap);
            return _inFlight.IsEmpty && await ProbeAsync(stopping) ? TimeSpan.Zero : LongestNap;
        }
        var trial = !link.Circuit.IsProven;
        // Looked for by the handful: with this many under way all lines are busy, and a look for each that lands would only cost.
        var most = trial ? 1 : link.Limits.UnderWay;
        var free = most - _inFlight.Count;
        if (free < Math.Max(1, most / 4))
            return LongestNap;
        foreach (var owed in await NextAsync(free, stopping))
        {
            _inFlight[owed.Id] = owed;
            _ = DeliverAsync(owed, trial, stopping);
        }
        return LongestNap;
    }

    private async Task<List<Owed>> NextAsync(int free, CancellationToken stopping)
    {
        _looked = clock.GetUtcNow();
        var candidates = await outbox.NextAsync(link.Name, free, _inFlight.Keys.ToHashSet(), stopping);
        List<Owed> next = [];
        foreach (var owed in candidates)
        {
            // P4: an EVSE's status and its location are one object to the hub, so they never travel side by side.
            if (next.Count < free && !(IsPlace(owed) && (next.Exists(IsPlace) || _inFlight.Values.Any(IsPlace))))
                next.Add(owed);
        }
        return next;
    }

    private async Task DeliverAsync(Owed owed, bool trial, CancellationToken stopping)
    {
        try
        {
            // T11: all attempts of one object are one chain.
            var correlation = _chains.GetOrAdd(owed.Id, _ => OcpiIds.New().CorrelationId);
            if (await SendAsync(owed, trial, correlation, stopping) is not { } settlement)
                return;
            await outbox.SettleAsync(owed, settlement, stopping);
            Tell(owed, settlement, correlation);
            if (settlement is not Settlement.TryLater)
                _chains.TryRemove(owed.Id, out _);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Still owed; an answer that got lost is what D3 is for.
        }
        catch (Exception failure)
        {
            log.Stumbled(failure, link.Name, $"delivery of {owed.Kind} {owed.Object}");
            await PutOffAsync(owed, failure, stopping);
        }
        finally
        {
            _inFlight.TryRemove(owed.Id, out _);
            _landed.Raise();
        }
    }

    /// <summary>Null: it was not sent after all, and is owed as before.</summary>
    private async Task<Settlement?> SendAsync(Owed owed, bool trial, string correlation, CancellationToken stopping)
    {
        try
        {
            var endpoints = link.Record.Endpoints;
            var sent = await sender.SendAsync(link, owed, trial, correlation, stopping);
            return sent.Settled ?? (sent.Reply is { } reply ? await JudgeAsync(owed, reply, endpoints, stopping) : null);
        }
        catch (CorruptRecordException damaged)
        {
            return new Settlement.Refused(damaged.Message);
        }
    }

    /// <summary>The three endings (P8).</summary>
    private async Task<Settlement> JudgeAsync(Owed owed, OcpiReply reply, IReadOnlyList<HubEndpoint> endpoints, CancellationToken stopping)
    {
        switch (reply.Outcome)
        {
            case OcpiOutcome.Success:
                return new Settlement.Delivered(reply.Location);
            case OcpiOutcome.Refused:
                return new Settlement.Refused(reply.Reason);
            case OcpiOutcome.ModuleGone:
                return await GoneAsync(owed, reply, endpoints, stopping);
            default:
                return Later(owed, reply);
        }
    }

    private Settlement.TryLater Later(Owed owed, OcpiReply reply)
    {
        // With the whole hub away, objects wait for the circuit's next probe, so that all flow when it succeeds; else each has its own patience. So has one
        // that a hub stumbles over which is there otherwise, lest it be the next trial again; tariffs and locations are tried first a few times all the same (P9).
        var own = backoff.After(owed.Attempts + 1, link.Limits.RetryFirst, link.Limits.RetryCap);
        var goesFirst = owed.Kind <= DeliveryKind.Location && owed.Attempts + 1 < Owed.TriesBeforeOthers;
        if (link.Circuit.IsClosed)
            return new(clock.GetUtcNow() + own, reply.Reason);
        return new(link.Circuit.Until + (reply.Stage == OcpiStage.Connect || goesFirst ? TimeSpan.Zero : own), reply.Reason);
    }

    /// <summary>404 or 405: the module may have moved (V6). A hub that says in OCPI's words that it is not there means it; a bare server may be a proxy
    /// in trouble, and no CDR is given up for that.</summary>
    private async Task<Settlement> GoneAsync(Owed owed, OcpiReply reply, IReadOnlyList<HubEndpoint> endpoints, CancellationToken stopping)
    {
        Task look;
        lock (_looking)
        {
            if (_detailsLooked is not { } looked || clock.GetElapsedTime(looked) > DetailsAgain)
                (_detailsLooked, _look) = (clock.GetTimestamp(), registration.RefreshAsync(link, stopping));
            look = _look;
        }
        await look;
        // Found anew by this object, or by another while this one was on its way.
        if (!ReferenceEquals(endpoints, link.Record.Endpoints))
            return new Settlement.TryLater(clock.GetUtcNow(), $"{reply.Reason}; the hub's endpoints have changed");
        return reply.StatusCode is not null ? new Settlement.Refused(reply.Reason) : Later(owed, reply);
    }

    /// <summary>Looks whether the hub is back, the cheapest way there is (V5). False when there is nothing to ask.</summary>
    private async Task<bool> ProbeAsync(CancellationToken stopping)
    {
        if (link.Client() is not { } client || (link.Record.VersionsUrl ?? link.Options.VersionsUrl) is not { } url)
            return false;
        var ticket = link.Circuit.Ticket();
        var reply = await client.With(client.Access with { Format = Wire.OcpiJson.For(OcpiVersion.V221) }).GetListAsync<Wire.VersionInfo>(url, null, stopping);
        // With nothing to send, an answer is all the proof that there can be.
        link.Circuit.Learn(ticket, reply, proves: await outbox.NextDueAsync(link.Name, stopping) is null);
        return true;
    }

    private void Tell(Owed owed, Settlement settlement, string correlation)
    {
        switch (settlement)
        {
            case Settlement.Delivered:
                link.LastDelivery = clock.GetUtcNow();
                if (owed.Kind == DeliveryKind.Location)
                    link.Placed.Raise();
                log.Delivered(link.Name, owed.Kind.ToString(), owed.Object, correlation);
                break;
            case Settlement.TryLater later:
                log.TriedLater(link.Name, owed.Kind.ToString(), owed.Object, later.When, later.Why, correlation);
                break;
            case Settlement.Refused refused:
                log.SetAside(link.Name, owed.Kind.ToString(), owed.Object, refused.Why, correlation);
                remarks.Make(Severity.Warning, "ObjectSetAside", link.Name, $"{owed.Kind} {owed.Object}: {refused.Why}");
                break;
        }
    }

    /// <summary>What should not have come has come; the object waits as for any other failure, so that it neither blocks nor spins.</summary>
    private async Task PutOffAsync(Owed owed, Exception failure, CancellationToken stopping)
    {
        try
        {
            var when = clock.GetUtcNow() + backoff.After(owed.Attempts + 1, link.Limits.RetryFirst, link.Limits.RetryCap);
            await outbox.SettleAsync(owed, new Settlement.TryLater(when, failure.Message), stopping);
        }
        catch (Exception second)
        {
            // The store itself is unwell: a pause keeps this from turning in circles.
            log.Stumbled(second, link.Name, "settling");
            await Task.Delay(link.Limits.RetryFirst, clock, CancellationToken.None);
        }
    }

    private async Task WaitAsync(TimeSpan nap, CancellationToken cancellationToken)
    {
        if (_looked is { } looked && await outbox.NextDueAsync(link.Name, cancellationToken) is { } due)
        {
            // What was due when we looked is under way or waits for another; behind it, something else may become due. What has become due since, goes now.
            nap = due <= looked ? Min(nap, Blocked) : due > clock.GetUtcNow() ? Min(nap, due - looked) : TimeSpan.Zero;
        }
        await outbox.WaitAsync(link.Name, nap, cancellationToken);
    }

    private static bool IsPlace(Owed owed) => owed.Kind is DeliveryKind.Location or DeliveryKind.EvseStatus;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
