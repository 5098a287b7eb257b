using EdgeGateway.Hubs.Delivery;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Hubs.Registering;
using EdgeGateway.Site;

namespace EdgeGateway.Hubs;

/// <summary>What people may do with a hub, and see of it (PRODUCT §1: <c>hub register|update|unregister|status</c>).</summary>
public sealed class HubOperations(HubLinks links, HubsService service, Registration registration, IOutbox outbox, ITokens tokens)
{
    /// <param name="token">Token A; null: the configured one.</param>
    public Task<HubAnswer> RegisterAsync(string hub, string? token, CancellationToken cancellationToken) =>
        WithAsync(hub, link => registration.RegisterAsync(link, token, cancellationToken));

    public Task<HubAnswer> UpdateAsync(string hub, CancellationToken cancellationToken) => WithAsync(hub, link => registration.UpdateAsync(link, cancellationToken));

    /// <param name="force">Forget the hub here, whether it answers or not.</param>
    public Task<HubAnswer> UnregisterAsync(string hub, CancellationToken cancellationToken, bool force = false) =>
        WithAsync(hub, link => force ? registration.ForgetAsync(link, cancellationToken) : registration.UnregisterAsync(link, cancellationToken));

    /// <summary>A token A with which the hub may register with us; it is in the answer and nowhere else.</summary>
    public Task<HubAnswer> InviteAsync(string hub, CancellationToken cancellationToken) =>
        WithAsync(hub, link => registration.InviteAsync(link, cancellationToken));

    /// <summary>Somebody wants an object sent now: a hub that asked for patience is looked at again soon.</summary>
    public void Hasten(string hub) => links.Find(hub)?.Circuit.Hasten();

    /// <summary>All tokens anew, in the background.</summary>
    public HubAnswer PullTokens(string hub) => service.PullTokens(hub) ? HubAnswer.Ok("tokens are being pulled") : Unknown(hub);

    /// <summary>Null: no such hub.</summary>
    public async Task<HubStatus?> StatusAsync(string hub, CancellationToken cancellationToken) =>
        links.Find(hub) is { } link ? await StatusAsync(link, cancellationToken) : null;

    /// <summary>In the order of the file.</summary>
    public async Task<IReadOnlyList<HubStatus>> StatusAsync(CancellationToken cancellationToken)
    {
        List<HubStatus> all = [];
        foreach (var link in links.All)
            all.Add(await StatusAsync(link, cancellationToken));
        return all;
    }

    private async Task<HubStatus> StatusAsync(HubLink link, CancellationToken cancellationToken)
    {
        var record = link.Record;
        var backlog = await outbox.FiguresAsync(link.Name, cancellationToken);
        return new()
        {
            Name = link.Name,
            State = !record.IsPartner ? HubState.Unregistered : link.Circuit.State switch
            {
                CircuitState.Closed => HubState.Online,
                CircuitState.Open => HubState.Offline,
                _ => HubState.Suspended,
            },
            Version = record.Version,
            VersionsUrl = record.VersionsUrl ?? link.Options.VersionsUrl,
            Parties = record.Parties,
            RegisteredAt = record.RegisteredAt,
            PendingHandshake = record.Pending?.ToString(),
            InvitedAt = record.Invitation is { Until: null, Since: var since } ? since : null,
            Backlog = backlog.Waiting,
            Oldest = backlog.Oldest,
            DeadLetters = backlog.Refused,
            LastDelivery = link.LastDelivery ?? backlog.LastDelivery,
            LastContact = link.Circuit.LastContact,
            LastError = link.Trouble ?? link.Circuit.LastError,
            NextProbe = link.Circuit.IsClosed ? null : link.Circuit.Until,
            Clients = Count(link.Clients.Record.Clients),
            SuspendedParties = [.. link.Clients.Record.Clients.Where(c => c.Status == HubClientStatus.Suspended).Select(c => $"{c.CountryCode}*{c.PartyId}").Distinct()],
            Tokens = await tokens.CountAsync(link.Name, cancellationToken),
        };
    }

    private static Dictionary<string, int> Count(IReadOnlyList<HubClient> clients) =>
        clients.GroupBy(c => c.Status).OrderBy(g => g.Key).ToDictionary(g => g.Key.ToString().ToUpperInvariant(), g => g.Count());

    private Task<HubAnswer> WithAsync(string hub, Func<HubLink, Task<HubAnswer>> act) =>
        links.Find(hub) is { } link ? act(link) : Task.FromResult(Unknown(hub));

    private static HubAnswer Unknown(string hub) => HubAnswer.No($"no hub named {hub} is configured");
}

public enum HubState
{
    Unregistered,
    Online,
    Offline,
    Suspended,
}

/// <summary>A hub's link as people see it (PRODUCT §4).</summary>
public sealed record HubStatus
{
    public required string Name { get; init; }
    public required HubState State { get; init; }
    public string? Version { get; init; }
    public string? VersionsUrl { get; init; }
    public IReadOnlyList<HubParty> Parties { get; init; } = [];
    public DateTimeOffset? RegisteredAt { get; init; }

    /// <summary>A handshake that has not ended yet, and is repeated.</summary>
    public string? PendingHandshake { get; init; }

    /// <summary>Since when a token A that was made for the hub waits to be used.</summary>
    public DateTimeOffset? InvitedAt { get; init; }
    public long Backlog { get; init; }

    /// <summary>When the oldest waiting object was first owed.</summary>
    public DateTimeOffset? Oldest { get; init; }
    public long DeadLetters { get; init; }
    public DateTimeOffset? LastDelivery { get; init; }
    public DateTimeOffset? LastContact { get; init; }
    public string? LastError { get; init; }
    public DateTimeOffset? NextProbe { get; init; }
    public long Tokens { get; init; }

    /// <summary>How many parties behind it are <c>CONNECTED</c>, <c>OFFLINE</c>, <c>PLANNED</c>, <c>SUSPENDED</c>; empty when it told of none.</summary>
    public IReadOnlyDictionary<string, int> Clients { get; init; } = new Dictionary<string, int>();

    /// <summary><c>DE*ABC</c>.</summary>
    public IReadOnlyList<string> SuspendedParties { get; init; } = [];
}
