namespace EdgeGateway.Hubs;

/// <summary>What this folder needs to know. Read anew at each use: the file may change while the program runs.</summary>
public sealed record HubsOptions
{
    /// <summary>The base that hubs see, without a trailing slash, for example <c>https://gw.example.com/ocpi</c>. Its path is the one served.</summary>
    public required string PublicUrl { get; init; }

    /// <summary>Plain HTTP from and to hubs off loopback (T1: only in tests).</summary>
    public bool AllowPlaintext { get; init; }
    public IReadOnlyList<HubOptions> Hubs { get; init; } = [];
    public HubLimits Limits { get; init; } = new();

    public HubOptions? Hub(string name) => Hubs.FirstOrDefault(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase));
}

public sealed record HubOptions
{
    public required string Name { get; init; }

    /// <summary>May be absent only where the hub registers with us.</summary>
    public string? VersionsUrl { get; init; }

    /// <summary>Token A: ours to use once (<see cref="HubInitiator.Us"/>), or to be shown to us once (<see cref="HubInitiator.Hub"/>).</summary>
    public string? RegistrationToken { get; init; }

    /// <summary>In order of preference (V2).</summary>
    public IReadOnlyList<string> Versions { get; init; } = ["2.3.0", "2.2.1", "2.1.1"];
    public HubTokenEncoding TokenEncoding { get; init; }

    /// <summary>The hub's own codes, for broadcast pushes and for lists (checklist §6).</summary>
    public string? CountryCode { get; init; }
    public string? PartyId { get; init; }
    public HubInitiator Initiator { get; init; }

    /// <summary>Further places that a response_url or a credentials url may name, beside those of the hub's endpoints (K2, S9): <c>host</c> for the
    /// scheme's own port, <c>host:port</c> for another.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];
    public HubRouting Routing { get; init; }

    /// <summary>Connector tariff id to the one that this hub is shown.</summary>
    public IReadOnlyDictionary<string, string> Tariffs { get; init; } = new Dictionary<string, string>();
}

/// <summary>How the token is written into the Authorization header (T2).</summary>
public enum HubTokenEncoding
{
    /// <summary>By version; tried the other way once when the first call gets a 401.</summary>
    Auto,
    Base64,
    Plain,
}

public enum HubInitiator
{
    Us,
    Hub,
}

/// <summary>Who finds out the receiver of a session or CDR (R1).</summary>
public enum HubRouting
{
    /// <summary>The hub: no <c>to</c> headers.</summary>
    Open,

    /// <summary>We: <c>to</c> is the owner of the token.</summary>
    Owner,
}

/// <summary>Everything that has a limit or a pace, by name.</summary>
public sealed record HubLimits
{
    /// <summary>A whole call to a hub, answer included (T12).</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A driver waits at the charger (TK5: 5 to 8 s).</summary>
    public TimeSpan AuthorizeTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Told to the hub in the answer to a command, and kept (K1).</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Calls that carry objects to one hub at the same time (P4).</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>Objects that are being read, sent or settled for one hub: more than calls, so that neither the disk nor the hub waits for the other.</summary>
    public int UnderWay { get; init; } = 64;

    /// <summary>First step and cap of the full-jitter backoff (I13).</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan RetryCap { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two looks at a hub when somebody does not want to wait.</summary>
    public TimeSpan HastenedWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A hub's Retry-After is kept up to this.</summary>
    public TimeSpan RetryAfterCap { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Registration is repeated at least this often.</summary>
    public TimeSpan RegistrationCap { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A hub that refuses our token is looked at again this often (P8: no hammering).</summary>
    public TimeSpan SuspendedProbe { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A replaced token of ours lives on until the new one is used, at most this long (C5).</summary>
    public TimeSpan OldTokenLife { get; init; } = TimeSpan.FromHours(24);
    public TimeSpan TokenDeltaInterval { get; init; } = TimeSpan.FromHours(6);
    public TimeSpan TokenFullInterval { get; init; } = TimeSpan.FromDays(7);

    /// <summary>A delta starts this much before the last one began: the hub's clock is not ours (checklist §4).</summary>
    public TimeSpan TokenDeltaOverlap { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The list of the parties behind a hub is asked for this often, and when that failed, again after the other.</summary>
    public TimeSpan ClientPullInterval { get; init; } = TimeSpan.FromDays(1);
    public TimeSpan ClientPullRetry { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Asked for per page of tokens.</summary>
    public int TokenPage { get; init; } = 500;

    /// <summary>Pages of one pull; beyond it the hub's Link headers are taken to lead nowhere.</summary>
    public int TokenPages { get; init; } = 20_000;

    /// <summary>Greatest page of ours (L2).</summary>
    public int PageMost { get; init; } = 1000;

    /// <summary>When the hub asks for no limit.</summary>
    public int PageDefault { get; init; } = 100;

    /// <summary>A request body of a hub, in bytes (T12).</summary>
    public int BodyBytes { get; init; } = 256 * 1024;

    /// <summary>An answer of a hub, in bytes (T12).</summary>
    public int AnswerBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Requests of one hub per second, and as many of them at once (S13).</summary>
    public int RequestsPerSecond { get; init; } = 50;
    public int RequestBurst { get; init; } = 200;

    /// <summary>Requests without a valid token, per address and minute (S3).</summary>
    public int StrangersPerMinute { get; init; } = 60;

    /// <summary>Commands of one hub that may wait for their outcome.</summary>
    public int CommandsWaiting { get; init; } = 100;
}
