using EdgeGateway.Configuration;
using EdgeGateway.Site;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Hosting;

/// <summary>Brings an edited file to the site; the adapters read the settings in force each time they need them.</summary>
internal sealed partial class ConfigurationFollower(ConfigurationWatch watch, SiteEngine engine, ILogger<ConfigurationFollower> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => watch.FollowAsync(ApplyAsync, stoppingToken);

    private async Task ApplyAsync(GatewayConfiguration next, CancellationToken cancellationToken)
    {
        var configured = await engine.RequestAsync(new Configure(next.Site), cancellationToken);
        foreach (var change in configured.Changes)
            Changed(change);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration: {Change}")]
    private partial void Changed(string change);
}
