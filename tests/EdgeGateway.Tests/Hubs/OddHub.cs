using System.Globalization;
using System.Text.Json.Nodes;
using EdgeGateway.Hubs;
using EdgeGateway.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace EdgeGateway.Tests.Hubs;

/// <summary>A hub that can be made to answer anything to anything, in any version; what is not told answers well.</summary>
public sealed class OddHub : IAsyncDisposable
{
    private LoopbackHttp _server = null!;
    private int _tokens;

    /// <summary>What it lists, beside versions that nobody may be tempted by.</summary>
    public string Version { get; set; } = "2.2.1";

    /// <summary>Null: the hub answers as it should.</summary>
    public Func<HttpContext, RequestDelegate?> Odd { get; set; } = _ => null;
    public string Url => _server.Url;
    public IReadOnlyList<LoopbackHttp.Asked> Requests => _server.Requests;

    public HubOptions Options => new()
    {
        Name = ExampleSite.Hub, VersionsUrl = $"{Url}/versions", RegistrationToken = HubsHost.TokenA, CountryCode = "DE", PartyId = "HUB",
    };

    public static async Task<OddHub> StartAsync()
    {
        var hub = new OddHub();
        hub._server = await LoopbackHttp.StartAsync(context => (hub.Odd(context) ?? hub.Well(context))(context));
        return hub;
    }

    /// <summary>Requests with this method to this module.</summary>
    public IReadOnlyList<LoopbackHttp.Asked> Of(string method, string module) =>
        [.. Requests.Where(r => r.Method == method && r.RawTarget.Split('/', '?').Skip(2).FirstOrDefault() == module)];

    /// <summary>Answers so to requests with this method to this module.</summary>
    public void When(string method, string module, RequestDelegate answer)
    {
        var before = Odd;
        Odd = context => context.Request.Method == method && context.Request.Path.Value!.Split('/').Skip(2).FirstOrDefault() == module ? answer : before(context);
    }

    public static RequestDelegate Envelope(int code, string? message = null, int status = 200, string? data = null, params (string Name, string Value)[] headers) =>
        LoopbackHttp.Text(
            $$"""{{{(data is null ? "" : $"\"data\":{data},")}}"status_code":{{code}},{{(message is null ? "" : $"\"status_message\":\"{message}\",")}}"timestamp":"{{Now}}"}""",
            status, headers);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string Now => DateTimeOffset.UtcNow.ToString("s", CultureInfo.InvariantCulture) + "Z";

    private RequestDelegate Well(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/versions")
            return Envelope(1000, data: new JsonArray([.. new[] { "9.9", "2.2", "2.0", Version }.Select(v => new JsonObject { ["version"] = v, ["url"] = $"{Url}/{v}" })]).ToJsonString());
        if (path == $"/{Version}")
            return Envelope(1000, data: new JsonObject { ["version"] = Version, ["endpoints"] = new JsonArray([.. Endpoints()]) }.ToJsonString());
        if (path.EndsWith("/credentials", StringComparison.Ordinal) && context.Request.Method != "DELETE")
            return Envelope(1000, data: Credentials().ToJsonString());
        return Envelope(1000, data: context.Request.Method == "GET" ? "[]" : null, status: context.Request.Method == "POST" ? 201 : 200);
    }

    private IEnumerable<JsonNode> Endpoints()
    {
        foreach (var (module, role) in new[] { ("credentials", "SENDER"), ("tokens", "SENDER"), ("locations", "RECEIVER"), ("tariffs", "RECEIVER"), ("sessions", "RECEIVER"), ("cdrs", "RECEIVER") })
        {
            var endpoint = new JsonObject { ["identifier"] = module, ["url"] = $"{Url}/{Version}/{module}" };
            if (Version != "2.1.1")
                endpoint["role"] = role;
            yield return endpoint;
        }
    }

    private JsonObject Credentials()
    {
        var credentials = new JsonObject { ["token"] = $"token-C-{Interlocked.Increment(ref _tokens)}", ["url"] = $"{Url}/versions" };
        if (Version == "2.1.1")
        {
            (credentials["country_code"], credentials["party_id"]) = ("DE", "HUB");
            credentials["business_details"] = new JsonObject { ["name"] = "Hub" };
            return credentials;
        }
        if (Version == "2.3.0")
            credentials["hub_party_id"] = "DEHUB";
        credentials["roles"] = new JsonArray(Role(Version == "2.3.0" ? "EMSP" : "HUB", Version == "2.3.0" ? "MSP" : "HUB"));
        return credentials;

        static JsonObject Role(string role, string party) => new()
        {
            ["role"] = role, ["country_code"] = "DE", ["party_id"] = party, ["business_details"] = new JsonObject { ["name"] = "Hub" },
        };
    }
}
