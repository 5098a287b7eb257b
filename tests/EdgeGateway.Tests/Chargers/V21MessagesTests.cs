using System.Text;
using System.Text.Json;
using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Tests.Conformance;

namespace EdgeGateway.Tests.Chargers;

/// <summary>All that a station may send, beside the published schemas of its version.</summary>
public sealed class V21MessagesTests
{
    /// <summary>The frame's limit, less what stands around a payload.</summary>
    private const int MostPayloadBytes = 60_000;

    [Theory]
    [InlineData("2.0.1")]
    [InlineData("2.1")]
    public async Task Each_message_that_a_station_may_send_has_a_line_in_the_table(string version)
    {
        var schemas = OcppSchemas.Of(version);
        await using var host = await ChargersHost.StartAsync();
        var dialect = Assert.IsType<V21Dialect>(host.Dialects.Of(schemas.Version));
        var sent = schemas.Ours.Actions.Where(a => a.Sender.HasFlag(Party.Station)).ToList();
        foreach (var action in sent)
            Assert.True(File.Exists(schemas.PathOf(action, response: false)), $"{action} has no schema of {version}");
        Assert.Equal(sent.Select(a => a.Name).Order(), dialect.Served(schemas.Version).Order());
    }

    [Theory]
    [InlineData("2.0.1")]
    [InlineData("2.1")]
    public async Task Each_message_that_the_schema_allows_gets_a_result_that_the_schema_of_its_version_allows(string version)
    {
        var schemas = OcppSchemas.Of(version);
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = [schemas.Version.Subprotocol]);
        var number = 0;
        foreach (var action in schemas.Ours.Actions.Where(a => a.Sender.HasFlag(Party.Station) && a.ResponseType is not null))
        {
            foreach (var members in Enum.GetValues<OptionalMembers>())
            {
                var id = $"m{++number}";
                var payload = new SchemaInstances(members, number, longTexts: members == OptionalMembers.Some).Make(schemas.Get(action, response: false)).ToJsonString();
                if (Encoding.UTF8.GetByteCount(payload) > MostPayloadBytes)
                    continue;
                await charger.SendAsync($"[2,\"{id}\",\"{action.Name}\",{payload}]");
                var answer = await AnswerAsync(charger);
                Assert.True(answer is { } frame && frame[0].GetInt32() == 3 && frame[1].GetString() == id, $"{action} with {members} members, variant {number}: {answer}");
                schemas.MustAccept(action, response: true, answer.Value[2].GetRawText());
            }
        }
        Assert.True(number > 60);
    }

    /// <summary>The gateway asks a new line things of its own accord; they stay unanswered here.</summary>
    private static async Task<JsonElement?> AnswerAsync(RawCharger charger)
    {
        while (true)
        {
            var frame = await charger.ReceiveAsync();
            if (frame is not { } asked || asked[0].GetInt32() != 2)
                return frame;
        }
    }
}
