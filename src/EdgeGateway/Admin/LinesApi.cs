using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Admin;

/// <summary>What the chargers' side knows of a station.</summary>
internal static class LinesApi
{
    public static void MapLines(this RouteGroupBuilder stations)
    {
        stations.MapGet("/{id}/line", static Results<Ok<LineView>, JsonHttpResult<Problem>> (string id, AdminParts parts) =>
                parts.Lines.Line(id) is { } line ? TypedResults.Ok(line) : Nothing($"{id} has no line."))
            .WithSummary("A station's open line: how it got in, its security profile, what came on it");
        stations.MapGet("/{id}/holdings", static async (string id, AdminParts parts, CancellationToken cancellationToken) => TypedResults.Ok(await parts.Lines.HoldingsAsync(id, cancellationToken)))
            .WithSummary("What a station keeps of ours: its local list; and in which ways it takes limits");
        stations.MapGet("/{id}/model", static async Task<Results<Ok<IReadOnlyList<VariableView>>, JsonHttpResult<Problem>>> (string id, AdminParts parts, CancellationToken cancellationToken) =>
                await parts.Lines.ModelAsync(id, cancellationToken) is { } model ? TypedResults.Ok(model) : Nothing($"{id} never told its device model."))
            .WithSummary("A station's device model as it told it last (OCPP 2.x)");
    }

    private static JsonHttpResult<Problem> Nothing(string detail) => Problems.Of(StatusCodes.Status404NotFound, "Not found", detail);
}
