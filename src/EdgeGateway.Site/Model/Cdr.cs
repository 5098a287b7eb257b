using EdgeGateway.Site.Pricing;

namespace EdgeGateway.Site.Model;

/// <summary>What is billed for one finished session. Written once, at its end, and never changed (I4).</summary>
public sealed record Cdr
{
    /// <summary>The session's id: one session, one CDR, by construction (D1).</summary>
    public required string Id { get; init; }

    /// <summary>The finished session, with its course.</summary>
    public required Session Session { get; init; }
    public required Bill Bill { get; init; }

    /// <summary>UTC, whole seconds; also its last_updated (D10).</summary>
    public required DateTimeOffset Created { get; init; }
}
