using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Simulators.Charger;

/// <summary>A charger's line: connects again and again, boots once, tells states, and empties the queue.</summary>
internal sealed class ChargerLine(SimulatedCharger charger, SimulatedChargerOptions options, TimeProvider clock, ChargerQueue queue) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(options.Seed);
    private readonly CallRouter<SimulatedCharger> _router = ChargerCommands.Router(options);
    private readonly ConcurrentQueue<string> _refusals = [];
    private volatile RpcConnection? _connection;
    private Task _loop = Task.CompletedTask;
    private bool _booted;
    private int _lines;
    private int _messages;

    /// <summary>The line is open and the central system has accepted us.</summary>
    public bool IsServed => _connection is { HasEnded: false } && _booted;

    public IReadOnlyList<string> Refusals => [.. _refusals];

    public void Start(CancellationToken stopping) => _loop = RunAsync(stopping);

    public void Abort(string why) => _connection?.Abort(why);

    public void ForgetBoot() => _booted = false;

    /// <summary>A message of the moment: null when there is no line or no usable answer.</summary>
    public async Task<TResponse?> CallAsync<TRequest, TResponse>(
        OcppAction<TRequest, TResponse> action, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        _connection is { HasEnded: false } line ? (await line.CallAsync(action, request, cancellationToken)).Response : null;

    public async Task TellStatusAsync(int connector, CancellationToken cancellationToken)
    {
        if (!IsServed)
            return;
        var place = connector == 0 ? null : charger.Connectors[connector];
        await CallAsync(V16Actions.StatusNotification, new StatusNotificationRequest
        {
            ConnectorId = connector,
            ErrorCode = ChargePointErrorCode.NoError,
            Status = place?.Status ?? ChargePointStatus.Available,
            Timestamp = place is null || place.Since == default ? charger.Now : place.Since,
        }, cancellationToken);
    }

    public async Task BootAsync(CancellationToken cancellationToken)
    {
        while (_connection is { HasEnded: false })
        {
            var answer = await CallAsync(V16Actions.BootNotification, new BootNotificationRequest
            {
                ChargePointVendor = options.Vendor,
                ChargePointModel = options.Model,
                ChargePointSerialNumber = options.Identity.Length <= 25 ? options.Identity : null,
                FirmwareVersion = options.Firmware,
            }, cancellationToken);
            if (answer is { Status: RegistrationStatus.Accepted })
            {
                _booted = true;
                charger.Booted(answer);
                return;
            }
            await Task.Delay(answer is { Interval: > 0 } ? TimeSpan.FromSeconds(answer.Interval) : options.ResendInterval, clock, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await _loop;

    private async Task RunAsync(CancellationToken stopping)
    {
        var wait = options.ReconnectFirst;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await ServeOneLineAsync(stopping))
                    wait = options.ReconnectFirst;
                await Task.Delay(wait * (0.75 + (_random.NextDouble() / 2)), clock, stopping);
                wait = wait * 2 < options.ReconnectLimit ? wait * 2 : options.ReconnectLimit;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>True when it came to be connected.</summary>
    private async Task<bool> ServeOneLineAsync(CancellationToken stopping)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(OcppVersion.V16.Subprotocol);
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(5);
        socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(5);
        if (options.Password is { } password)
            socket.Options.SetRequestHeader("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Identity}:{password}"))}");
        try
        {
            // The socket's own clock: a site whose time runs faster still connects in real time.
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            timeout.CancelAfter(ConnectTimeout);
            await socket.ConnectAsync(new Uri($"{options.Endpoint}/{Uri.EscapeDataString(options.Identity)}"), timeout.Token);
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException || (e is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return false;
        }

        var line = new RpcConnection(
            socket, OcppVersion.V16, (call, cancel) => _router.HandleAsync(charger, call, cancel),
            new RpcOptions { MessageIdPrefix = $"s{options.Seed}-{++_lines}", CallTimeout = options.CallTimeout }, clock);
        using var lineEnded = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _connection = line;
        charger.Tell(0, "connected");
        var work = WorkAsync(line, lineEnded.Token);
        var end = await line.RunAsync(stopping);
        _connection = null;
        await lineEnded.CancelAsync();
        await work;
        charger.Tell(0, $"line ended: {end.Detail}");
        return true;
    }

    private async Task WorkAsync(RpcConnection line, CancellationToken lineEnded)
    {
        try
        {
            if (!_booted)
                await BootAsync(lineEnded);
            // FIELD-NOTES, seen on the wire 2: states come first after a reconnect, then what waits.
            for (var connector = 0; connector <= charger.Connectors.Count; connector++)
                await TellStatusAsync(connector, lineEnded);
            while (!line.HasEnded)
                await SendHeadAsync(line, await queue.HeadAsync(lineEnded), lineEnded);
        }
        catch (OperationCanceledException)
        {
            // The line ended; the queue stays.
        }
    }

    private async Task SendHeadAsync(RpcConnection line, OwedMessage message, CancellationToken lineEnded)
    {
        var again = message.Attempts++ > 0;
        if (message.MessageId is null || !(again && ReplaysUnderSameId()))
            message.MessageId = $"q{options.Seed}-{++_messages:x}-{_random.Next():x}";
        var outcome = await line.CallAsync(message.Action, message.Write(), lineEnded, message.MessageId);
        switch (outcome)
        {
            case CallAnswered when charger.Faults.TakeLostAnswer(message.Action, out var cutsLine):
                charger.Tell(0, $"answer to {message.Action} lost");
                if (cutsLine)
                    line.Abort("answer lost");
                break;
            case CallAnswered answered:
                message.Settle(answered.Payload);
                if (charger.Faults.TakeDouble(message.Action)
                    && await line.CallAsync(message.Action, message.Write(), lineEnded) is CallAnswered twice)
                    message.Settle(twice.Payload);
                queue.Remove(message);
                break;
            case CallRefused refused:
                _refusals.Enqueue($"{message.Action}: {refused.Spelling} {refused.Description}");
                await Task.Delay(options.ResendInterval, clock, lineEnded);
                break;
            default:
                if (!line.HasEnded)
                    await Task.Delay(options.ResendInterval, clock, lineEnded);
                break;
        }
    }

    private bool ReplaysUnderSameId() => options.ReplayIds switch
    {
        ReplayIds.Same => true,
        ReplayIds.New => false,
        _ => _random.Next(2) == 0,
    };
}
