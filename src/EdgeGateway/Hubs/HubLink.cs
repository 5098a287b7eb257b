using System.Text.Json;
using EdgeGateway.Hubs.Delivery;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs;

/// <summary>One hub: what is stored of it, whether it can be reached, and the connections to it.</summary>
public sealed class HubLink : IDisposable
{
    private readonly IDocuments _documents;
    private readonly TimeProvider _clock;
    private readonly Func<HubsOptions> _options;
    private readonly HttpClient _http;
    private readonly OcpiClientOptions _clientOptions;
    private readonly SemaphoreSlim _writing = new(1);
    private HubRecord _record = new();

    public HubLink(string name, Func<HubsOptions> options, IDocuments documents, Backoff backoff, TimeProvider clock)
    {
        Name = name;
        _options = options;
        _documents = documents;
        _clock = clock;
        var limits = options().Limits;
        _clientOptions = new()
        {
            CallTimeout = limits.CallTimeout,
            MaxAnswerBytes = limits.AnswerBytes,
            MaxPages = limits.TokenPages,
            // Deliveries must never take the last line from a driver who waits for his authorization.
            MaxConcurrentCalls = limits.Parallel * 2,
        };
        Lines = new(limits.Parallel);
        Clients = new(name, documents);
        _http = OcpiClient.CreateHttp(_clientOptions);
        Circuit = new(clock, backoff, () => options().Limits) { Moved = Stirred.Raise };
    }

    public string Name { get; }

    /// <summary>As the file says now; what is left of it when it names the hub no more.</summary>
    public HubOptions Options => _options().Hub(Name) ?? new() { Name = Name };

    /// <summary>A hub that the file names no more is left alone; what is stored of it stays, it may come back.</summary>
    public bool IsConfigured => _options().Hub(Name) is not null;
    public HubLimits Limits => _options().Limits;

    /// <summary>Registered, not on the way out, and named by the file.</summary>
    public bool IsPartner => IsConfigured && Record.IsPartner;
    public HubCircuit Circuit { get; }

    /// <summary>As it is on disk. Immutable: readers need no lock.</summary>
    public HubRecord Record => Volatile.Read(ref _record);

    /// <summary>The parties behind it, as far as it told.</summary>
    public HubClients Clients { get; }

    /// <summary>Raised when the hub has taken a location: whoever was told that it does not know ours may ask again.</summary>
    public Signal Placed { get; } = new();

    /// <summary>Calls that carry objects to this hub at the same time (P4).</summary>
    public SemaphoreSlim Lines { get; }

    /// <summary>One handshake at a time with a hub, whoever began it (C7).</summary>
    public SemaphoreSlim Handshaking { get; } = new(1);

    /// <summary>Raised by everything that the hub's loops may wait for.</summary>
    public Signal Stirred { get; } = new();

    /// <summary>When the hub last accepted something of ours.</summary>
    public DateTimeOffset? LastDelivery { get; set; }

    /// <summary>What is wrong with the registration, in plain words; null when nothing is.</summary>
    public string? Trouble { get; set; }

    /// <summary>The party behind the hub that speaks, else the hub itself, as far as either is known.</summary>
    public Party? PartyOf(OcpiParty? from) =>
        from is { } told ? new(told.CountryCode, told.PartyId)
        : Options is { CountryCode: { } country, PartyId: { } party } ? new(country, party)
        : Record.Parties.FirstOrDefault(p => p.Role == HubParty.Hub) is { } hub ? new(hub.CountryCode, hub.PartyId)
        : Record.Parties is [var only] ? new(only.CountryCode, only.PartyId) : null;

    /// <summary>The hub's own codes: the receiver of broadcasts and of lists through it (checklist §6). Null when they are not known.</summary>
    public OcpiParty? Itself =>
        Options is { CountryCode: { } country, PartyId: { } party } ? new(country, party)
        : Record.Parties.FirstOrDefault(p => p.Role == HubParty.Hub) is { } hub ? new(hub.CountryCode, hub.PartyId) : null;

    public string DocumentName => $"hub/{Name}";

    /// <summary>TK3: false for a party that is known not to be behind this hub: neither among its roles, none of which is a hub's, nor in its list.</summary>
    public bool MayHave(Party party) =>
        Record.Parties.Count == 0
        || Record.Parties.Any(p => string.Equals(p.Role, "HUB", StringComparison.OrdinalIgnoreCase) || new Party(p.CountryCode, p.PartyId).Is(party))
        || Clients.MayHave(party);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await Clients.LoadAsync(cancellationToken);
        if (await _documents.ReadAsync(DocumentName, cancellationToken) is not { } json)
            return;
        try
        {
            Volatile.Write(ref _record, JsonSerializer.Deserialize(json, HubJsonContext.Default.HubRecord) ?? new());
        }
        catch (JsonException)
        {
            // One damaged record keeps neither the site nor the other hubs from starting (I19).
            Trouble = "what was stored of this hub is damaged: register with it anew, with a new registration token";
        }
    }

    /// <summary>Stores what <paramref name="change"/> makes of the record; it is in force when this returns, and not before.</summary>
    public async Task ChangeAsync(Func<HubRecord, HubRecord> change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var next = change(Record);
            if (next == Record)
                return;
            await _documents.WriteAsync(DocumentName, JsonSerializer.Serialize(next, HubJsonContext.Default.HubRecord), cancellationToken);
            Volatile.Write(ref _record, next);
        }
        finally
        {
            _writing.Release();
        }
        Stirred.Raise();
    }

    /// <summary>The dialect of the version agreed on; null when not registered, or in a version this program no longer speaks.</summary>
    public IHubDialect? Dialect => HubDialects.For(Record.Version, Options);

    /// <summary>Speaks to the hub with the credentials in force; null when there are none.</summary>
    public OcpiClient? Client() =>
        Record.OutboundToken is { } token && Dialect is { } dialect ? Client(token, Encoding, dialect.Format) : null;

    /// <summary>The setting, else what was found out at the handshake (T2): a technician who sees 401s can mend it without a new registration.</summary>
    public TokenEncoding Encoding => Options.TokenEncoding switch
    {
        HubTokenEncoding.Plain => TokenEncoding.Plain,
        HubTokenEncoding.Base64 => TokenEncoding.Base64,
        _ => Record.Encoding,
    };

    public OcpiClient Client(string token, TokenEncoding encoding, OcpiFormat format) =>
        new(_http, _clientOptions, new() { Token = token, TokenEncoding = encoding, Format = format }, _clock);

    public void Dispose()
    {
        _http.Dispose();
        Clients.Dispose();
        _writing.Dispose();
        Handshaking.Dispose();
        Lines.Dispose();
    }
}
