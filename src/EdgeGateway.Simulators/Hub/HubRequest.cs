using EdgeGateway.Protocols.Ocpi;
using Microsoft.AspNetCore.Http;

namespace EdgeGateway.Simulators.Hub;

/// <summary>A request, taken apart.</summary>
/// <param name="Path">Segments, unescaped once (T13); the first is <c>ocpi</c>.</param>
internal sealed record HubRequest(
    long Sequence, DateTimeOffset At, string Method, string[] Path, IQueryCollection Query, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Null: the list of versions, or a version that OCPI does not have.</summary>
    public OcpiVersion? Version => Path is [_, var version, ..] ? OcpiVersions.Parse(version) : null;

    /// <summary>Below the version's details.</summary>
    public string[] Rest => Path is [_, _, .. var rest] ? rest : [];

    public string Module => Rest switch
    {
        ["receiver", var module, ..] => module,
        [var module, ..] => module,
        _ => "versions",
    };

    /// <summary>What follows the module's endpoint.</summary>
    public IReadOnlyList<string> Below => Rest switch
    {
        ["receiver", _, .. var below] => below,
        [_, .. var below] => below,
        _ => [],
    };

    public string Subject => string.Join('/', Below);

    public string Name => $"{Method} {Module}";

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
