using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Admin;

/// <summary>The site's meters, and the lines that they are read on.</summary>
public static class MetersApi
{
    /// <summary>What a scan waits for one answer at most, and at least.</summary>
    public const int GreatestTimeoutMs = 5_000;

    public const int LeastTimeoutMs = 20;
    public const int UsualTimeoutMs = 300;

    private const string Lines = "application/x-ndjson";

    internal static void MapMeters(this RouteGroupBuilder api)
    {
        var meters = api.MapGroup("/meters");
        meters.MapGet("", static (AdminParts parts) => TypedResults.Ok(parts.Meters.All())).WithSummary("Meters and what they show");
        meters.MapGet("/{id}", static Results<Ok<MeterView>, JsonHttpResult<Problem>> (string id, AdminParts parts) =>
                parts.Meters.All().FirstOrDefault(m => m.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } meter ? TypedResults.Ok(meter) : Unknown(id))
            .WithSummary("One meter");
        meters.MapGet("/{id}/registers", static async Task<Results<Ok<RegistersView>, JsonHttpResult<Problem>>> (string id, AdminParts parts, CancellationToken cancellationToken) =>
                await parts.Meters.RegistersAsync(id, cancellationToken) is not { } read ? Unknown(id)
                : read is { Values.Count: 0, Trouble: { } why } ? Problems.Of(StatusCodes.Status502BadGateway, "The meter does not answer", $"{read.Meter} ({read.Transport}, unit {read.Unit}): {why}.")
                : TypedResults.Ok(read))
            .WithSummary("All that a meter's device has, read now, with the registers as they came");
        var modbus = api.MapGroup("/modbus");
        modbus.MapGet("", static (AdminParts parts) => TypedResults.Ok(parts.Meters.Buses())).WithSummary("Modbus lines in use, and how they do");
        modbus.MapPost("/scan", ScanAsync)
            .WithSummary("Asks each unit of a line whether it is there and what it is: one JSON object a line, as they come")
            .Accepts<ScanBody>("application/json").Produces<ScanView>(StatusCodes.Status200OK, Lines);
        modbus.MapGet("/frames", FramesAsync)
            .WithSummary("What goes over a line from now on, by ?transport= or ?meter=: one JSON object a line")
            .Produces<BusFrameView>(StatusCodes.Status200OK, Lines);
    }

    private static async Task ScanAsync(HttpContext context, AdminParts parts, IHostApplicationLifetime lifetime)
    {
        var check = new BodyCheck();
        var body = await BodyCheck.ReadAsync(context, AdminJson.Default.ScanBody, check);
        var (transport, from, to, timeout) = (body?.Transport ?? "", body?.From ?? 1, body?.To ?? 247, body?.TimeoutMs ?? UsualTimeoutMs);
        if (body is not null)
        {
            if (parts.Meters.Fault(transport) is { } fault)
                check.Wrong("transport", $"{fault} is expected");
            var most = transport.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase) ? 255 : 247;
            if (from < (most == 255 ? 0 : 1) || from > most)
                check.Wrong("from", $"a unit from {(most == 255 ? 0 : 1)} to {most} is expected");
            else if (to < from || to > most)
                check.Wrong("to", $"a unit from {from} to {most} is expected");
            if (timeout is < LeastTimeoutMs or > GreatestTimeoutMs)
                check.Wrong("timeoutMs", $"a whole number from {LeastTimeoutMs} to {GreatestTimeoutMs} is expected");
        }
        if (!check.IsWell)
        {
            await check.WriteAsync(context);
            return;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var scan = await parts.Meters.ScanAsync(transport, from, to, TimeSpan.FromMilliseconds(timeout), ending.Token);
            if (scan.Found is { } found)
                await StreamAsync(context, found, AdminJson.Default.ScanView, ending.Token);
            else
                await Problems.WriteAsync(context, StatusCodes.Status409Conflict, "Not possible now", scan.Why);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Either side has had enough.
        }
    }

    private static async Task FramesAsync(HttpContext context, AdminParts parts, IHostApplicationLifetime lifetime, string? transport, string? meter)
    {
        // Who watches must not hold up the gateway's end.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        if (string.IsNullOrEmpty(transport ?? meter))
        {
            await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "Wrong request", "A transport or a meter is expected, for example ?meter=grid.");
            return;
        }
        if (parts.Meters.Watch((transport ?? meter)!, ending.Token) is not { } frames)
        {
            await Problems.WriteAsync(context, StatusCodes.Status404NotFound, "Not found", $"No meter is called {transport ?? meter}, and nothing is read there.");
            return;
        }
        try
        {
            await StreamAsync(context, frames, AdminJson.Default.BusFrameView, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Either side has had enough.
        }
    }

    private static async Task StreamAsync<T>(HttpContext context, IAsyncEnumerable<T> items, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        context.Response.ContentType = Lines;
        await context.Response.Body.FlushAsync(cancellationToken);
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            await JsonSerializer.SerializeAsync(context.Response.Body, item, type, cancellationToken);
            await context.Response.Body.WriteAsync("\n"u8.ToArray(), cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
        }
    }

    private static JsonHttpResult<Problem> Unknown(string id) => Problems.Of(StatusCodes.Status404NotFound, "Not found", $"No meter is called {id}.");
}
