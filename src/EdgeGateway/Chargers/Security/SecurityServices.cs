using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeGateway.Chargers.Security;

internal static class SecurityServices
{
    public static IServiceCollection AddLineSecurity(this IServiceCollection services)
    {
        // Whoever has an authority puts its own in place of these.
        services.TryAddSingleton(new CertificateParts());
        return services
            .AddSingleton<SecurityProfiles>()
            .AddSingleton<SitePace>()
            .AddSingleton<StationSecurity>()
            .AddSingleton<StationCertificates>()
            // They hand certificates out through the dialects, which hand them the requests.
            .AddSingleton(static s => new Lazy<StationCertificates>(s.GetRequiredService<StationCertificates>));
    }
}
