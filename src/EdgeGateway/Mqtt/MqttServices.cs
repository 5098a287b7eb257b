using EdgeGateway.Site;

namespace EdgeGateway.Mqtt;

public static class MqttServices
{
    /// <summary>Needs SiteEngine, Authorizations, IStationCare, IDocuments and TimeProvider beside it; ISiteMeters where there are meters.</summary>
    public static IServiceCollection AddMqtt(this IServiceCollection services, Func<IServiceProvider, MqttParts> parts) => services
        .AddSingleton(parts)
        .AddSingleton(static s => new MqttService(
            s.GetRequiredService<SiteEngine>(), s.GetRequiredService<Authorizations>(), s.GetRequiredService<IStationCare>(), s.GetService<ISiteMeters>(),
            s.GetRequiredService<IDocuments>(), s.GetRequiredService<MqttParts>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<MqttService>>()))
        .AddHostedService(static s => s.GetRequiredService<MqttService>());
}
