using System.Collections.Immutable;

namespace EdgeGateway.Simulators.Hub;

/// <summary>What can go wrong at a hub.</summary>
public enum HubFaultKind
{
    /// <summary>Takes the request and never answers.</summary>
    Hang,

    /// <summary>HTTP 500 without a body.</summary>
    InternalError,

    /// <summary>HTTP 200 with a web page, as proxies and captive portals send it.</summary>
    Html,

    /// <summary>HTTP 200 with status_code 3000.</summary>
    ServerError3000,

    /// <summary>Stores, answers half of the body and drops the line.</summary>
    HalfAnswer,

    /// <summary>Stores and drops the line without a byte.</summary>
    StoreThenDrop,

    /// <summary>HTTP 401.</summary>
    Unauthorized,

    /// <summary>HTTP 429 with Retry-After.</summary>
    TooManyRequests,

    /// <summary>HTTP 200 with status_code 2001: refused for good.</summary>
    Refuse2001,

    /// <summary>Answers well, after <see cref="HubFault.Delay"/>.</summary>
    Slow,
}

/// <summary>A fault and the requests it befalls; what is left open matches all.</summary>
public sealed record HubFault(HubFaultKind Kind)
{
    /// <summary>For example <c>cdrs</c>, <c>sessions</c>, <c>tokens</c>, <c>credentials</c>, <c>versions</c>.</summary>
    public string? Module { get; init; }
    public string? Method { get; init; }

    /// <summary>A part of the request's body or path, for example an object's id.</summary>
    public string? Containing { get; init; }

    /// <summary>How many requests it befalls before it passes.</summary>
    public int Times { get; init; } = int.MaxValue;
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>The switchboard of a hub's faults. The first that matches a request befalls it.</summary>
public sealed class HubFaults
{
    private readonly Lock _lock = new();
    private ImmutableList<(HubFault Fault, int Left)> _faults = [];

    public void Inject(HubFault fault)
    {
        lock (_lock)
            _faults = _faults.Add((fault, fault.Times));
    }

    public void Inject(HubFaultKind kind) => Inject(new HubFault(kind));

    public void Clear()
    {
        lock (_lock)
            _faults = [];
    }

    internal HubFault? Take(string method, string module, string path, string body)
    {
        lock (_lock)
        {
            var at = _faults.FindIndex(f => Befalls(f.Fault, method, module, path, body));
            if (at < 0)
                return null;
            var (fault, left) = _faults[at];
            _faults = left > 1 ? _faults.SetItem(at, (fault, left - 1)) : _faults.RemoveAt(at);
            return fault;
        }
    }

    private static bool Befalls(HubFault fault, string method, string module, string path, string body) =>
        (fault.Module is null || fault.Module == module)
        && (fault.Method is null || fault.Method == method)
        && (fault.Containing is null || path.Contains(fault.Containing, StringComparison.Ordinal) || body.Contains(fault.Containing, StringComparison.Ordinal));
}
