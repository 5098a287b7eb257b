using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Simulators.Charger.Tongues;

namespace EdgeGateway.Simulators.Charger;

/// <summary>A charger's line: connects again and again, boots once, tells states, and empties the queue.</summary>
internal sealed class ChargerLine(SimulatedCharger charger, SimulatedChargerOptions options, TimeProvider clock, IChargerTongue tongue, ChargerQueue queue) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(options.Seed);
    private readonly ConcurrentQueue<string> _refusals = [];
    private volatile RpcConnection? _connection;
    private Task _loop = Task.CompletedTask;
    private TaskCompletionSource _mayConnect = Open();
    private bool _booted;
    private BootReason _bootReason = BootReason.PowerUp;
    private int _lines;
    private int _messages;

    /// <summary>The line is open and the central system has accepted us.</summary>
    public bool IsServed => _connection is { HasEnded: false } && _booted;

    public IReadOnlyList<string> Refusals => [.. _refusals];

    public void Start(CancellationToken stopping) => _loop = RunAsync(stopping);

    public void Abort(string why) => _connection?.Abort(why);

    /// <summary>The next line begins with a BootNotification that says this.</summary>
    public void ForgetBoot(BootReason reason) => (_booted, _bootReason) = (false, reason);

    /// <summary>Cuts the line and keeps it cut until <see cref="Release"/>.</summary>
    public void Hold()
    {
        _mayConnect = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Abort("cut for a while");
    }

    public void Release() => _mayConnect.TrySetResult();

    /// <summary>A message of the moment: null when there is no line or no usable answer.</summary>
    public async Task<TResponse?> CallAsync<TRequest, TResponse>(
        OcppAction<TRequest, TResponse> action, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        _connection is { HasEnded: false } line ? (await line.CallAsync(action, request, cancellationToken)).Response : null;

    public Task TellStatusAsync(int connector, CancellationToken cancellationToken) =>
        IsServed ? tongue.TellStatusAsync(connector, cancellationToken) : Task.CompletedTask;

    /// <param name="connector">Null: all, and the charger itself.</param>
    public async Task TellStatesAsync(int? connector, CancellationToken cancellationToken)
    {
        foreach (var number in connector is { } one ? [one] : Enumerable.Range(0, charger.Connectors.Count + 1))
            await TellStatusAsync(number, cancellationToken);
    }

    public Task HeartbeatAsync(CancellationToken cancellationToken) => tongue.HeartbeatAsync(cancellationToken);

    public Task TellIdleFirmwareAsync(CancellationToken cancellationToken) => tongue.TellFirmwareAsync(FirmwareStatus.Idle, null, cancellationToken);

    public async Task BootAsync(BootReason reason, CancellationToken cancellationToken)
    {
        while (_connection is { HasEnded: false })
        {
            var answer = await tongue.BootAsync(reason, cancellationToken);
            if (answer is { IsAccepted: true })
            {
                _booted = true;
                charger.Booted(answer);
                return;
            }
            charger.Tell(0, $"boot answered: {answer?.Status ?? "not at all"}");
            await Task.Delay(answer is { Interval.Ticks: > 0 } ? answer.Interval : options.ResendInterval, clock, cancellationToken);
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
                await _mayConnect.Task.WaitAsync(stopping);
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
        socket.Options.AddSubProtocol(tongue.Version.Subprotocol);
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(5);
        socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(5);
        Identify(socket.Options);
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
            options.Babbles > 0 ? new BabblingSocket(socket, _random, options.Babbles, what => charger.Tell(0, what)) : socket, tongue.Version, tongue.HandleAsync,
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
                await BootAsync(_bootReason, lineEnded);
            // FIELD-NOTES, seen on the wire 2: states come first after a reconnect, then what waits.
            await TellStatesAsync(null, lineEnded);
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
        if (message.MessageId is null || !(again && tongue.MayRepeatIds && ReplaysUnderSameId()))
            message.MessageId = $"q{options.Seed}-{++_messages:x}-{_random.Next():x}";
        var outcome = await line.CallAsync(message.Action, message.Write(), lineEnded, message.MessageId);
        switch (outcome)
        {
            case CallAnswered when charger.Faults.TakeLostAnswer(message.Kind, out var cutsLine):
                charger.Tell(0, $"answer to {message.Action} lost");
                if (cutsLine)
                    line.Abort("answer lost");
                break;
            case CallAnswered answered:
                message.Settle(answered.Payload);
                if (charger.Faults.TakeDouble(message.Kind)
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

    private void Identify(ClientWebSocketOptions socket)
    {
        if (charger.Password is { } password)
        {
            byte[] credentials = [.. Encoding.UTF8.GetBytes($"{options.Identity}:"), .. password];
            socket.SetRequestHeader("Authorization", $"Basic {Convert.ToBase64String(credentials)}");
        }
        if (options.TrustedRoot is { } root)
            socket.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 shown && IsTrusted(shown, root);
        if (charger.ClientCertificate is { } own)
            socket.ClientCertificates = [own];
    }

    // The name is not looked at: a simulated site's gateway is at 127.0.0.1 by whatever name.
    private static bool IsTrusted(X509Certificate2 shown, X509Certificate2 root)
    {
        using var chain = new X509Chain { ChainPolicy = ChargerErrands.Trusting(root) };
        return chain.Build(shown);
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private bool ReplaysUnderSameId() => options.ReplayIds switch
    {
        ReplayIds.Same => true,
        ReplayIds.New => false,
        _ => _random.Next(2) == 0,
    };
}
