using System.Net.WebSockets;
using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGateway.Chargers;

/// <summary>A charger's request to open a line, from the door to the end of the line.</summary>
public sealed partial class ChargerEndpoint(
    Func<ChargersOptions> options,
    StationDoor door,
    StationCalls calls,
    SecurityProfiles profiles,
    SitePace pace,
    ChargerRegistry registry,
    StationDialects dialects,
    QuirkDesk quirks,
    ToleranceLedger tolerated,
    SiteEngine site,
    IFrameLog frames,
    Remarks remarks,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<ChargerEndpoint> log)
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    /// <summary>From the Boot's handling to the first question: its answer goes out first, and what the charger queued comes first.</summary>
    private static readonly TimeSpan AfterBoot = TimeSpan.FromSeconds(1);

    private long _lines;

    public async Task ServeAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? context.Request.Path;
        var remote = StationDoor.Text(context.Connection.RemoteIpAddress);
        var transport = context.Features.Get<LineTransport>() ?? new();
        var entry = await door.AskAsync(target, context.Request.Headers.Authorization, context.Connection.RemoteIpAddress, transport, context.RequestAborted);
        if (entry.Refusal is null && Crowded(entry) is { } crowded)
            entry = entry with { Refusal = crowded };
        if (entry.Refusal is { } refusal)
        {
            Refuse(context, entry, refusal);
            return;
        }
        if (!context.WebSockets.IsWebSocketRequest)
        {
            Refuse(context, entry, new(StatusCodes.Status426UpgradeRequired, "LineRefused", "The request is no websocket upgrade."));
            return;
        }
        var known = await quirks.OfAsync(entry.Station, entry.Access, context.RequestAborted);
        var choice = SubprotocolChoice.Make(context.WebSockets.WebSocketRequestedProtocols, dialects.Versions, known.Quirks.AssumeProtocol);
        using var socket = await AcceptAsync(context, known.Quirks.Compression ?? true, choice?.Reply);
        if (choice is not { Version: var version })
        {
            await TurnAwayAsync(socket, entry, context.WebSockets.WebSocketRequestedProtocols);
            return;
        }
        transport.Admitted();
        var stream = (context.Features.Get<IHttpUpgradeFeature>() as LineStreamFeature)?.Watched;
        var line = new ChargerLine(entry, new(remote, $"OCPP {version.Subprotocol.AsSpan("ocpp".Length)}", stream, Files.FileAddress.Local(context), context.Request.Host.Value), (version, dialects.Of(version)), site, frames, tolerated, clock, log) { KnownQuirks = known };
        line.Rpc = new(socket, version, (call, cancel) => calls.HandleAsync(line, call, cancel), RpcOptionsOf(options()), clock, line);
        Watch(line);
        foreach (var (code, text) in StationName.Tolerated(target, entry.Station))
            line.Tolerated(code, text);
        if (choice.Tolerated is { } needed)
            line.Tolerated(needed.Code, needed.Text);
        await ServeAsync(line, choice.Reply is null ? $"{version} assumed" : version.Subprotocol);
    }

    /// <summary>Holds the line to its pace (S5).</summary>
    private void Watch(ChargerLine line)
    {
        if (line.Origin.Stream is not { } stream)
            return;
        var perSecond = options().LineMessagesPerSecond;
        stream.Pace = new(perSecond, pace, clock)
        {
            Flooded = () =>
            {
                remarks.Make(Severity.Warning, "LineFlooded", line.Station, $"It goes on talking faster than {perSecond} messages a second; its line was closed.");
                _ = line.Rpc.CloseAsync(WebSocketCloseStatus.PolicyViolation, "too many messages");
            },
        };
    }

    private async Task ServeAsync(ChargerLine line, string protocol)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        var because = "could not be recorded";
        try
        {
            line.Note("opened", $"from {line.Origin.Remote}, {protocol}, {line.Entry.Note}");
            line.MayBeAsked = WaitAsync(line, ended.Token);
            line.SetUp = line.Dialect.SetUpAsync(line, ended.Token);
            await registry.OpenAsync(line, ended.Token);
            await profiles.CameWithAsync(line.Station, line.Entry.Profile, ended.Token);
            var end = await line.Rpc.RunAsync(lifetime.ApplicationStopping);
            because = end.Detail;
        }
        catch (Exception failure) when (failure is NotRecordedException or OperationCanceledException)
        {
            // Not on disk, so not opened: the charger comes again.
            LogNotOpened(line.Station, failure.Message);
        }
        finally
        {
            line.Rpc.Abort(because);
            line.Note("closed", because);
            await registry.CloseAsync(line, because);
            await ended.CancelAsync();
            await line.SetUp;
        }
    }

    /// <summary>Completes when the charger may be asked things: its Boot was answered, or it sent none for a while (FIELD-NOTES 9).</summary>
    private async Task WaitAsync(ChargerLine line, CancellationToken lineEnded)
    {
        await Task.WhenAny(line.Booted, Task.Delay(TimeSpan.FromSeconds(options().QuietSeconds), clock, lineEnded));
        if (line.Booted.IsCompleted)
            await Task.Delay(AfterBoot, clock, lineEnded);
    }

    private Refused? Crowded(Entry entry) =>
        registry.Count >= options().LineLimit ? new(503, "TooManyLines", "There are as many lines as the gateway takes.")
        : entry.IsQuarantined && registry.Find(entry.Station) is null && registry.CountQuarantined() >= options().QuarantineLimit
            ? new(503, "TooManyLines", "Too many unknown stations have a line.")
        : registry.IsHeldAgainst(entry) ? new(409, "LineRefused", "A line that proved who it is by a password is open; this one did not.")
            : null;

    private void Refuse(HttpContext context, Entry entry, Refused refusal)
    {
        context.Response.StatusCode = refusal.Status;
        // Whoever was refused has no reason to keep a connection.
        context.Response.Headers.Connection = "close";
        if (refusal.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"OCPP\", charset=\"UTF-8\"";
        else if (refusal.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "60";
        else if (refusal.Status == StatusCodes.Status426UpgradeRequired)
            context.Response.Headers.Upgrade = "websocket";
        // Whoever follows the station sees why it does not get in; at the pace of the events, so that nobody outside fills the log with it.
        if (remarks.Make(Severity.Warning, refusal.Code, entry.Station, refusal.Because))
            frames.Keep(new(clock.GetUtcNow(), entry.Station, Site.FrameDirection.Line, "refused", $"HTTP {refusal.Status}: {refusal.Because}"));
    }

    /// <summary>No subprotocol in common: the handshake is completed without one, then closed at once (2.0.1 part 4, 3.2).</summary>
    private async Task TurnAwayAsync(WebSocket socket, Entry entry, IList<string> offered)
    {
        var text = offered.Count == 0
            ? "It offers no subprotocol; AssumeProtocol would let it in."
            : $"It offers {string.Join(", ", offered.Take(5).Select(static o => o.Length > 20 ? o[..20] : o))}; we speak {string.Join(", ", dialects.Versions)}.";
        frames.Keep(new(clock.GetUtcNow(), entry.Station, Site.FrameDirection.Line, "refused", text));
        remarks.Make(Severity.Warning, "SubprotocolRefused", entry.Station, text);
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.ProtocolError, "no subprotocol in common", lifetime.ApplicationStopping).WaitAsync(CloseLimit, clock);
            var buffer = new byte[256];
            using var limit = new CancellationTokenSource(CloseLimit, clock);
            while ((await socket.ReceiveAsync(buffer.AsMemory(), limit.Token)).MessageType != WebSocketMessageType.Close)
            {
                // What it still says is not heard; its close frame ends it.
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or TimeoutException or IOException)
        {
            socket.Abort();
        }
    }

    private static Task<WebSocket> AcceptAsync(HttpContext context, bool compress, string? subprotocol) => context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
    {
        SubProtocol = subprotocol,
        // Dangerous where one message mixes secrets with what an attacker chose, over TLS (CRIME). None of ours does, and without context
        // takeover nothing is shared between messages; it also keeps a line's memory small.
        DangerousEnableCompression = compress,
        DisableServerContextTakeover = true,
        ServerMaxWindowBits = 11,
        // The line's own stream pings.
        KeepAliveInterval = Timeout.InfiniteTimeSpan,
    });

    // Ids are unique over all lines and restarts: the time, and a number.
    private RpcOptions RpcOptionsOf(ChargersOptions settings) => new()
    {
        MessageIdPrefix = $"{clock.GetUtcNow().ToUnixTimeMilliseconds():x}-{Interlocked.Increment(ref _lines):x}",
        CallTimeout = TimeSpan.FromSeconds(settings.CallTimeoutSeconds),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The line of {Station} was not opened: {Because}")]
    private partial void LogNotOpened(string station, string because);
}
