using EdgeGateway.Mqtt;
using EdgeGateway.Mqtt.Discovery;
using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Protocols.Mqtt;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using NJsonSchema;

namespace EdgeGateway.Tests.Mqtt;

public sealed class TopicTests
{
    private static readonly Topics Site = new("edge-gateway/BER01");

    [Theory]
    [InlineData("CP-1", "CP-1")]
    [InlineData("a+b", "a%2Bb")]
    [InlineData("a/b#c", "a%2Fb%23c")]
    [InlineData("100%", "100%25")]
    [InlineData("", "%")]
    [InlineData("ü\u0085", "ü%C2%85")]
    [InlineData("🔌", "%F0%9F%94%8C")]
    public void An_id_is_one_level_and_can_be_read_back(string id, string level)
    {
        Assert.Equal(level, Topics.Level(id));
        Assert.True(MqttLimits.IsTopic(Site.Station(id)));
        Assert.Equal(4, Site.Station(id).Split('/').Length);
        if (id.Length > 0)
            Assert.Equal(id, Uri.UnescapeDataString(level));
    }

    [Fact]
    public void Ids_that_differ_never_share_a_level_or_a_device()
    {
        string[] ids = ["a+b", "a%2Bb", "a_b", "a-b", "a_2Bb", "a b", "%", "", "a", "A"];
        Assert.Equal(ids.Length, ids.Select(Topics.Level).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(ids.Length, ids.Select(i => HomeAssistant.Id("x", i)).Distinct(StringComparer.Ordinal).Count());
        Assert.All(ids, i => Assert.Matches("^[A-Za-z0-9_-]+$", HomeAssistant.Id("x", i)));
    }

    [Fact]
    public void Every_state_of_the_site_has_its_word_in_the_tree()
    {
        Assert.Equal(Enum.GetValues<EvseStatus>().Select(StateViews.Word).Order(), Words<EvsePayload>(nameof(EvsePayload.Status)).Order());
        Assert.Equal(Enum.GetNames<ConnectorState>().Order(), Words<EvsePayload>(nameof(EvsePayload.ConnectorStatus)).Order());
        Assert.Equal(Enum.GetNames<ConnectorState>().Order(), Words<ConnectorPayload>(nameof(ConnectorPayload.Status)).Order());
        Assert.Equal(Enum.GetNames<Admission>().Order(), Words<StationPayload>(nameof(StationPayload.Admission)).Order());
        Assert.Equal(Enum.GetNames<SessionStatus>().Order(), Words<SessionPayload>(nameof(SessionPayload.Status)).Order());
        Assert.Equal(Enum.GetNames<Severity>().Order(), Words<EventPayload>(nameof(EventPayload.Severity)).Order());
        Assert.Equal(Enum.GetNames<MeterRole>().Order(), Words<MeterPayload>(nameof(MeterPayload.Role)).Order());
        Assert.Equal(Enum.GetNames<MeterQuality>().Order(), Words<MeterPayload>(nameof(MeterPayload.Quality)).Order());
        Assert.Equal(Enum.GetNames<EdgeGateway.Hubs.HubState>().Order(), Words<HubPayload>(nameof(HubPayload.State)).Order());
    }

    [Fact]
    public void The_tree_is_the_promised_one()
    {
        string[] retained = ["status", "info", "hubs/{name}", "stations/{id}", "stations/{id}/evses/{n}", "meters/{id}"];
        Assert.Equal(retained, TopicTree.All.Where(k => k.Retained).Select(k => k.Pattern));
        Assert.Equal(["status", "start", "stop", "unlock", "reset", "availability", "trigger", "hub-sync", "accept"], TopicTree.Commands);
        Assert.All(TopicTree.All.Where(k => k.Pattern.StartsWith("command/", StringComparison.Ordinal)), k => Assert.False(k.Retained || k.ByGateway));
    }

    [Fact]
    public void Every_member_of_every_payload_says_what_it_means()
    {
        foreach (var kind in TopicTree.All.Where(k => k.Payload is not null))
        {
            Assert.NotEmpty(kind.Payload!.Properties);
            Assert.All(kind.Payload.Properties, p => Assert.True(PayloadSchemas.Describe(p).Meaning.Length > 0, $"{kind.Name}.{p.Name}"));
        }
        var guide = string.Join('\n', TopicGuide.Lines());
        Assert.All(TopicTree.All, k => Assert.Contains(k.Pattern, guide, StringComparison.Ordinal));
        Assert.Contains("powerW (number): Power of the session in W", guide, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_refuses_what_its_payload_never_says()
    {
        var schema = await JsonSchema.FromJsonAsync(PayloadSchemas.All["evse"], TestContext.Current.CancellationToken);
        var state = new EdgeGateway.Tests.Fixtures.SiteUnderTest().State;
        var good = System.Text.Encoding.UTF8.GetString(StateBoard.Bytes(state.Evses("CP-1", DateTimeOffset.UnixEpoch).First(), MqttJson.Default.EvsePayload));
        Assert.Empty(schema.Validate(good));
        Assert.NotEmpty(schema.Validate(good.Replace("\"UNKNOWN\"", "\"BROKEN\"", StringComparison.Ordinal)));
        Assert.NotEmpty(schema.Validate(good.Replace("\"evse\":1", "\"evse\":\"1\"", StringComparison.Ordinal)));
        Assert.NotEmpty(schema.Validate(good.Replace("\"powerW\":0,", "", StringComparison.Ordinal)));
        Assert.NotEmpty(schema.Validate(good.Replace("\"powerW\":0,", "\"powerW\":0,\"more\":1,", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<string> Words<T>(string member) =>
        typeof(T).GetProperty(member)!.GetCustomAttributes(typeof(OneOfAttribute), inherit: false).OfType<OneOfAttribute>().Single().Words;
}
