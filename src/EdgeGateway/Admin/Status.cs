using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Admin;

/// <summary>The whole site at a glance, for the page, the API and the health answer.</summary>
public sealed class Status(SiteEngine engine, IOutbox outbox, AdminParts parts, TimeProvider clock)
{
    public static string Version { get; } = typeof(Status).Assembly.GetName().Version?.ToString(3) ?? "0";

    public async ValueTask<StatusView> ReadAsync(CancellationToken cancellationToken)
    {
        var state = engine.State;
        var now = clock.GetUtcNow();
        var stations = state.Stations(now);
        var hubs = await parts.HubsAsync(cancellationToken);
        return new()
        {
            Version = Version,
            Now = now,
            Started = parts.Started,
            SiteId = state.Configuration.Site.Id,
            SiteName = state.Configuration.Site.Name,
            Party = state.Configuration.Party.ToString(),
            Stations = stations,
            ActiveSessions = state.Sessions.Values.Count(s => s.Status == SessionStatus.Active),
            Hubs = hubs,
            Backlog = await BacklogAsync(hubs, cancellationToken),
            Mqtt = parts.Mqtt(),
            Meters = parts.Meters.All(),
            Storage = parts.Storage(),
            Degraded = [.. Degraded(stations, hubs)],
            Weak = [.. parts.Security.Weak()],
            Locked = parts.Security.Locked(),
        };
    }

    public async ValueTask<HealthView> HealthAsync(CancellationToken cancellationToken)
    {
        var degraded = Degraded(engine.State.Stations(clock.GetUtcNow()), await parts.HubsAsync(cancellationToken)).ToList();
        return new(degraded.Count == 0 ? "ok" : "degraded", degraded, [.. parts.Security.Weak()]);
    }

    private async ValueTask<BacklogView> BacklogAsync(IReadOnlyList<HubView> hubs, CancellationToken cancellationToken)
    {
        var figures = new List<BacklogFigures>();
        foreach (var hub in hubs)
            figures.Add(await outbox.FiguresAsync(hub.Name, cancellationToken));
        return new(figures.Sum(f => f.Waiting), figures.Sum(f => f.Refused), figures.Min(f => f.Oldest));
    }

    private IEnumerable<Degradation> Degraded(IReadOnlyList<StationView> stations, IReadOnlyList<HubView> hubs)
    {
        if (engine.Trouble is { } trouble)
            yield return new("CommitFailed", "storage", trouble);
        foreach (var station in stations)
        {
            if (station.Admission == nameof(Site.Reports.Admission.Pending))
                yield return new("StationPending", station.Id, "waits to be let in: edge-gateway station accept " + station.Id);
            else if (!station.Connected)
                yield return new("StationOffline", station.Id, parts.Lines.TroubleOf(station.Id) is { } why ? $"has no line: {why}" : "has no line");
            foreach (var connector in station.Connectors.Where(c => c.ErrorCode is not null))
                yield return new("ConnectorFault", $"{station.Id}/{connector.Evse}/{connector.Connector}", connector.ErrorCode!);
        }
        foreach (var hub in hubs)
        {
            if (hub.State != "Online")
                yield return new("HubNotOnline", hub.Name, hub.Trouble is null ? hub.State : $"{hub.State}: {hub.Trouble}");
            if (hub.DeadLetters > 0)
                yield return new("Refused", hub.Name, $"{hub.DeadLetters} entries of the outbox were refused by the hub");
        }
        if (parts.Mqtt() is { State: not ("Online" or "Connecting") } broker)
            yield return new("MqttNotOnline", "broker", broker.Why is null ? broker.State : $"{broker.State}: {broker.Why}");
        foreach (var meter in parts.Meters.All().Where(static m => m.Quality != "Good" && m.Trouble is not null))
            yield return new(meter.Quality == "Implausible" ? "MeterImplausible" : "MeterSilent", meter.Id, meter.Trouble!);
        foreach (var more in parts.Degraded())
            yield return more;
    }
}
