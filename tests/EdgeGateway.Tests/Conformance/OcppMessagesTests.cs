using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Tests.Conformance;

/// <summary>Each message of each version against its published schema, both ways.</summary>
public sealed class OcppMessagesTests
{
    // Each takes another value of every enumeration; that none is missing is the table test's affair.
    private const int Variants = 6;

    public static TheoryData<string, string, bool> Messages => OcppSchemas.Messages;

    public static TheoryData<string, bool> SharedMessages =>
        [.. OcppSchemas.Of("2.0.1").Ours.Actions.SelectMany(a => new TheoryDataRow<string, bool>[] { new(a.Name, false), new(a.Name, true) })];

    public static TheoryData<string> Versions => [.. OcppSchemas.Versions];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Our_table_names_exactly_the_published_messages(string version)
    {
        var schemas = OcppSchemas.Of(version);
        if (schemas.Folder is null) Assert.Skip("no ../shared/spec/ocpp beside this checkout");
        var published = Directory.GetFiles(schemas.Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);
        var ours = schemas.Ours.Actions.SelectMany(a => (string[])[schemas.NameOf(a, false), schemas.NameOf(a, true)]).Distinct();
        Assert.Equal(published, ours.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void What_the_schema_allows_is_read_without_loss_and_written_as_the_schema_says(string version, string name, bool response)
    {
        var schemas = OcppSchemas.Of(version);
        var action = schemas.Ours.Find(name)!;
        var schema = schemas.Get(action, response);
        for (var variant = 0; variant < Variants; variant++)
        {
            foreach (var members in Enum.GetValues<OptionalMembers>())
            {
                var json = new SchemaInstances(members, variant).Make(schema).ToJsonString();
                schemas.MustAccept(action, response, json);
                Assert.Empty(Check(action, response, json, schemas.Version));

                var (written, warnings) = ReadAndWrite(action, response, json, schemas.Version);
                // 2.0.1 is read as 2.1, whose schemas give numbers a range; beyond it they are kept.
                if (version == "2.0.1") warnings = [.. warnings.Where(w => !w.Contains("is out of range", StringComparison.Ordinal))];
                Assert.True(warnings.Count == 0, $"{json}\n{string.Join('\n', warnings)}");
                schemas.MustAccept(action, response, written);
                Assert.True(JsonNode.DeepEquals(AsWeHaveIt(json), JsonNode.Parse(written)), $"{json}\nbecame\n{written}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Our_check_of_what_we_send_refuses_what_the_schema_refuses(string version, string name, bool response)
    {
        var schemas = OcppSchemas.Of(version);
        var action = schemas.Ours.Find(name)!;
        var schema = schemas.Get(action, response);
        var good = AsWeHaveIt(new SchemaInstances(OptionalMembers.All, 0, longTexts: false).Make(schema).ToJsonString());
        var (paths, refused) = (Paths(good).Count(), 0);
        foreach (var (what, json) in Violations(good))
        {
            if (Check(action, response, json, schemas.Version).Count > 0) refused++;
            else Assert.True(schema.Validate(json).Count == 0, $"{what} went through: {json}");
        }
        // A member too many, and of nearly every member at least null and an object or a list where there should be none.
        Assert.True(refused > 2 * paths - 4, $"only {refused} violations");
    }

    [Theory]
    [MemberData(nameof(SharedMessages))]
    public void What_is_meant_for_2_1_goes_to_a_2_0_1_station_as_its_schema_has_it_or_not_at_all(string name, bool response)
    {
        var (newest, older) = (OcppSchemas.Of("2.1"), OcppSchemas.Of("2.0.1"));
        var action = newest.Ours.Find(name)!;
        var (gone, kept) = (0, 0);
        for (var variant = 0; variant < Variants; variant++)
        {
            foreach (var members in Enum.GetValues<OptionalMembers>())
            {
                var json = new SchemaInstances(members, variant).Make(newest.Get(action, response)).ToJsonString();
                var (written, _) = ReadAndWrite(action, response, json, OcppVersion.V201);
                var flaws = Check(action, response, written, OcppVersion.V201);
                var errors = older.Get(action, response).Validate(written);
                Assert.True(
                    flaws.Count == 0 == (errors.Count == 0),
                    $"{written}\nours: {string.Join('\n', flaws)}\nthe schema's: {string.Join('\n', errors)}");
                _ = flaws.Count == 0 ? gone++ : kept++;
            }
        }
        Assert.Equal(Variants * 3, gone + kept);
    }

    private static IReadOnlyList<Flaw> Check(OcppAction action, bool response, string json, OcppVersion version)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        return response ? action.CheckResponse(utf8, version) : action.CheckRequest(utf8, version);
    }

    // By the typed way that handlers and callers take.
    private static (string Written, IReadOnlyList<string> Warnings) ReadAndWrite(OcppAction action, bool response, string json, OcppVersion version)
    {
        ReadOnlyMemory<byte> utf8 = Encoding.UTF8.GetBytes(json);
        var read = action.ResponseType is null ? "Read" : response ? "ReadResponse" : "ReadRequest";
        var received = action.GetType().GetMethod(read)!.Invoke(action, [utf8])!;
        var message = received.GetType().GetProperty("Message")!.GetValue(received)!;
        var written = (Payload)action.GetType().GetMethod("Write", [message.GetType(), typeof(OcppVersion)])!.Invoke(action, [message, version])!;
        return (Encoding.UTF8.GetString(written.ToBytes()), (IReadOnlyList<string>)received.GetType().GetProperty("Warnings")!.GetValue(received)!);
    }

    /// <summary>Without the customData that we pass over, and with the right one of two spellings.</summary>
    private static JsonObject AsWeHaveIt(string json)
    {
        var copy = JsonNode.Parse(json.Replace("Celcius", "Celsius", StringComparison.Ordinal))!;
        Drop(copy);
        return copy.AsObject();

        static void Drop(JsonNode? node)
        {
            if (node is JsonObject members)
            {
                members.Remove("customData");
                foreach (var (_, value) in members) Drop(value);
            }
            else if (node is JsonArray list)
            {
                foreach (var element in list) Drop(element);
            }
        }
    }

    private static IEnumerable<(string What, string Json)> Violations(JsonObject good)
    {
        foreach (var path in Paths(good).ToList())
        {
            var (parent, key) = Find(good, path);
            var right = parent[key];
            foreach (var other in (JsonNode?[])[null, 12.34, -3, true, "no such thing", new string('x', 10001), new JsonObject(), new JsonArray()])
            {
                parent[key] = other;
                yield return ($"{path[^1]} is {other?.ToJsonString() ?? "null"}", good.ToJsonString());
            }
            parent.Remove(key);
            yield return ($"no {string.Join('/', path)}", good.ToJsonString());
            parent[key] = right;
        }
        good["surplus"] = 1;
        yield return ("a member too many", good.ToJsonString());
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

    private static (JsonObject Parent, string Key) Find(JsonNode node, string[] path)
    {
        if (node is JsonArray list) node = list[0]!;
        return path.Length == 1 ? (node.AsObject(), path[0]) : Find(node[path[0]]!, path[1..]);
    }
}
