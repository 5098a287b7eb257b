using EdgeGateway.Site;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Admin;

/// <summary>Firmware that is put in for chargers, what they bring, and how far either is.</summary>
internal static class FilesApi
{
    /// <summary>Seconds that a question about a job may wait for news.</summary>
    public const int MostWaitSeconds = 60;

    public static void MapFiles(this RouteGroupBuilder api)
    {
        var firmware = api.MapGroup("/firmware").WithTags("Files");
        firmware.MapGet("", static (AdminParts parts) => TypedResults.Ok(parts.Files.Firmware())).WithSummary("Firmware that was put into the gateway");
        firmware.MapPut("/{name}", PutAsync).Accepts<Stream>("application/octet-stream").WithSummary("Puts firmware into the gateway, for chargers to fetch");
        firmware.MapDelete("/{name}", static Results<NoContent, JsonHttpResult<Problem>> (string name, AdminParts parts) =>
                parts.Files.Drop(name) is { } why ? Problems.Of(StatusCodes.Status409Conflict, "Not possible now", why) : TypedResults.NoContent())
            .WithSummary("Takes firmware away");

        var jobs = api.MapGroup("/stations/{id}").WithTags("Files");
        jobs.MapGet("/jobs", static async Task<Results<Ok<IReadOnlyList<JobView>>, JsonHttpResult<Problem>>> (string id, SiteEngine engine, TimeProvider clock, IStationJobs jobs, CancellationToken cancellationToken) =>
                engine.State.View(id, clock.GetUtcNow()) is { } station
                    ? TypedResults.Ok<IReadOnlyList<JobView>>([.. (await jobs.OfAsync(station.Id, cancellationToken)).Select(static j => j.View())])
                    : NoStation(id))
            .WithSummary("What a station was asked to fetch or bring, newest first");
        jobs.MapGet("/jobs/{number:int}", JobAsync)
            .WithSummary("One job; with wait=SECONDS once it has more than steps=N and bytes=N, or is over");
        jobs.MapGet("/jobs/{number:int}/file", FileAsync).WithSummary("The log that a station brought").Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream");
        jobs.MapGet("/files", static async Task<Results<Ok<IReadOnlyList<JobView>>, JsonHttpResult<Problem>>> (string id, SiteEngine engine, TimeProvider clock, IStationJobs jobs, CancellationToken cancellationToken) =>
                engine.State.View(id, clock.GetUtcNow()) is { } station
                    ? TypedResults.Ok<IReadOnlyList<JobView>>([.. (await jobs.OfAsync(station.Id, cancellationToken)).Where(static j => j.HasFile).Select(static j => j.View())])
                    : NoStation(id))
            .WithSummary("Logs of a station that are here, newest first");
    }

    private static async Task<Results<NoContent, JsonHttpResult<Problem>>> PutAsync(HttpContext context, string name, AdminParts parts)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = parts.Files.MostBytes() + 1;
        return await parts.Files.KeepAsync(name, context.Request.Body, context.RequestAborted) is { } why
            ? Problems.Of(StatusCodes.Status409Conflict, "Not taken", why)
            : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<JobView>, JsonHttpResult<Problem>>> JobAsync(
        string id, int number, int? wait, int? steps, long? bytes, SiteEngine engine, TimeProvider clock, IStationJobs jobs, CancellationToken cancellationToken)
    {
        if (engine.State.View(id, clock.GetUtcNow()) is not { } station)
            return NoStation(id);
        var patience = TimeSpan.FromSeconds(Math.Clamp(wait ?? 0, 0, MostWaitSeconds));
        var job = patience == TimeSpan.Zero
            ? (await jobs.OfAsync(station.Id, cancellationToken)).FirstOrDefault(j => j.Number == number)
            : await jobs.ChangedAsync(station.Id, number, steps ?? int.MaxValue, bytes ?? long.MaxValue, patience, cancellationToken);
        return job is null ? NoJob(id, number) : TypedResults.Ok(job.View());
    }

    private static async Task<Results<FileStreamHttpResult, JsonHttpResult<Problem>>> FileAsync(string id, int number, AdminParts parts, CancellationToken cancellationToken) =>
        await parts.Files.OpenLogAsync(id, number, cancellationToken) is { } content
            ? TypedResults.Stream(content, "application/octet-stream", enableRangeProcessing: true)
            : Problems.Of(StatusCodes.Status404NotFound, "Not found", $"There is no log of job {number} of {id} here.");

    private static JsonHttpResult<Problem> NoStation(string id) => Problems.Of(StatusCodes.Status404NotFound, "Not found", $"No station is called {id}.");

    private static JsonHttpResult<Problem> NoJob(string id, int number) => Problems.Of(StatusCodes.Status404NotFound, "Not found", $"{id} has no job {number}.");
}
