using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Tests.Conformance;

/// <summary>Each of the 78 messages of 1.6 against its published schema, both ways.</summary>
public sealed class Ocpp16MessagesTests
{
    public static TheoryData<string> Messages =>
        [.. V16Actions.All.Actions.SelectMany(a => new[] { a.Name, a.Name + "Response" })];

    [Fact]
    public void Our_table_names_exactly_the_published_messages()
    {
        if (OcppSchemas.Folder is null) Assert.Skip("no ../shared/spec/ocpp/1.6 beside this checkout");
        var published = Directory.GetFiles(OcppSchemas.Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);
        Assert.Equal(published, V16Actions.All.Actions.SelectMany(a => new[] { a.Name, a.Name + "Response" }).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void What_the_schema_allows_is_read_without_loss_and_written_as_the_schema_says(string message)
    {
        var schema = OcppSchemas.Get(message);
        var (action, type) = TypeOf(message);
        // Enough variants for the longest enumeration.
        for (var variant = 0; variant < 24; variant++)
        {
            foreach (var full in (bool[])[true, false])
            {
                var json = new SchemaInstances(full, variant).Make(schema).ToJsonString();
                OcppSchemas.MustAccept(message, json);
                Assert.Empty(MessageReader.Check(Encoding.UTF8.GetBytes(json), type));

                var (read, warnings) = Read(action, message, json);
                Assert.Empty(warnings);
                var written = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(read, type));
                OcppSchemas.MustAccept(message, written);
                Assert.True(
                    JsonNode.DeepEquals(JsonNode.Parse(json.Replace("Celcius", "Celsius", StringComparison.Ordinal)), JsonNode.Parse(written)),
                    $"{json}\nbecame\n{written}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Our_check_of_what_we_send_refuses_what_the_schema_refuses(string message)
    {
        var schema = OcppSchemas.Get(message);
        var type = TypeOf(message).Type;
        var good = new SchemaInstances(full: true, 0).Make(schema).AsObject();
        var refused = 0;
        foreach (var (what, bad) in Violations(good))
        {
            var json = bad.ToJsonString();
            if (schema.Validate(json).Count == 0) continue;
            refused++;
            var flaws = MessageReader.Check(Encoding.UTF8.GetBytes(json), type);
            Assert.True(flaws.Count > 0, $"{what} went through: {json}");
        }
        // A member too many, and of every member at least null and an object or a list where there should be none.
        Assert.True(refused > 2 * Paths(good).Count(), $"only {refused} violations");
    }

    private static IEnumerable<(string What, JsonObject Json)> Violations(JsonObject good)
    {
        yield return ("a member too many", With(good, c => c["surplus"] = 1));
        foreach (var path in Paths(good))
        {
            yield return ($"no {string.Join('/', path)}", With(good, c => Change(c, path, (parent, key) => parent.Remove(key))));
            foreach (var other in (JsonNode?[])[null, 12.34, true, "no such thing", new string('x', 10001), new JsonObject(), new JsonArray()])
                yield return ($"{path[^1]} is {other?.ToJsonString() ?? "null"}", With(good, c => Change(c, path, (parent, key) => parent[key] = other?.DeepClone())));
        }
    }

    private static JsonObject With(JsonObject good, Action<JsonObject> change)
    {
        var copy = good.DeepClone().AsObject();
        change(copy);
        return copy;
    }

    // Every member, those inside objects and inside the first element of lists too.
    private static IEnumerable<string[]> Paths(JsonNode node)
    {
        if (node is JsonArray { Count: > 0 } list) node = list[0]!;
        if (node is not JsonObject members) yield break;
        foreach (var (name, value) in members)
        {
            yield return [name];
            foreach (var inner in Paths(value!)) yield return [name, .. inner];
        }
    }

    private static void Change(JsonNode node, string[] path, Action<JsonObject, string> change)
    {
        if (node is JsonArray list) node = list[0]!;
        if (path.Length == 1) change(node.AsObject(), path[0]);
        else Change(node[path[0]]!, path[1..], change);
    }

    private static (OcppAction Action, JsonTypeInfo Type) TypeOf(string message)
    {
        if (V16Actions.All.Find(message) is { } request) return (request, request.RequestType);
        var action = V16Actions.All.Find(message[..^"Response".Length])!;
        return (action, action.ResponseType!);
    }

    private static (object Message, IReadOnlyList<string> Warnings) Read(OcppAction action, string message, string json)
    {
        var received = action.GetType().GetMethod(message == action.Name ? "ReadRequest" : "ReadResponse")!
            .Invoke(action, [(ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(json)])!;
        return (received.GetType().GetProperty("Message")!.GetValue(received)!, (IReadOnlyList<string>)received.GetType().GetProperty("Warnings")!.GetValue(received)!);
    }
}
