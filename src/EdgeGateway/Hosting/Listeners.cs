using Microsoft.AspNetCore.Routing.Matching;

namespace EdgeGateway.Hosting;

/// <summary>The three doors of the program (PRODUCT §2).</summary>
public enum Listener
{
    Ocpp,
    Ocpi,
    Admin,
}

/// <summary>Put on each connection by the socket it came in through: nothing that a client writes can change it, unlike a Host header.</summary>
public sealed record ListenerFeature(Listener Listener);

/// <summary>Put on endpoints: the only listener that serves them.</summary>
public sealed record OnListener(Listener Listener);

internal static class ListenerExtensions
{
    public static Listener? Listener(this HttpContext context) => context.Features.Get<ListenerFeature>()?.Listener;

    /// <summary>What is mapped on the result exists on this listener alone.</summary>
    public static RouteGroupBuilder MapListener(this IEndpointRouteBuilder app, Listener listener) => app.MapGroup("").WithMetadata(new OnListener(listener));
}

/// <summary>
/// Splits the routes by listener before anything else is matched, methods included: whatever belongs to another listener, or to none,
/// does not exist (404, never 405 or 401).
/// </summary>
internal sealed class ListenerPolicy : MatcherPolicy, INodeBuilderPolicy
{
    /// <summary>The framework's own policies begin at -1000 (methods).</summary>
    public override int Order => -2000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Count > 0;

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints) =>
    [
        .. from endpoint in endpoints
           let home = endpoint.Metadata.GetMetadata<OnListener>()
           where home is not null
           group endpoint by home.Listener into served
           select new PolicyNodeEdge(served.Key, [.. served]),
    ];

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges) =>
        new Table(exitDestination, edges.ToDictionary(e => (Listener)e.State, e => e.Destination));

    private sealed class Table(int exit, Dictionary<Listener, int> destinations) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext) =>
            httpContext.Listener() is { } listener && destinations.TryGetValue(listener, out var destination) ? destination : exit;
    }
}
