using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Admin;

/// <summary>
/// What people do to chargers, one route for each. The answer is always how it went; the status says so too, for programs that look no further:
/// 200 done, 202 later or after a restart, 409 refused by the charger or no line to it, 422 makes no sense for this charger, 501 it cannot,
/// 504 it did not answer. 400 with the member's name: the request itself is wrong.
/// </summary>
internal static class CareApi
{
    /// <summary>Who asked, in events and jobs.</summary>
    public const string By = "admin API";

    /// <summary>Settings in one request.</summary>
    public const int MostSettings = 100;

    public static void MapCare(this RouteGroupBuilder stations)
    {
        var care = stations.MapGroup("/{id}/care").WithTags("Care of chargers");
        Post(care, "reset", "Restarts a charger", AdminJson.Default.ResetBody, static (body, check) =>
        {
            check.Number("evse", body.Evse);
            return new ResetStation(body.Hard, body.Evse);
        });
        Post(care, "unlock", "Releases the plug of a connector", AdminJson.Default.UnlockBody, static (body, check) =>
        {
            check.Number("evse", body.Evse, required: true);
            check.Number("connector", body.Connector);
            return new UnlockConnector(body.Evse ?? 0, body.Connector ?? 1);
        });
        Post(care, "availability", "Takes a station, an EVSE or a connector into service or out of it", AdminJson.Default.AvailabilityBody, static (body, check) =>
        {
            check.Number("evse", body.Evse, required: body.Connector is not null);
            check.Number("connector", body.Connector);
            if (body.Operative is null)
                check.Wrong("operative", "true or false is expected");
            return new SetAvailability(body.Operative ?? false, body.Evse, body.Connector);
        });
        Post(care, "trigger", "Has a charger send a message of its own now", AdminJson.Default.TriggerBody, static (body, check) =>
        {
            check.Number("evse", body.Evse, required: body.Connector is not null);
            check.Number("connector", body.Connector);
            if (body.Message is not { Length: > 0 and <= 50 })
                check.Wrong("message", "the name of a message is expected, for example StatusNotification");
            return new TriggerMessage(body.Message ?? "", body.Evse, body.Connector);
        });
        Post(care, "settings", "Changes settings of a charger", AdminJson.Default.SettingsBody, ReadSettings);
        Post(care, "limit", "Limits a station or an EVSE until that is taken off, for sessions to come too", AdminJson.Default.LimitBody, ReadLimit);
        Post(care, "local-list", "Brings the charger's local list of tokens into step", AdminJson.Default.LocalListBody, static (body, _) => new SendLocalList(body.Full));
        Post(care, "clear-cache", "Has a charger forget which tokens it let charge", AdminJson.Default.NoBody, static (_, _) => new ClearAuthorizationCache());
        Post(care, "firmware", "Has a charger fetch firmware and install it; the job tells how far it is", AdminJson.Default.FirmwareBody, ReadFirmware);
        Post(care, "logs", "Has a charger bring its diagnostics or its security log; the job tells how far it is", AdminJson.Default.LogsBody, static (body, check) =>
        {
            if (body is { From: { } from, To: { } to } && from > to)
                check.Wrong("to", "a time after \"from\" is expected");
            return new UploadLogs(check.Location("location", body.Location) ?? UploadLogs.ToGateway, body.Security, body.From, body.To);
        });

        Get(stations.MapGet("/{id}/settings", static Task (HttpContext context, string id, string[]? name) => DoAsync(context, id, new ReadSettings([.. name ?? []]))),
            "Settings of a charger, asked of it now: those that are named (name=…&name=…), else all");
        Get(stations.MapGet("/{id}/limits", static Task (HttpContext context, string id, int? evse, int? hours) =>
            {
                var check = new BodyCheck();
                check.Number("evse", evse);
                check.Number("hours", hours, most: 24 * 31);
                return check.IsWell ? DoAsync(context, id, new ReadLimits(evse, hours ?? 24)) : check.WriteAsync(context);
            }),
            "Limits that hold in the next hours, asked of the charger now");
        Get(stations.MapGet("/{id}/local-list", static Task (HttpContext context, string id) => DoAsync(context, id, new ReadLocalList())), "The charger's local list of tokens, asked of it now");
    }

    /// <summary>Unknown station: a problem; else how it went.</summary>
    public static async Task DoAsync(HttpContext context, string id, CareTask task)
    {
        var services = context.RequestServices;
        if (services.GetRequiredService<SiteEngine>().State.View(id, services.GetRequiredService<TimeProvider>().GetUtcNow()) is not { } station)
        {
            await Problems.WriteAsync(context, StatusCodes.Status404NotFound, "Not found", $"No station is called {id}.");
            return;
        }
        var answer = await services.GetRequiredService<IStationCare>().DoAsync(station.Id, task, By, context.RequestAborted);
        context.Response.StatusCode = StatusOf(answer.Outcome);
        await context.Response.WriteAsJsonAsync(answer.View(), AdminJson.Default.CareView, "application/json", context.RequestAborted);
    }

    internal static int StatusOf(CareOutcome outcome) => outcome switch
    {
        CareOutcome.Done => StatusCodes.Status200OK,
        CareOutcome.Later => StatusCodes.Status202Accepted,
        CareOutcome.Refused or CareOutcome.Offline => StatusCodes.Status409Conflict,
        CareOutcome.Invalid => StatusCodes.Status422UnprocessableEntity,
        CareOutcome.NotSupported => StatusCodes.Status501NotImplemented,
        _ => StatusCodes.Status504GatewayTimeout,
    };

    private static void Post<TBody>(RouteGroupBuilder care, string name, string summary, JsonTypeInfo<TBody> type, Func<TBody, BodyCheck, CareTask> read) where TBody : class
    {
        var route = care.MapPost($"/{name}", async Task (HttpContext context, string id) =>
        {
            var check = new BodyCheck();
            if (await BodyCheck.ReadAsync(context, type, check) is { } body && read(body, check) is { } task && check.IsWell)
                await DoAsync(context, id, task);
            else
                await check.WriteAsync(context);
        });
        Described(route.Accepts<TBody>("application/json"), summary);
    }

    private static void Get(RouteHandlerBuilder route, string summary) => Described(route, summary);

    private static void Described(RouteHandlerBuilder route, string summary)
    {
        route.WithSummary(summary);
        foreach (var status in new[] { 200, 202, 409, 422, 501, 504 })
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(CareView), ["application/json"]));
        foreach (var status in new[] { 400, 404 })
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), [Problems.ContentType]));
    }

    private static WriteSettings ReadSettings(SettingsBody body, BodyCheck check)
    {
        var values = body.Values ?? ImmutableDictionary<string, string>.Empty;
        if (values.Count is 0 or > MostSettings)
            check.Wrong("values", $"1 to {MostSettings} settings are expected, for example {{\"HeartbeatInterval\":\"300\"}}");
        foreach (var (name, value) in values)
        {
            if (name.Length == 0 || value is null or { Length: > 2500 })
                check.Wrong($"values.{name}", "a text is expected, 2500 characters at most");
        }
        return new(values.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    private static SetStationLimit ReadLimit(LimitBody body, BodyCheck check)
    {
        check.Number("evse", body.Evse);
        var unit = (body.Unit ?? (body.Limit is null ? "A" : "")).ToUpperInvariant();
        if (unit is not ("A" or "W"))
            check.Wrong("unit", "A (per phase) or W is expected");
        if (body.Limit is < 0 or > 10_000_000)
            check.Wrong("limit", "a number from 0 is expected; null takes the limit off");
        return new(body.Limit, unit == "W" ? LimitUnit.Watts : LimitUnit.Amperes, body.Evse);
    }

    private static UpdateFirmware ReadFirmware(FirmwareBody body, BodyCheck check)
    {
        if (body.File is null == body.Location is null)
            check.Wrong("file", "either a file of the gateway or a location elsewhere is expected");
        if (body.Retries is < 0 or > 100)
            check.Wrong("retries", "a whole number from 0 to 100 is expected");
        if (body.Signature is null != body.SigningCertificate is null)
            check.Wrong(body.Signature is null ? "signature" : "signingCertificate", "signed firmware needs both a signature and a certificate");
        if (body.Install < (body.Retrieve ?? body.Install))
            check.Wrong("install", "a time that is not before \"retrieve\" is expected");
        var location = check.Location("location", body.Location) ?? new Uri($"gateway:{Uri.EscapeDataString(body.File ?? "-")}");
        return new(location, body.Retrieve, body.Install, body.Retries, body.Signature, body.SigningCertificate);
    }
}
