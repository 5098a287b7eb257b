using EdgeGateway.Hubs.Commands;
using EdgeGateway.Hubs.Delivery;
using EdgeGateway.Hubs.Endpoints;
using EdgeGateway.Hubs.Registering;
using EdgeGateway.Hubs.Tokens;
using EdgeGateway.Site;

namespace EdgeGateway.Hubs;

public static class HubsSetup
{
    /// <summary>Needs SiteEngine, IOutbox, IHistory, ITokens, IDocuments and TimeProvider beside it.</summary>
    /// <param name="options">Read anew at each use.</param>
    /// <param name="random">For waiting times; seeded in tests.</param>
    public static IServiceCollection AddHubs(this IServiceCollection services, Func<HubsOptions> options, Random random) => services
        .AddSingleton(options)
        .AddSingleton(new Backoff(random))
        .AddSingleton<HubLinks>()
        .AddSingleton<HubUrls>()
        .AddSingleton<HubRemarks>()
        .AddSingleton<Registration>()
        .AddSingleton<Partnership>()
        .AddSingleton<SessionClaims>()
        .AddSingleton<ObjectSender>()
        .AddSingleton<ResultPost>()
        .AddSingleton<CommandDesk>()
        .AddSingleton<ReservationNews>()
        .AddSingleton<RegistrationEndpoints>()
        .AddSingleton<SiteEndpoints>()
        .AddSingleton<TokenEndpoints>()
        .AddSingleton<CommandEndpoints>()
        .AddSingleton<ProfileEndpoints>()
        .AddSingleton<ClientEndpoints>()
        .AddSingleton<OcpiServer>()
        .AddSingleton<HubOperations>()
        .AddSingleton<IHubAuthorizer, HubAuthorizer>()
        .AddSingleton<HubsService>()
        .AddHostedService(static provider => provider.GetRequiredService<HubsService>());

    /// <summary>Everything below the public url's path. The caller restricts it to the OCPI listener (PRODUCT §2).</summary>
    public static IEndpointConventionBuilder MapHubs(this IEndpointRouteBuilder routes)
    {
        var options = routes.ServiceProvider.GetRequiredService<Func<HubsOptions>>();
        var server = routes.ServiceProvider.GetRequiredService<OcpiServer>();
        return routes.Map($"{new Uri(options().PublicUrl).AbsolutePath.TrimEnd('/')}/{{**rest}}", (RequestDelegate)server.ServeAsync);
    }
}
