using EdgeGateway.Site;

namespace EdgeGateway.Meters;

public static class MetersServices
{
    /// <param name="options">Asked anew all the time: what is in force.</param>
    /// <param name="open">Way to a device on a bus that others may share.</param>
    public static IServiceCollection AddMeters(this IServiceCollection services, Func<MetersOptions> options, Func<IServiceProvider, OpenUnit> open) => services
        .AddSingleton(s => new SiteMeters(
            options, open(s), s.GetRequiredService<IMeterLog>(), s.GetRequiredService<SiteEngine>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<SiteMeters>>()))
        .AddSingleton<ISiteMeters>(static s => s.GetRequiredService<SiteMeters>())
        .AddHostedService(static s => s.GetRequiredService<SiteMeters>());
}
