using System.Collections.Immutable;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;

namespace EdgeGateway.Simulators.Hub;

/// <summary>A request that reached the hub, and what became of it.</summary>
public sealed record ReceivedRequest
{
    /// <summary>From 1, in order of arrival.</summary>
    public required long Sequence { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Method { get; init; }

    /// <summary>Of its path; null: it asked which there are.</summary>
    public OcpiVersion? Version { get; init; }

    /// <summary>OCPI module: <c>locations</c>, <c>sessions</c>, …; <c>versions</c> for versions and details.</summary>
    public required string Module { get; init; }

    /// <summary>Below the receiver's endpoint, unescaped, joined with <c>/</c>: <c>DE/ABC/BER01</c>.</summary>
    public required string Subject { get; init; }
    public required IReadOnlyDictionary<string, string> Headers { get; init; }
    public required byte[] Body { get; init; }

    /// <summary>The fault that befell it.</summary>
    public HubFaultKind? Fault { get; init; }

    /// <summary>As sent, or as it would have been; 0 when the fault left none.</summary>
    public int HttpStatus { get; init; }
    public int OcpiStatus { get; init; }
}

/// <summary>An answer that the hub got when it called the CPO.</summary>
public sealed record HeardAnswer(string Method, string Url, string Module, int HttpStatus, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public OcpiVersion Version { get; init; } = OcpiVersion.V221;
}

/// <summary>One version of an object, as the hub then held it.</summary>
/// <param name="Sequence">The request that made it.</param>
/// <param name="Json">Whole object; not to be changed.</param>
public sealed record StoredVersion(long Sequence, DateTimeOffset At, string Method, byte[] Body, JsonObject Json)
{
    public OcpiVersion Version { get; init; } = OcpiVersion.V221;
}

/// <summary>An object that the hub holds, with every version it ever received.</summary>
public sealed record StoredObject(string Module, string Id, ImmutableList<StoredVersion> Versions)
{
    public JsonObject Latest => Versions[^1].Json;
}

/// <summary>A rule that the CPO broke.</summary>
/// <param name="Rule">Id of the checklist or an invariant: P6, I3, …</param>
public sealed record RuleBreach(string Rule, string Subject, string Text)
{
    public override string ToString() => $"{Rule} {Subject}: {Text}";
}

/// <summary>The hub's late word on a command: what the CPO posted to its response_url.</summary>
public sealed record CommandOutcome(string Result, string? Message)
{
    /// <summary>As posted: an active charging profile, for example.</summary>
    public JsonObject Whole { get; init; } = [];
}

/// <summary>A command that the hub sent.</summary>
/// <param name="Response">At once: ACCEPTED, REJECTED, …; empty when the answer was an error.</param>
/// <param name="OcpiStatus">status_code of the answer.</param>
/// <param name="Outcome">Completes with the CommandResult.</param>
public sealed record CommandExchange(string Id, string Response, int OcpiStatus, int? TimeoutSeconds, Task<CommandOutcome> Outcome);

/// <summary>A real-time authorization that the CPO asked for.</summary>
public sealed record AuthorizeAsked(DateTimeOffset At, string Uid, string Type, string? LocationId, string Allowed);
