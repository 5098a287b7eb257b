using EdgeGateway.Site.Pricing;

namespace EdgeGateway.Site.Model;

/// <summary>What is billed for one finished session. Written once, at its end, and never changed (I4).</summary>
public sealed record Cdr
{
    /// <summary>Characters of an id without a suffix (D4).</summary>
    public const int OriginalIdLength = 36;

    /// <summary>The session's id: one session, one CDR, by construction (D1). A credit of it and a corrected one have a suffix (D7).</summary>
    public required string Id { get; init; }

    /// <summary>Set in a credit: the CDR whose cost it takes back (D7).</summary>
    public string? CreditOf { get; init; }

    /// <summary>Set in a corrected CDR: the one that was credited before.</summary>
    public string? CorrectionOf { get; init; }

    /// <summary>Why an operator credited or corrected it.</summary>
    public string? Remark { get; init; }

    /// <summary>The finished session, with its course.</summary>
    public required Session Session { get; init; }
    public required Bill Bill { get; init; }

    /// <summary>UTC, whole seconds; also its last_updated (D10).</summary>
    public required DateTimeOffset Created { get; init; }
}
