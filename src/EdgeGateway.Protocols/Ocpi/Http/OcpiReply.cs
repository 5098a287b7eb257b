using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>How a delivery is settled (P8).</summary>
public enum OcpiOutcome
{
    /// <summary>HTTP 2xx and a code from 1000 to 1999.</summary>
    Success,

    /// <summary>May pass: try again, with backoff, without end.</summary>
    Retryable,

    /// <summary>401 or 403: stop this hub, alarm, do not hammer.</summary>
    Unauthorized,

    /// <summary>The content was refused for good: set aside with the hub's answer, the next one goes on.</summary>
    Refused,

    /// <summary>
    /// 404 or 405 that names no fault of the content: the module has moved, so read the version details again (V6); or, where one object was
    /// asked for, it does not exist.
    /// </summary>
    ModuleGone,
}

/// <summary>Where a call broke.</summary>
public enum OcpiStage
{
    /// <summary>Nowhere.</summary>
    Done,

    /// <summary>Nothing was sent: our own body exceeds the limit.</summary>
    Prepare,

    /// <summary>No connection, no name, no TLS.</summary>
    Connect,

    /// <summary>The time limit, before a whole answer was there. What was sent may have been stored.</summary>
    Timeout,

    /// <summary>The line broke or the answer exceeded the limit. What was sent may have been stored.</summary>
    Receive,

    /// <summary>A redirect that must not be followed (T10): another host, or too many.</summary>
    Redirect,

    /// <summary>An HTTP status that is no success.</summary>
    HttpStatus,

    /// <summary>HTTP 2xx, but no envelope: a captive portal's page, half an answer.</summary>
    Envelope,

    /// <summary>An envelope whose code is no success.</summary>
    StatusCode,

    /// <summary>A successful envelope whose data is missing or is not what was asked for.</summary>
    Data,
}

/// <summary>What came of a call, with all that a technician needs to judge the peer (T7).</summary>
public record OcpiReply
{
    /// <summary>Characters of the peer's raw answer that are kept.</summary>
    public const int MaxRawAnswerLength = 2000;

    /// <summary>A peer that asks for more patience than this is asked again anyway.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    public required OcpiOutcome Outcome { get; init; }

    public required OcpiStage Stage { get; init; }

    /// <summary>Null when there was no answer.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Null when there was no envelope.</summary>
    public int? StatusCode { get; init; }

    public string? StatusMessage { get; init; }

    /// <summary>Header Location, as an absolute url (a peer may send it relative, D2); null when missing or unusable.</summary>
    public string? Location { get; init; }

    /// <summary>How long the peer wants to be left alone (429, 503); from now, at most <see cref="MaxRetryAfter"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// The answer's text, cut to <see cref="MaxRawAnswerLength"/>, credentials tokens blotted out; empty when there was none. It may hold the
    /// uid of a card: for the technician's eyes, not for the log.
    /// </summary>
    public string RawAnswer { get; init; } = "";

    /// <summary>In one line: what happened, for logs and for <c>outbox list</c>.</summary>
    public required string Reason { get; init; }

    public required OcpiIds Ids { get; init; }

    public bool IsSuccess => Outcome == OcpiOutcome.Success;

    /// <summary>
    /// Whether a refusal says that the object is there already: for a repeated CDR that is a delivery (D3). By the status (409) or by the words.
    /// </summary>
    public bool SaysAlreadyExists => Outcome == OcpiOutcome.Refused
        && (HttpStatus == 409
            || Says("already exist") || Says("already been") || Says("duplicate") || Says("already known") || Says("already stored") || Says("already present"));

    private bool Says(string words) => (StatusMessage ?? RawAnswer).Contains(words, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A reply of which data was wanted; <see cref="Data"/> is there exactly when the call succeeded.</summary>
public sealed record OcpiReply<T> : OcpiReply
    where T : class
{
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    internal OcpiReply(OcpiReply reply)
        : base(reply)
    {
    }

    public T? Data { get; init; }

    /// <summary>What was wrong with the data when <see cref="OcpiReply.Stage"/> is <see cref="OcpiStage.Data"/>, or with elements that were left out.</summary>
    public IReadOnlyList<OcpiFault> Faults { get; init; } = [];

    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Data))]
    public bool HasData => IsSuccess && Data is not null;
}
