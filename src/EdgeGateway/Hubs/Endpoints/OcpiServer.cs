using System.Net;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Hubs.Registering;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs.Endpoints;

/// <summary>Every request of a hub: who is it, may it, which handler; and every answer as an envelope, whatever happened (T4 to T6, T11).</summary>
public sealed class OcpiServer
{
    private readonly Func<HubsOptions> _options;
    private readonly HubLinks _links;
    private readonly Allowance _allowance;
    private readonly SiteEngine _engine;
    private readonly TimeProvider _clock;
    private readonly ILogger<OcpiServer> _log;

    public OcpiServer(
        Func<HubsOptions> options, HubLinks links, SiteEngine engine, RegistrationEndpoints registration, SiteEndpoints site, TokenEndpoints tokens,
        CommandEndpoints commands, ProfileEndpoints profiles, ClientEndpoints clients, TimeProvider clock, ILogger<OcpiServer> log)
    {
        (_options, _links, _engine, _clock, _log) = (options, links, engine, clock, log);
        _allowance = new(clock);
        Routes =
        [
            new("GET", "versions", registration.VersionsAsync, OpenToInvited: true),
            new("GET", "{version}", registration.DetailsAsync, OpenToInvited: true),
            new("GET", "{version}/credentials", registration.ShowAsync, OpenToInvited: true),
            new("POST", "{version}/credentials", registration.AcceptAsync, OpenToInvited: true),
            new("PUT", "{version}/credentials", registration.RenewAsync, OpenToInvited: true),
            new("DELETE", "{version}/credentials", registration.LeaveAsync, OpenToInvited: true),
            new("GET", "{version}/locations", site.LocationsAsync),
            new("GET", "{version}/locations/{id}", site.LocationAsync),
            new("GET", "{version}/locations/{id}/{evse}", site.LocationAsync),
            new("GET", "{version}/locations/{id}/{evse}/{connector}", site.LocationAsync),
            new("GET", "{version}/tariffs", site.TariffsAsync),
            new("GET", "{version}/sessions", site.SessionsAsync),
            new("PUT", "{version}/sessions/{id}/charging_preferences", site.ChargingPreferencesAsync),
            new("GET", "{version}/cdrs", site.CdrsAsync),
            new("GET", "{version}/tokens/{country}/{party}/{uid}", tokens.GetAsync),
            new("PUT", "{version}/tokens/{country}/{party}/{uid}", tokens.PutAsync),
            new("PATCH", "{version}/tokens/{country}/{party}/{uid}", tokens.PatchAsync),
            new("POST", "{version}/commands/{command}", commands.PostAsync),
            new("PUT", "{version}/chargingprofiles/{session}", profiles.PutAsync),
            new("GET", "{version}/chargingprofiles/{session}", profiles.GetAsync),
            new("DELETE", "{version}/chargingprofiles/{session}", profiles.DeleteAsync),
            new("GET", "{version}/hubclientinfo/{country}/{party}", clients.GetAsync),
            new("PUT", "{version}/hubclientinfo/{country}/{party}", clients.PutAsync),
        ];
    }

    public IReadOnlyList<Route> Routes { get; }

    public async Task ServeAsync(HttpContext context)
    {
        var ids = OcpiIds.Of(name => context.Request.Headers[name]);
        Caller? caller = null;
        OcpiAnswer answer;
        try
        {
            caller = Admit(context);
            answer = await AnswerAsync(context, caller, ids);
        }
        catch (OcpiException refused)
        {
            answer = OcpiAnswer.From(refused);
        }
        catch (NotRecordedException)
        {
            answer = OcpiAnswer.From(OcpiException.Server("the request could not be stored"));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            _log.ServingFailed(failure, context.Request.Method, Shown(context.Request.Path), ids.CorrelationId);
            answer = OcpiAnswer.From(new(500, OcpiStatus.ServerError, "something went wrong here; the log has it under this correlation id"));
        }
        await WriteAsync(context, answer, ids);
        _log.Served(
            caller?.Link.Name ?? "a stranger", context.Request.Method, Shown(context.Request.Path), answer.HttpStatus, answer.StatusCode, answer.Message, ids.CorrelationId);
    }

    /// <summary>Who it is. A registration token, and no token at all, get no further than they must.</summary>
    private Caller Admit(HttpContext context)
    {
        var options = _options();
        var remote = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!context.Request.IsHttps && !options.AllowPlaintext && !IPAddress.IsLoopback(remote))
            throw new OcpiException(403, OcpiStatus.ClientError, "plain HTTP is accepted on loopback only");
        if (_links.Identify(context.Request.Headers.Authorization) is not { } caller)
        {
            // Counted only when they fail: a flood of strangers does not take a hub's share (S3).
            throw _allowance.Take($"stranger {remote}", options.Limits.StrangersPerMinute / 60d, options.Limits.StrangersPerMinute)
                ? OcpiException.Unauthorized()
                : TooMany();
        }
        if (!_allowance.Take(caller.Link.Name, options.Limits.RequestsPerSecond, options.Limits.RequestBurst))
            throw TooMany();
        return caller;
    }

    private async Task<OcpiAnswer> AnswerAsync(HttpContext context, Caller caller, OcpiIds ids)
    {
        var publicUrl = _options().PublicUrl.TrimEnd('/');
        var segments = Below(OcpiUrl.Segments(OcpiRequest.RawTarget(context)), publicUrl);
        var fitting = Routes.Where(r => r.Fits(segments)).ToList();
        if (fitting.Count == 0)
            throw caller.IsInvited ? OcpiException.Unauthorized() : OcpiException.NotFound("this path");
        if (caller.IsInvited && !fitting.Exists(r => r.OpenToInvited))
            throw OcpiException.Unauthorized();
        if (fitting.Find(r => string.Equals(r.Method, context.Request.Method, StringComparison.OrdinalIgnoreCase)) is not { } route)
        {
            context.Response.Headers.Allow = string.Join(", ", fitting.Select(r => r.Method));
            throw OcpiException.MethodNotAllowed($"{context.Request.Method} is not possible here");
        }
        var dialect = segments[0] == "versions" ? null : HubDialects.For(segments[0], caller.Link.Options);
        var request = new OcpiRequest(context, caller, dialect, segments, ids, publicUrl);
        RefuseForeignReceiver(request);
        NoteUse(caller, route);
        return await route.Handler(request);
    }

    /// <summary>R3: a request for a party that we are not. The hub's own codes mean us too: it is the hub that speaks.</summary>
    private void RefuseForeignReceiver(OcpiRequest request)
    {
        if (request.Routing.To is not { } to)
            return;
        var us = _engine.State.Configuration.Party;
        var isHub = to == request.Link.Itself;
        if (to != new OcpiParty(us.CountryCode, us.PartyId) && !isHub)
            throw OcpiException.Content(OcpiStatus.ClientError, $"{to} is not a party of this gateway");
    }

    /// <summary>The first use of the token in force ends the older ones (C5). One that was offered in a handshake of which we never heard the end, and with
    /// which the hub now does business, is in force: it would end in a day otherwise, and the hub would be locked out. Versions and credentials prove nothing,
    /// the hub reads those during the handshake. Not waited for: versions must not touch the store (V5).</summary>
    private void NoteUse(Caller caller, Route route)
    {
        var (link, now) = (caller.Link, _clock.GetUtcNow());
        if (caller.Token is { Offered: true } offered && !route.OpenToInvited)
            _ = link.ChangeAsync(r => r with { InboundTokens = InboundTokens.Adopt(r.InboundTokens, offered, now, link.Limits) }, CancellationToken.None);
        else if (caller is { Token: { Until: null } } && (InboundTokens.HasOld(link.Record.InboundTokens) || link.Record.SpentGraceUntil is not null || link.Record.Invitation is { Until: not null }))
            _ = link.ChangeAsync(r => r with { InboundTokens = InboundTokens.Used(r.InboundTokens), SpentGraceUntil = null, Invitation = r.Invitation is { Until: null } ? r.Invitation : null }, CancellationToken.None);
    }

    /// <summary>A path for the log: without the whole uid that stands in a token's (S11).</summary>
    private static string Shown(PathString path)
    {
        var segments = (path.Value ?? "").Split('/');
        var tokens = Array.FindIndex(segments, s => s == "tokens");
        return tokens < 0 || segments.Length <= tokens + 3 ? path.Value ?? "" : $"{string.Join('/', segments[..(tokens + 3)])}/{Uid.Mask(string.Join('/', segments[(tokens + 3)..]))}";
    }

    /// <summary>What stands behind the public url's own path.</summary>
    private static IReadOnlyList<string> Below(IReadOnlyList<string> segments, string publicUrl)
    {
        var own = OcpiUrl.Segments(new Uri(publicUrl).AbsolutePath).Count;
        return segments.Count > own ? [.. segments.Skip(own)] : [""];
    }

    private static OcpiException TooMany() => new(429, OcpiStatus.ClientError, "too many requests");

    private async Task WriteAsync(HttpContext context, OcpiAnswer answer, OcpiIds ids)
    {
        var response = context.Response;
        response.StatusCode = answer.HttpStatus;
        response.ContentType = "application/json; charset=utf-8";
        foreach (var (name, value) in ids.Headers().Concat(OcpiRouting.Of(n => context.Request.Headers[n]).Swapped().Headers()).Concat(answer.Headers))
            response.Headers[name] = value;
        if (answer.HttpStatus == 429)
            response.Headers.RetryAfter = "1";
        var body = answer.Body(_clock.GetUtcNow());
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
