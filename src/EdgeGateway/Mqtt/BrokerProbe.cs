using EdgeGateway.Protocols.Mqtt;

namespace EdgeGateway.Mqtt;

/// <summary>Whether a broker would have us: a connection of its own, that publishes nothing and throws nobody out.</summary>
internal static class BrokerProbe
{
    /// <returns>Whether it is well, and how it is in words.</returns>
    public static async Task<(bool IsWell, string Text)> AskAsync(MqttSettings settings, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        var broker = settings.Broker!;
        var known = new TaskCompletionSource<MqttLink>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = new MqttConnection(
            new()
            {
                Broker = broker,
                ClientId = $"{settings.ClientId}-check",
                Username = settings.Username,
                Password = settings.Password,
                CaFile = settings.CaFile,
                CertificateFile = settings.CertificateFile,
                KeyFile = settings.KeyFile,
                SessionExpiry = TimeSpan.Zero,
            },
            clock);
        connection.LinkChanged = link =>
        {
            if (link.State is not MqttState.Connecting)
                known.TrySetResult(link);
        };
        connection.Start();
        try
        {
            var link = await known.Task.WaitAsync(patience, clock, cancellationToken);
            return link.State is MqttState.Online
                ? (true, $"{broker.Host}:{broker.Port} answers (MQTT {link.Version})")
                : (false, $"{broker.Host}:{broker.Port}: {link.State}: {link.Why}");
        }
        catch (TimeoutException)
        {
            return (false, $"{broker.Host}:{broker.Port}: no answer in time");
        }
    }
}
