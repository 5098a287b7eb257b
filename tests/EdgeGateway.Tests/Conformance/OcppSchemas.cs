using System.Collections.Concurrent;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Protocols.Ocpp.V21;
using NJsonSchema;

namespace EdgeGateway.Tests.Conformance;

/// <summary>The published schemas of a version, found in `../shared` beside the checkout, and our table of the same version.</summary>
internal sealed class OcppSchemas
{
    private readonly ConcurrentDictionary<string, JsonSchema> _read = new(StringComparer.Ordinal);
    private readonly string _name;
    private readonly string _requestSuffix;

    private OcppSchemas(string name, MessageSet ours, string requestSuffix)
    {
        (_name, Ours, _requestSuffix) = (name, ours, requestSuffix);
        Folder = Find(name);
    }

    private static readonly Dictionary<string, OcppSchemas> All = new(StringComparer.Ordinal)
    {
        // 1.6 names the schema of a request as its action.
        ["1.6"] = new("1.6", V16Actions.All, ""),
        ["2.0.1"] = new("2.0.1", V21Actions.V201, "Request"),
        ["2.1"] = new("2.1", V21Actions.V21, "Request"),
    };

    public static IEnumerable<string> Versions => All.Keys;

    /// <summary>Each version with each of its messages, as `2.0.1`, `Reset`, request or response.</summary>
    public static TheoryData<string, string, bool> Messages
    {
        get
        {
            var messages = new TheoryData<string, string, bool>();
            foreach (var (version, schemas) in All)
                foreach (var action in schemas.Ours.Actions)
                {
                    messages.Add(version, action.Name, false);
                    if (action.ResponseType is not null) messages.Add(version, action.Name, true);
                }
            return messages;
        }
    }

    public MessageSet Ours { get; }

    public OcppVersion Version => Ours.Version;

    /// <summary>Null if this checkout has no `../shared`.</summary>
    public string? Folder { get; }

    public static OcppSchemas Of(string version) => All[version];

    /// <summary>The file of a message, without its ending.</summary>
    public string NameOf(OcppAction action, bool response) =>
        action.Name + (action.ResponseType is null ? "" : response ? "Response" : _requestSuffix);

    public string PathOf(OcppAction action, bool response)
    {
        if (Folder is null) Assert.Skip($"no ../shared/spec/ocpp/{_name} beside this checkout");
        return Path.Combine(Folder, NameOf(action, response) + ".json");
    }

    public JsonSchema Get(OcppAction action, bool response) =>
        _read.GetOrAdd(PathOf(action, response), static path => JsonSchema.FromJsonAsync(File.ReadAllText(path)).GetAwaiter().GetResult());

    public void MustAccept(OcppAction action, bool response, string json)
    {
        var errors = Get(action, response).Validate(json);
        Assert.True(errors.Count == 0, $"{_name} {NameOf(action, response)} refuses {json}:\n{string.Join('\n', errors)}");
    }

    private static string? Find(string version)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var schemas = Path.Combine(folder.FullName, "shared", "spec", "ocpp", version);
            if (Directory.Exists(schemas)) return schemas;
        }
        return null;
    }
}
