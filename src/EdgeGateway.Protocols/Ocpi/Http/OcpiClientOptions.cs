namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>Limits of a client (T12); one set per hub.</summary>
public sealed record OcpiClientOptions
{
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The whole call, answer and redirects included; a call may set its own.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After unpacking: a page of a thousand tokens is about 0.5 MB.</summary>
    public int MaxAnswerBytes { get; init; } = 8 * 1024 * 1024;

    public int MaxRequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Calls at a time; more wait for a free connection.</summary>
    public int MaxConcurrentCalls { get; init; } = 8;

    public int MaxRedirects { get; init; } = 3;

    /// <summary>Pages of one crawl; a hub with more tokens than this times a thousand does not exist.</summary>
    public int MaxPages { get; init; } = 20_000;

    /// <summary>A moved hub (DNS) is found again after this.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>With what a peer is addressed: fixed at the handshake, replaced as a whole when credentials or version change.</summary>
public sealed record OcpiAccess
{
    public required string Token { get; init; }

    public required TokenEncoding TokenEncoding { get; init; }

    public required OcpiFormat Format { get; init; }

    /// <summary>Without the token, which belongs in no log.</summary>
    public override string ToString() => $"OcpiAccess {{ {Format.Version.Text()}, {TokenEncoding} }}";
}

/// <summary>What one call has of its own.</summary>
public sealed record OcpiCall
{
    public static readonly OcpiCall Plain = new();

    public OcpiRouting? Routing { get; init; }

    /// <summary>Equal along a chain: a retry repeats it (T11). Null: a new chain.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Null: the client's. An authorize has a driver waiting (TK5).</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Any 2xx without a body counts as delivered: results of commands (K2).</summary>
    public bool EmptyAnswerIsSuccess { get; init; }
}
