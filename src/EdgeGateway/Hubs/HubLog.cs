namespace EdgeGateway.Hubs;

/// <summary>What this folder says in the log. Never a token, never a whole uid (S11).</summary>
internal static partial class HubLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Hub {Hub}: registered, OCPI {Version}")]
    public static partial void Registered(this ILogger log, string hub, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hub {Hub}: {Step} did not succeed: {Why}")]
    public static partial void HandshakeFailed(this ILogger log, string hub, string step, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Hub {Hub}: unregistered")]
    public static partial void Unregistered(this ILogger log, string hub);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hub {Hub}: {State}: {Why}")]
    public static partial void LineChanged(this ILogger log, string hub, string state, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Hub {Hub}: reachable")]
    public static partial void LineRestored(this ILogger log, string hub);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Hub {Hub}: {Kind} {Object} delivered [{Correlation}]")]
    public static partial void Delivered(this ILogger log, string hub, string kind, string @object, string correlation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Hub {Hub}: {Kind} {Object} is tried again at {When:u}: {Why} [{Correlation}]")]
    public static partial void TriedLater(this ILogger log, string hub, string kind, string @object, DateTimeOffset when, string why, string correlation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hub {Hub}: {Kind} {Object} is set aside: {Why} [{Correlation}]")]
    public static partial void SetAside(this ILogger log, string hub, string kind, string @object, string why, string correlation);

    [LoggerMessage(Level = LogLevel.Error, Message = "Hub {Hub}: {What} stopped unexpectedly and starts again")]
    public static partial void Stumbled(this ILogger log, Exception exception, string hub, string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "Hub {Hub}: {Count} tokens pulled, {Changed} of them new or changed, {Skipped} unreadable")]
    public static partial void TokensPulled(this ILogger log, string hub, long count, long changed, long skipped);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hub {Hub}: pull of tokens broke off: {Why}")]
    public static partial void PullFailed(this ILogger log, string hub, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Hub {Hub}: {Command} {Target}: {Result} [{Correlation}]")]
    public static partial void CommandTaken(this ILogger log, string hub, string command, string target, string result, string correlation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hub {Hub}: outcome of a command could not be delivered: {Why} [{Correlation}]")]
    public static partial void OutcomeLost(this ILogger log, string hub, string why, string correlation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Hub {Hub}: {Count} parties behind it, {Skipped} could not be read")]
    public static partial void ClientsPulled(this ILogger log, string hub, int count, int skipped);

    [LoggerMessage(Level = LogLevel.Information, Message = "Hub {Hub}: asked about {Uid}: {Answer}")]
    public static partial void Asked(this ILogger log, string hub, string uid, string answer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Caller}: {Method} {Path}: HTTP {Status}, OCPI {Code} {Message} [{Correlation}]")]
    public static partial void Served(this ILogger log, string caller, string method, string path, int status, int code, string? message, string correlation);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed [{Correlation}]")]
    public static partial void ServingFailed(this ILogger log, Exception exception, string method, string path, string correlation);
}
