namespace EdgeGateway.Protocols.Mqtt;

public sealed class MqttConnection(MqttOptions options, TimeProvider clock, Random? random = null) : IAsyncDisposable
{
    public MqttLink Link => new() { State = MqttState.Connecting, Since = clock.GetUtcNow() };
    public Action<bool>? Connected { get; set; }
    public Action<MqttLink>? LinkChanged { get; set; }
    public Action<Exception>? Failed { get; set; }
    public void Start() { _ = options; _ = random; Connected?.Invoke(false); LinkChanged?.Invoke(Link); Failed?.Invoke(new TimeoutException()); }
    public bool Set(string topic, ReadOnlyMemory<byte> payload) => MqttLimits.IsTopic(topic) && payload.Length > 0;
    public bool Clear(string topic) => MqttLimits.IsTopic(topic);
    public bool Tell(MqttMessage message) => MqttLimits.IsTopic(message.Topic);
    public void Subscribe(string filter, Action<MqttMessage> handler) { }
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
