using EdgeGateway.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace EdgeGateway.Hosting;

/// <summary>Logs for who reads them: priorities and one line each under journald, else times for a terminal.</summary>
internal static class GatewayLog
{
    /// <summary>Lines that wait for a slow reader; beyond it lines are dropped, never the charging held up.</summary>
    public const int QueueLimit = 4096;

    public static void AddGatewayLog(this ILoggingBuilder logging, LogSettings levels)
    {
        AddLevels(logging, levels);
        // Set by systemd where stdout or stderr is the journal.
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 })
        {
            logging.AddSystemdConsole(o => o.IncludeScopes = true);
        }
        else
        {
            logging.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.IncludeScopes = true;
                o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                o.UseUtcTimestamp = true;
                o.ColorBehavior = Console.IsOutputRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
            });
        }
        logging.Services.Configure<ConsoleLoggerOptions>(o =>
        {
            o.MaxQueueLength = QueueLimit;
            o.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    }

    public static void AddLevels(ILoggingBuilder logging, LogSettings levels)
    {
        logging.SetMinimumLevel(levels.Default);
        // The framework's own lines (each request, each connection) are for who looks for them.
        if (levels.Default > LogLevel.Debug)
            logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        // A start that fails is told in one line by who started it, and background failures by the gateway: not a second time with stack traces.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level is >= LogLevel.Warning and < LogLevel.Critical);
        // A token's uid stands in the path of a request (S11). The first of these would put that path beside every line, as a scope.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None).AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning);
        foreach (var (category, level) in levels.ByCategory)
            logging.AddFilter(category, level);
    }
}
