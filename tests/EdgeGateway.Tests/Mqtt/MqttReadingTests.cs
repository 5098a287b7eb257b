using System.Text.Json.Nodes;
using EdgeGateway.Mqtt;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Mqtt;

public sealed class MqttReadingTests
{
    [Fact]
    public void Without_a_broker_there_is_none_and_the_rest_has_its_defaults()
    {
        using var folder = new SiteFolder();
        var mqtt = folder.Configuration().Mqtt;
        Assert.Equal(new MqttSettings { BaseTopic = "edge-gateway/BER01", ClientId = "edge-gateway-BER01" }, mqtt);
        Assert.False(mqtt.Commands || mqtt.HomeAssistantDiscovery);
    }

    [Theory]
    [InlineData("mqtt://broker", "mqtt://broker:1883/")]
    [InlineData("mqtts://broker", "mqtts://broker:8883/")]
    [InlineData("mqtt://127.0.0.1:2883/", "mqtt://127.0.0.1:2883/")]
    [InlineData("mqtt://[::1]", "mqtt://[::1]:1883/")]
    public void A_broker_without_a_port_has_the_usual_one(string text, string url)
    {
        using var folder = new SiteFolder();
        Assert.Equal(url, folder.Set("Gateway:Mqtt:Broker", text).Configuration().Mqtt.Broker!.ToString());
    }

    [Fact]
    public void The_password_comes_from_systemd_s_credentials_too_and_is_printed_nowhere()
    {
        using var folder = new SiteFolder();
        folder.Credentials = Path.Combine(folder.Path, "credentials");
        Directory.CreateDirectory(folder.Credentials);
        File.WriteAllText(Path.Combine(folder.Credentials, "Gateway__Mqtt__Password"), "a-canary-secret\n");
        folder.Set("Gateway:Mqtt", JsonNode.Parse("""{ "Broker": "mqtt://10.0.0.5", "Username": "gw" }"""));
        var read = folder.Read();
        Assert.Equal("a-canary-secret", read.Configuration!.Mqtt.Password);
        Assert.DoesNotContain("canary", read.Configuration.ToString(), StringComparison.Ordinal);
        Assert.Contains(read.Findings.Notes, n => n == "Gateway:Mqtt:Broker: the password goes to 10.0.0.5 in plain text; mqtts:// protects it.");
        Assert.DoesNotContain(folder.Set("Gateway:Mqtt:Broker", "mqtts://10.0.0.5").Read().Findings.Notes, n => n.Contains("plain text", StringComparison.Ordinal));
        Assert.DoesNotContain(folder.Set("Gateway:Mqtt:Broker", "mqtt://127.0.0.1").Read().Findings.Notes, n => n.Contains("plain text", StringComparison.Ordinal));
    }

    [Fact]
    public void What_belongs_together_is_asked_for_together()
    {
        using var folder = new SiteFolder();
        folder.Set("Gateway:Mqtt", JsonNode.Parse("""{ "Broker": "mqtt://127.0.0.1", "Password": "p", "CaFile": "missing.pem", "CertificateFile": "appsettings.json" }"""));
        var faults = folder.Read().Findings.Faults.Select(f => f.Path).ToList();
        Assert.Equal(["Gateway:Mqtt:Broker", "Gateway:Mqtt:CaFile", "Gateway:Mqtt:KeyFile", "Gateway:Mqtt:Username"], faults.Order());
    }
}
