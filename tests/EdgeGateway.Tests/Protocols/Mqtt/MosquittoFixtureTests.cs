using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Protocols.Mqtt;

/// <summary>The broker of our tests with nothing of ours in between.</summary>
public sealed class MosquittoFixtureTests
{
    [Fact]
    public async Task A_retained_message_outlasts_a_stop_where_the_broker_keeps_it()
    {
        using var broker = MosquittoBroker.Start(new() { Persistence = true, Passwords = new Dictionary<string, string> { ["eye"] = "s" } });
        broker.Publish("site/a", "{\"x\":1}", "-r", "-D", "publish", "content-type", "application/json");
        broker.Stop();
        broker.Start();
        using var ear = broker.Listen("site/#");
        await ear.WaitAsync(heard => heard.Count == 1);
        Assert.Equal(("site/a", "{\"x\":1}", true), (ear.Messages[0].Topic, ear.Messages[0].Payload, ear.Messages[0].Retained));
        Assert.Equal("application/json", ear.Messages[0].Properties["content-type"]);
    }

    [Fact]
    public async Task Over_tls_with_client_certificates()
    {
        using var broker = MosquittoBroker.Start(new() { TlsNames = ["localhost"], ClientCertificates = true });
        using var ear = broker.Listen();
        broker.Publish("a", "b");
        await ear.WaitAsync(heard => heard.Count == 1);
        Assert.Equal("b", Assert.Single(ear.States).Value);
    }
}
