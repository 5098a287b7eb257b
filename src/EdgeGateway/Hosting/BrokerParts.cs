using System.Security.Cryptography;
using EdgeGateway.Admin;
using EdgeGateway.Chargers;
using EdgeGateway.Configuration;
using EdgeGateway.Hubs;
using EdgeGateway.Mqtt;
using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Site;

namespace EdgeGateway.Hosting;

/// <summary>Shows MQTT the parts of the program that it must not know itself, and the technician's listener how the broker is doing.</summary>
internal static class BrokerParts
{
    /// <summary>Of the entries of a hub that wait, so many are made due at once.</summary>
    public const int SyncLimit = 1000;

    public static MqttParts Of(IServiceProvider services, ConfigurationWatch watch, TimeProvider clock)
    {
        var technician = services.GetRequiredService<AdminParts>();
        return new()
        {
            Started = technician.Started,
            Version = Status.Version,
            Settings = () => watch.Current.Mqtt,
            // Keyed with the database's own secret: a password cannot be guessed by its hash (S11).
            ConfigHash = () => Convert.ToHexStringLower(HMACSHA256.HashData(services.GetRequiredService<SiteEngine>().State.Seed.AsSpan(), watch.Fingerprint).AsSpan(0, 8)),
            IsClockSynchronized = static () => File.Exists("/run/systemd/timesync/synchronized") || Directory.Exists("/run/chrony"),
            Storage = () => technician.Storage() is var storage ? (storage.SizeBytes, storage.LimitBytes) : default,
            HubsAsync = async cancellationToken => [.. (await technician.HubsAsync(cancellationToken)).Select(View)],
            DegradedAsync = async cancellationToken =>
                [.. (await services.GetRequiredService<Status>().HealthAsync(cancellationToken)).Degraded.Select(static d => new DegradedPayload { Code = d.Code, Subject = d.Subject, Text = d.Text })],
            LastSeen = station => services.GetRequiredService<ChargingStations>().Line(station) is { } line ? clock.GetUtcNow() - (line.Silence ?? TimeSpan.Zero) : null,
            SyncHubAsync = (hub, cancellationToken) => SyncAsync(services, clock, hub, cancellationToken),
        };
    }

    /// <summary>Null where no broker is configured.</summary>
    public static MqttView? View(MqttFigures? figures) => figures is null ? null : new()
    {
        Broker = figures.Broker,
        State = figures.State,
        Since = figures.Since,
        Why = figures.Why,
        Version = figures.Version,
        Reconnects = figures.Reconnects,
        Waiting = figures.Waiting,
        Dropped = figures.Dropped,
    };

    private static HubPayload View(HubView hub) => new()
    {
        Name = hub.Name,
        State = hub.State,
        Online = hub.State == nameof(HubState.Online),
        Version = hub.Version,
        Backlog = hub.Backlog,
        Oldest = hub.Oldest,
        DeadLetters = hub.DeadLetters,
        LastDelivery = hub.LastDelivery,
        Trouble = hub.Trouble,
    };

    private static async Task<string?> SyncAsync(IServiceProvider services, TimeProvider clock, string hub, CancellationToken cancellationToken)
    {
        var (hubs, outbox) = (services.GetRequiredService<HubOperations>(), services.GetRequiredService<IOutbox>());
        if (await hubs.StatusAsync(hub, cancellationToken) is not { } status)
            return null;
        var now = clock.GetUtcNow();
        foreach (var entry in (await outbox.ListAsync(status.Name, OwedState.Waiting, SyncLimit, cancellationToken)).Where(e => e.Due > now))
            await outbox.RetryAsync(entry.Id, cancellationToken);
        hubs.Hasten(status.Name);
        return $"{status.Backlog} waiting are due now; {hubs.PullTokens(status.Name).Text}";
    }
}
