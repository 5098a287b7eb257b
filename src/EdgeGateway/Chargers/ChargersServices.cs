using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Chargers.Files;
using EdgeGateway.Chargers.Modbus;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Site;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGateway.Chargers;

/// <summary>Joins the chargers' side to the program. Needs <see cref="TimeProvider"/>, <see cref="SiteEngine"/>, <see cref="Authorizations"/>,
/// <see cref="IDocuments"/>, <see cref="ITokens"/>, <see cref="IHistory"/> and <see cref="IFrameLog"/>.</summary>
public static class ChargersServices
{
    public const string Path = "/ocpp";

    /// <param name="options">The settings as they are now.</param>
    public static IServiceCollection AddChargers(this IServiceCollection services, Func<IServiceProvider, Func<ChargersOptions>> options) => services
        .AddSingleton(options)
        .AddSingleton<Remarks>()
        .AddSingleton<ToleranceLedger>()
        .AddSingleton<QuirkDesk>()
        .AddSingleton<StationPasswords>()
        .AddLineSecurity()
        .AddSingleton<StationDoor>()
        .AddSingleton<ChargerRegistry>()
        .AddSingleton<IStationDialect, V21Dialect>()
        .AddSingleton<IStationDialect, V16Dialect>()
        .AddSingleton<StationDialects>()
        .AddSingleton<DesiredConfiguration>()
        .AddSingleton<LimitLadder>()
        .AddSingleton<V16Limits>()
        .AddSingleton<V21Limits>()
        .AddSingleton<V21Reports>()
        .AddSingleton<DeviceModels>()
        .AddSingleton<StationPapers>()
        .AddSingleton<RunningCosts>()
        .AddSingleton<MeterLookup>()
        .AddSingleton<V16SetUp>()
        .AddSingleton<V21SetUp>()
        .AddSingleton<StationCalls>()
        .AddSingleton<ChargerEndpoint>()
        .AddSingleton<ChargingStations>()
        .AddModbusStations()
        .AddSingleton<LocalLists.ListSource>()
        .AddSingleton<LocalLists.ListKeeper>()
        .AddStationFiles()
        .AddSingleton<IStationCare, StationCare>()
        .AddSingleton<IChargers>(static s => s.GetRequiredService<ChargingStations>());

    /// <summary><c>/ocpp/{stationId}</c>, and <c>/files/{token}</c> for what they fetch and bring. To be bound to the chargers' listener by the caller.</summary>
    public static IEndpointConventionBuilder MapChargers(this IEndpointRouteBuilder endpoints)
    {
        // Looks around by itself from now on.
        endpoints.ServiceProvider.GetRequiredService<LocalLists.ListKeeper>();
        endpoints.MapStationFiles();
        var endpoint = endpoints.ServiceProvider.GetRequiredService<ChargerEndpoint>();
        // Works by its own timer, from when chargers can come.
        endpoints.ServiceProvider.GetRequiredService<RunningCosts>();
        var clock = endpoints.ServiceProvider.GetRequiredService<TimeProvider>();
        var line = endpoints.CreateApplicationBuilder();
        line.Use((context, next) =>
        {
            // Before the websocket middleware looks for it: what it upgrades to is then watched.
            if (context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
                context.Features.Set<IHttpUpgradeFeature>(new LineStreamFeature(upgrade, clock));
            context.Features.Set<IHttpWebSocketFeature>(null);
            return next(context);
        });
        line.UseWebSockets();
        line.Run(endpoint.ServeAsync);
        return endpoints.Map($"{Path}/{{**station}}", line.Build()).WithDisplayName("Chargers (OCPP-J)");
    }
}
