using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Admin;

/// <summary>The technician's listener: page, health and JSON (PRODUCT §1, §2).</summary>
public static class AdminApi
{
    /// <summary>Rows of a list; more are asked for with <c>?limit=</c>.</summary>
    public const int UsualLimit = 100;

    public const int GreatestLimit = 10_000;

    /// <summary>Characters of why a CDR is credited: a CDR's remark carries 255, and the flags' remarks go with it.</summary>
    public const int CreditReasonLength = 100;

    /// <summary>Of a POST.</summary>
    public const int BodyLimit = 256 * 1024;

    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<Status>();
        services.AddSingleton<AdminGuard>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, AdminJson.Default));
        services.AddOpenApi("v1", o => o.ShouldInclude = d => d.RelativePath?.StartsWith("api/", StringComparison.Ordinal) ?? false);
        return services;
    }

    public static IEndpointRouteBuilder MapAdmin(this IEndpointRouteBuilder app)
    {
        app.MapGet("/readyz", static () => TypedResults.Text("ready\n"));
        app.MapGet("/healthz", static async (Status status, CancellationToken cancellationToken) => TypedResults.Ok(await status.HealthAsync(cancellationToken)));
        app.MapGet("/", static async (Status status, HttpContext context) => await StatusPage.WriteAsync(context, await status.ReadAsync(context.RequestAborted)));
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapGet("/schemas/mqtt", static (AdminParts parts) => Schema(parts, ""));
        app.MapGet("/schemas/mqtt/{name}.json", static (string name, AdminParts parts) => Schema(parts, name));
        var api = app.MapGroup("/api");
        api.MapGet("/status", static async (Status status, CancellationToken cancellationToken) => TypedResults.Ok(await status.ReadAsync(cancellationToken)))
            .WithSummary("The whole site at a glance");
        MapStations(api.MapGroup("/stations"));
        api.MapFiles();
        api.MapGroup("/stations").MapSecurity();
        MapHistory(api);
        MapOutbox(api.MapGroup("/outbox"));
        MapHubs(api.MapGroup("/hubs"));
        api.MapMeters();
        return app;
    }

    private static void MapStations(RouteGroupBuilder stations)
    {
        stations.MapGet("", static (SiteEngine engine, AdminParts parts, TimeProvider clock) =>
                TypedResults.Ok<IReadOnlyList<StationView>>([.. engine.State.Stations(clock.GetUtcNow()).Select(s => s with { Line = parts.Lines.Line(s.Id) })]))
            .WithSummary("All stations, configured or seen");
        stations.MapGet("/{id}", static async Task<Results<Ok<StationView>, JsonHttpResult<Problem>>> (
                    string id, SiteEngine engine, AdminParts parts, TimeProvider clock, CancellationToken cancellationToken) =>
                engine.State.View(id, clock.GetUtcNow()) is { } view
                    ? TypedResults.Ok(view with { Lore = await parts.LoreAsync(view.Id, cancellationToken) })
                    : Unknown($"No station is called {id}."))
            .WithSummary("One station");
        stations.MapPost("/{id}/accept", static async Task<Results<NoContent, JsonHttpResult<Problem>>> (string id, SiteEngine engine, CancellationToken cancellationToken) =>
                await engine.RequestAsync(new AcceptStation(id), cancellationToken) ? TypedResults.NoContent() : Unknown($"No station called {id} waits to be let in."))
            .WithSummary("Lets a pending station in");
        stations.MapPost("/{id}/call", CallAsync).WithSummary("Sends a station any OCPP message and answers what it answered");
        stations.MapGet("/{id}/frames", FramesAsync)
            .WithSummary("The newest frames, oldest first, one JSON object a line; with ?follow=true those to come as well")
            .Produces<FrameView>(StatusCodes.Status200OK, "application/x-ndjson");
        stations.MapLines();
        stations.MapCare();
    }

    private static void MapHistory(RouteGroupBuilder api)
    {
        api.MapGet("/sessions", static async (IHistory history, string? station, bool? active, int? limit, CancellationToken cancellationToken) =>
                TypedResults.Ok<IReadOnlyList<SessionView>>(
                    [.. (await history.RecentSessionsAsync(station, active ?? false, Limit(limit), cancellationToken)).Select(s => s.View())]))
            .WithSummary("Sessions, newest first");
        api.MapGet("/cdrs", static async (IHistory history, int? limit, CancellationToken cancellationToken) =>
                TypedResults.Ok<IReadOnlyList<CdrView>>([.. (await history.RecentCdrsAsync(Limit(limit), cancellationToken)).Select(c => c.View())]))
            .WithSummary("CDRs, newest first, and what the hub has of each");
        api.MapPost("/cdrs/{id}/credit", CreditAsync).WithSummary("Takes a CDR's cost back by a credit CDR; on request a corrected one follows");
        api.MapGet("/events", static async (IHistory history, int? limit, CancellationToken cancellationToken) =>
                TypedResults.Ok<IReadOnlyList<EventView>>([.. (await history.EventsAsync(Limit(limit), cancellationToken)).Select(e => e.View())]))
            .WithSummary("What a technician should know, newest first");
    }

    private static void MapOutbox(RouteGroupBuilder outbox)
    {
        outbox.MapGet("", static async Task<Results<Ok<IReadOnlyList<OutboxView>>, JsonHttpResult<Problem>>> (
                IOutbox box, string? hub, string? state, int? limit, CancellationToken cancellationToken) =>
            {
                OwedState? wanted = null;
                if (state is not null)
                {
                    if (!Enum.TryParse<OwedState>(state, ignoreCase: true, out var parsed))
                        return Wrong($"state is one of {string.Join(", ", Enum.GetNames<OwedState>())}.");
                    wanted = parsed;
                }
                return TypedResults.Ok<IReadOnlyList<OutboxView>>([.. (await box.ListAsync(hub, wanted, Limit(limit), cancellationToken)).Select(e => e.View())]);
            })
            .WithSummary("What is owed and not delivered");
        outbox.MapGet("/{id:long}", static async Task<Results<Ok<OutboxView>, JsonHttpResult<Problem>>> (long id, IOutbox box, CancellationToken cancellationToken) =>
                await box.GetAsync(id, cancellationToken) is { } entry ? TypedResults.Ok(entry.View()) : Unknown($"The outbox has no entry {id}."))
            .WithSummary("One entry");
        outbox.MapPost("/{id:long}/retry", static async Task<Results<NoContent, JsonHttpResult<Problem>>> (
                long id, IOutbox box, AdminParts parts, CancellationToken cancellationToken) =>
            {
                if (await box.GetAsync(id, cancellationToken) is not { } entry || !await box.RetryAsync(id, cancellationToken))
                    return Unknown($"The outbox has no entry {id}.");
                parts.Hasten(entry.Hub);
                return TypedResults.NoContent();
            })
            .WithSummary("Makes an entry due now, a refused one too");
        outbox.MapPost("/{id:long}/discard", static async Task<Results<NoContent, JsonHttpResult<Problem>>> (long id, IOutbox box, CancellationToken cancellationToken) =>
                await box.DiscardAsync(id, cancellationToken) ? TypedResults.NoContent() : Conflict($"The outbox has no refused entry {id}; only refused ones can be discarded."))
            .WithSummary("Drops a refused entry for good");
    }

    private static void MapHubs(RouteGroupBuilder hubs)
    {
        hubs.MapGet("", static async (AdminParts parts, CancellationToken cancellationToken) => TypedResults.Ok(await parts.HubsAsync(cancellationToken)))
            .WithSummary("Links to hubs");
        hubs.MapGet("/{name}", static async Task<Results<Ok<HubView>, JsonHttpResult<Problem>>> (string name, AdminParts parts, CancellationToken cancellationToken) =>
                await FindAsync(parts, name, cancellationToken) is { } hub ? TypedResults.Ok(hub) : Unknown($"No hub is called {name}."))
            .WithSummary("One hub");
        hubs.MapPost("/{name}/{action:regex(^(register|update|unregister)$)}", static async Task<Results<Ok<HubView>, JsonHttpResult<Problem>>> (
                string name, string action, HubRequest? request, AdminParts parts, CancellationToken cancellationToken) =>
            {
                if (await FindAsync(parts, name, cancellationToken) is not { } hub)
                    return Unknown($"No hub is called {name}.");
                var acted = await parts.HubActionAsync(hub.Name, action, request ?? new(null), cancellationToken);
                if (acted.Why is { } why)
                    return Problems.Of(StatusCodes.Status502BadGateway, "The hub did not take it", why);
                return TypedResults.Ok((await FindAsync(parts, name, cancellationToken) ?? hub) with { RegistrationToken = acted.RegistrationToken });
            })
            .WithSummary("The credentials life cycle with a hub: register, update, unregister");
    }

    private static async Task<Results<Ok<CreditView>, JsonHttpResult<Problem>>> CreditAsync(
        string id, CreditRequest request, SiteEngine engine, IHistory history, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Because))
            return Wrong("A reason is expected, for example {\"because\":\"meter exchanged\"}.");
        if (request.Because.Length > CreditReasonLength)
            return Wrong($"The reason has at most {CreditReasonLength} characters.");
        if (await history.CdrAsync(id, cancellationToken) is not { } cdr)
            return Unknown($"No CDR is called {id}.");
        var credited = await engine.RequestAsync(
            new CreditCdr(cdr.Id, request.Because.Trim(), request.Reissue, request.EnergyWh, request.EndedAt), cancellationToken);
        return credited.Credit is { } credit ? TypedResults.Ok(new CreditView(credit, credited.Corrected)) : Conflict(credited.Refusal ?? "It was refused.");
    }

    private static async Task<Results<Ok<CallAnswer>, JsonHttpResult<Problem>>> CallAsync(
        string id, CallRequest call, SiteEngine engine, TimeProvider clock, AdminParts parts, CancellationToken cancellationToken)
    {
        if (engine.State.View(id, clock.GetUtcNow()) is not { } station)
            return Unknown($"No station is called {id}.");
        if (string.IsNullOrEmpty(call.Action))
            return Wrong("An \"action\" is expected, for example {\"action\":\"TriggerMessage\",\"payload\":{\"requestedMessage\":\"Heartbeat\"}}.");
        var payload = call.Payload ?? JsonDocument.Parse("{}").RootElement;
        if (payload.ValueKind != JsonValueKind.Object)
            return Wrong("The \"payload\" has to be an object.");
        return TypedResults.Ok(await parts.CallAsync(station.Id, call.Action, payload, cancellationToken));
    }

    /// <summary>One JSON object a line: what <c>station watch</c> prints, and any program can read.</summary>
    private static async Task FramesAsync(
        HttpContext context, string id, IFrameLog frames, AdminParts parts, IHostApplicationLifetime lifetime, bool? follow, int? limit)
    {
        // Who watches must not hold up the gateway's end.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var cancellationToken = ending.Token;
        context.Response.ContentType = "application/x-ndjson";
        // Taken before the past is read, so that nothing falls between the two.
        await using var live = follow == true ? frames.FollowAsync(id, cancellationToken).GetAsyncEnumerator(cancellationToken) : null;
        var next = live?.MoveNextAsync().AsTask();
        var told = new HashSet<Frame>(ReferenceEqualityComparer.Instance);
        foreach (var frame in await frames.RecentAsync(id, Limit(limit), cancellationToken))
        {
            await WriteAsync(context, parts.Frame(frame).View(), cancellationToken);
            told.Add(frame);
        }
        await context.Response.Body.FlushAsync(cancellationToken);
        try
        {
            while (next is not null && await next)
            {
                // One that came while the past was read is in both.
                if (!told.Remove(live!.Current))
                {
                    await WriteAsync(context, parts.Frame(live.Current).View(), cancellationToken);
                    await context.Response.Body.FlushAsync(cancellationToken);
                }
                next = live.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Either side has had enough.
        }
    }

    private static async Task WriteAsync(HttpContext context, FrameView frame, CancellationToken cancellationToken)
    {
        await JsonSerializer.SerializeAsync(context.Response.Body, frame, AdminJson.Default.FrameView, cancellationToken);
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }

    private static async Task<HubView?> FindAsync(AdminParts parts, string name, CancellationToken cancellationToken) =>
        (await parts.HubsAsync(cancellationToken)).FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static Results<ContentHttpResult, JsonHttpResult<Problem>> Schema(AdminParts parts, string name) => parts.Schema(name) is { } schema
        ? TypedResults.Content(schema, name.Length == 0 ? "application/json" : "application/schema+json")
        : Unknown($"No payload is called {name}; GET /schemas/mqtt lists them.");

    private static int Limit(int? asked) => Math.Clamp(asked ?? UsualLimit, 1, GreatestLimit);

    private static JsonHttpResult<Problem> Unknown(string detail) => Problems.Of(StatusCodes.Status404NotFound, "Not found", detail);

    private static JsonHttpResult<Problem> Wrong(string detail) => Problems.Of(StatusCodes.Status400BadRequest, "Wrong request", detail);

    private static JsonHttpResult<Problem> Conflict(string detail) => Problems.Of(StatusCodes.Status409Conflict, "Not possible now", detail);
}
