using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using EdgeGateway.Protocols.Mqtt;

namespace EdgeGateway.Tests.Protocols.Mqtt;

/// <summary>A connection as a test uses it: quick retries, what it told, and waits for conditions.</summary>
internal sealed class MqttDesk : IAsyncDisposable
{
    private readonly ConcurrentQueue<MqttLink> _links = new();
    private readonly ConcurrentQueue<bool> _connects = new();
    private readonly ConcurrentQueue<Exception> _faults = new();

    public MqttDesk(Uri broker, Func<MqttOptions, MqttOptions>? edit = null, string? library = null, bool start = true, MqttPace? pace = null)
    {
        var options = new MqttOptions
        {
            Broker = broker,
            ClientId = $"gateway-{Guid.NewGuid():N}",
            KeepAlive = MqttLimits.ShortestKeepAlive,
            RetryAfter = TimeSpan.FromMilliseconds(20),
            RetryAtMost = TimeSpan.FromMilliseconds(100),
        };
        options = edit?.Invoke(options) ?? options;
        Connection = library is null && pace is null ? new(options, TimeProvider.System, new Random(5)) : new(options, TimeProvider.System, pace ?? new(options, TimeProvider.System, new Random(5)), library);
        Connection.LinkChanged += _links.Enqueue;
        Connection.Connected += _connects.Enqueue;
        Connection.Failed += _faults.Enqueue;
        if (start)
            Connection.Start();
    }

    public MqttConnection Connection { get; }

    public IReadOnlyCollection<MqttLink> Links => _links;
    public IReadOnlyCollection<bool> Connects => _connects;
    public IReadOnlyCollection<Exception> Faults => _faults;

    public Task OnlineAsync() => UntilAsync(link => link.State == MqttState.Online);

    /// <summary>Until the broker has confirmed all.</summary>
    public Task SettledAsync() => UntilAsync(link => link is { State: MqttState.Online, Waiting: 0 });

    public async Task UntilAsync(Func<MqttLink, bool> wish)
    {
        var patience = Stopwatch.StartNew();
        while (!wish(Connection.Link))
        {
            if (patience.Elapsed > TimeSpan.FromSeconds(20))
                Assert.Fail($"not so in time: {Connection.Link}; before: {string.Join("\n", _links)}; faults: {string.Join("\n", _faults)}");
            await Task.Delay(5);
        }
    }

    public void Set(string topic, string payload) => Assert.True(Connection.Set(topic, Encoding.UTF8.GetBytes(payload)));

    public void Tell(string topic, string payload) => Assert.True(Connection.Tell(new(topic, Encoding.UTF8.GetBytes(payload))));

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
