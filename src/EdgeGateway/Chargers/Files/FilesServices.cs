using EdgeGateway.Site;

namespace EdgeGateway.Chargers.Files;

internal static class FilesServices
{
    public static IServiceCollection AddStationFiles(this IServiceCollection services) => services
        .AddSingleton<StationJobs>()
        .AddSingleton<IStationJobs>(static s => s.GetRequiredService<StationJobs>())
        .AddSingleton<FileStore>()
        .AddSingleton<FileErrands>()
        .AddSingleton<FileEndpoint>();

    /// <summary><c>/files/{token}</c>, on the chargers' listener.</summary>
    public static void MapStationFiles(this IEndpointRouteBuilder endpoints) => endpoints
        .Map($"{FileAddress.Path}/{{**rest}}", endpoints.ServiceProvider.GetRequiredService<FileEndpoint>().ServeAsync)
        .WithDisplayName("Files for chargers");
}
