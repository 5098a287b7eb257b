using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.Messages;

/// <summary>One thing that is wrong with a message.</summary>
/// <param name="Path">As in `meterValue[0].sampledValue[2].unit`; empty for the message itself.</param>
/// <param name="Code">The error that a CALL with this flaw deserves.</param>
/// <param name="What">For people; quotes at most <see cref="MaxQuoteChars"/> characters of the value, without control characters.</param>
public sealed record Flaw(string Path, OcppErrorCode Code, string What)
{
    public const int MaxQuoteChars = 40;

    /// <summary>More flaws than this are not listed.</summary>
    public const int MaxListed = 32;

    public override string ToString() => Path.Length == 0 ? $"the message {What}" : $"{Path} {What}";
}

/// <summary>How a message is read.</summary>
public enum Tolerance
{
    /// <summary>As the schema has it: for what we are about to send.</summary>
    Strict,

    /// <summary>
    /// What can be understood is understood: numbers in quotes, texts without, the wrong case, times without a zone, one object for a
    /// list of one. A bad element of a list and a bad optional member are left out. Else the message is refused.
    /// </summary>
    Lenient,

    /// <summary>As Lenient, but never refused: what is required and missing or bad becomes null (an empty list for a list).</summary>
    BestEffort,
}

/// <summary>A message as it was understood.</summary>
/// <param name="Warnings">What was tolerated, each with its path; empty for a faultless message. At most <see cref="Flaw.MaxListed"/>.</param>
public sealed record Received<T>(T Message, IReadOnlyList<string> Warnings) where T : class;
