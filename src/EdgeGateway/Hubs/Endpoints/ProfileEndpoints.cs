using System.Globalization;
using EdgeGateway.Hubs.Commands;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Hubs.Endpoints;

/// <summary>We are the receiver of charging profiles (CP1): an answer at once, and one result when the charger has spoken.</summary>
public sealed class ProfileEndpoints(CommandDesk desk, HubUrls urls)
{
    public async Task<OcpiAnswer> PutAsync(OcpiRequest request)
    {
        var wish = Speaks(request).ReadChargingProfile(await request.BodyAsync());
        return await TakeAsync(request, ProfileKind.Set, wish.ResponseUrl, session => new LimitCharging(request.Link.Name, session, wish.Limits));
    }

    public Task<OcpiAnswer> GetAsync(OcpiRequest request)
    {
        Speaks(request);
        if (!int.TryParse(request.Query.GetValueOrDefault("duration"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds == 0)
            throw OcpiException.InvalidParameters("duration: a number of seconds above 0 is expected");
        return TakeAsync(request, ProfileKind.Ask, ResponseUrl(request), session => new AskLimits(request.Link.Name, session, TimeSpan.FromSeconds(seconds)));
    }

    public Task<OcpiAnswer> DeleteAsync(OcpiRequest request)
    {
        Speaks(request);
        return TakeAsync(request, ProfileKind.Clear, ResponseUrl(request), session => new LimitCharging(request.Link.Name, session, null));
    }

    private async Task<OcpiAnswer> TakeAsync(OcpiRequest request, ProfileKind kind, string responseUrl, Func<string, Request<Grant>> wish)
    {
        await urls.MustBeGoodAsync(request, responseUrl);
        var session = request.Segments[2];
        var command = new HubCommand(responseUrl, session, wish(session));
        var order = new CommandOrder(request.Link, request.Dialect, $"{kind} charging profile", command, request.Ids.CorrelationId, request.Routing.Swapped())
        {
            Profile = kind,
        };
        var grant = await desk.TakeAsync(order, request.Answered(), request.Aborted);
        return request.Dialect.ChargingProfileResponse(
            grant.Refusal switch
            {
                null => ProfileReply.Accepted,
                Refusal.UnknownSession => ProfileReply.UnknownSession,
                Refusal.TooOften => ProfileReply.TooOften,
                Refusal.NotSupported => ProfileReply.NotSupported,
                _ => ProfileReply.Rejected,
            },
            request.Link.Limits.CommandTimeout);
    }

    /// <summary>2.1.1 has no such module.</summary>
    private static IHubDialect Speaks(OcpiRequest request) =>
        request.Dialect is { HasChargingProfiles: true } dialect ? dialect : throw OcpiException.NotFound("this module");

    private static string ResponseUrl(OcpiRequest request) =>
        request.Query.GetValueOrDefault("response_url") is { Length: > 0 } url ? url : throw OcpiException.InvalidParameters("response_url: missing");
}
