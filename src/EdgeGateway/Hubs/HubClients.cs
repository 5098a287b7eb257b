using System.Text.Json;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs;

/// <summary>The parties behind one hub, as it pushed and listed them (H1; document <c>hub/NAME/clients</c>). Readers need no lock.</summary>
public sealed class HubClients(string hub, IDocuments documents) : IDisposable
{
    /// <summary>More are not kept: a hub that lists more than there are companies in this trade is not to fill our disk.</summary>
    public const int Most = 5000;

    private readonly SemaphoreSlim _writing = new(1);
    private HubClientRecord _record = new();

    public HubClientRecord Record => Volatile.Read(ref _record);

    private string Document => $"hub/{hub}/clients";

    public IReadOnlyList<HubClient> Find(string countryCode, string partyId) => Record.Find(countryCode, partyId);

    /// <summary>The hub says that this party takes no part at present; nothing is routed to it, and nobody is asked on its behalf.</summary>
    public bool IsSuspended(Party party) => Find(party.CountryCode, party.PartyId) is { Count: > 0 } found && found.All(c => c.Status == HubClientStatus.Suspended);

    /// <summary>False only for a party that a whole list of this hub's lacks.</summary>
    public bool MayHave(Party party) => Record.LastFull is null || Find(party.CountryCode, party.PartyId).Count > 0;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (await documents.ReadAsync(Document, cancellationToken) is not { } json)
            return;
        try
        {
            Volatile.Write(ref _record, JsonSerializer.Deserialize(json, HubJsonContext.Default.HubClientRecord) ?? new());
        }
        catch (JsonException)
        {
            // The next pull brings them again.
        }
    }

    /// <summary>A pushed one. Older news than what is kept changes nothing, as with tokens.</summary>
    public Task KeepAsync(HubClient client, CancellationToken cancellationToken) => ChangeAsync(
        record =>
        {
            var others = record.Clients.Where(c => !c.Is(client)).ToList();
            var kept = record.Clients.FirstOrDefault(c => c.Is(client));
            return kept?.LastUpdated > client.LastUpdated || others.Count >= Most ? record
                : new() { Registered = record.Registered, LastFull = record.LastFull, Clients = [.. others, client] };
        },
        cancellationToken);

    /// <summary>A whole list: who is not in it is not there any more, but for those who were pushed since <paramref name="began"/>.</summary>
    public Task ReplaceAsync(IReadOnlyList<HubClient> all, DateTimeOffset began, DateTimeOffset? registered, CancellationToken cancellationToken) => ChangeAsync(
        record =>
        {
            var newer = record.Registered == registered ? record.Clients.Where(c => c.LastUpdated >= began) : [];
            return new() { Registered = registered, LastFull = began, Clients = [.. all.Concat(newer).GroupBy(c => c.Key).Select(g => g.MaxBy(c => c.LastUpdated)!).Take(Most)] };
        },
        cancellationToken);

    /// <summary>A hub that has no list has none to remember either.</summary>
    public Task ForgetAsync(CancellationToken cancellationToken) => ChangeAsync(_ => new(), cancellationToken);

    public void Dispose() => _writing.Dispose();

    private async Task ChangeAsync(Func<HubClientRecord, HubClientRecord> change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var next = change(Record);
            if (ReferenceEquals(next, Record))
                return;
            await documents.WriteAsync(Document, JsonSerializer.Serialize(next, HubJsonContext.Default.HubClientRecord), cancellationToken);
            Volatile.Write(ref _record, next);
        }
        finally
        {
            _writing.Release();
        }
    }
}

/// <summary>Immutable; its index is made when it is first asked.</summary>
public sealed class HubClientRecord
{
    private readonly Lazy<ILookup<string, HubClient>> _byParty;

    public HubClientRecord() => _byParty = new(() => Clients.ToLookup(c => PartyKey(c.CountryCode, c.PartyId)));

    /// <summary>Of the registration under which the list was pulled.</summary>
    public DateTimeOffset? Registered { get; init; }

    /// <summary>When the last whole list was asked for.</summary>
    public DateTimeOffset? LastFull { get; init; }
    public IReadOnlyList<HubClient> Clients { get; init; } = [];

    public IReadOnlyList<HubClient> Find(string countryCode, string partyId) => [.. _byParty.Value[PartyKey(countryCode, partyId)]];

    private static string PartyKey(string countryCode, string partyId) => $"{countryCode}*{partyId}".ToUpperInvariant();
}
