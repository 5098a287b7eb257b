using System.Text.Json.Nodes;
using EdgeGateway.Configuration;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>A folder of its own with a configuration that is right and listens on free ports of loopback; tests change what they are about.</summary>
public sealed class SiteFolder : IDisposable
{
    public SiteFolder()
    {
        Path = Directory.CreateTempSubdirectory("edge-gateway-").FullName;
        Json = JsonNode.Parse(Text)!.AsObject();
        Save();
    }

    public string Path { get; }
    public string File => System.IO.Path.Combine(Path, "appsettings.json");
    public JsonObject Json { get; private set; }
    public JsonObject Gateway => Json[nameof(Gateway)]!.AsObject();
    public Dictionary<string, string> Environment { get; } = [];
    public string? Credentials { get; set; }
    public Sources Sources => new() { File = File, Environment = Environment, CredentialsDirectory = Credentials };

    /// <summary>The root of the checkout, found by walking up.</summary>
    public static string Checkout
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "EdgeGateway.sln")))
                folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie in a checkout.");
        }
    }

    /// <summary>The node at a path such as <c>Gateway:Stations:0:Id</c> becomes this value; null takes it away.</summary>
    public SiteFolder Set(string path, JsonNode? value)
    {
        JsonNode at = Json;
        var keys = path.Split(':');
        foreach (var key in keys[..^1])
            at = int.TryParse(key, out var index) ? at[index]! : at[key] ??= new JsonObject();
        if (int.TryParse(keys[^1], out var last))
            at.AsArray()[last] = value;
        else if (value is null)
            at.AsObject().Remove(keys[^1]);
        else
            at[keys[^1]] = value;
        return this;
    }

    public SiteFolder Save()
    {
        System.IO.File.WriteAllText(File, Json.ToJsonString());
        return this;
    }

    public ConfigurationRead Read() => ConfigurationReader.Read(Save().Sources);

    public GatewayConfiguration Configuration()
    {
        var read = Read();
        Assert.Empty(read.Findings.Faults);
        return read.Configuration!;
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    private const string Text = """
        {
          "Gateway": {
            "Party": { "CountryCode": "DE", "PartyId": "ABC", "Name": "Example Charging" },
            "Site": {
              "Id": "BER01", "Name": "Depot Berlin", "Address": "Chausseestr. 1", "City": "Berlin", "PostalCode": "10115",
              "Country": "DEU", "Latitude": 52.5321, "Longitude": 13.3849, "TimeZone": "Europe/Berlin"
            },
            "Stations": [ {
              "Id": "CP-1", "Password": "a-password-of-length",
              "Evses": [ {
                "Id": 1, "EvseId": "DE*ABC*E1001*1", "PhysicalReference": "Bay 1",
                "Connectors": [ { "Id": 1, "Standard": "IEC_62196_T2", "Format": "SOCKET", "PowerType": "AC_3_PHASE",
                                  "MaxVoltage": 230, "MaxAmperage": 32, "Tariffs": [ "AC" ] } ]
              } ]
            } ],
            "LocalTokens": [ { "Uid": "04A2B3C4", "ContractId": "DE-ABC-C00000001-1" } ],
            "Tariffs": [ { "Id": "AC", "Currency": "EUR", "Elements": [ { "price_components": [ { "type": "ENERGY", "price": 0.45, "vat": 19.0, "step_size": 1 } ] } ] } ],
            "Ocpp": { "Listen": [ "http://127.0.0.1:0" ] },
            "Ocpi": { "Listen": "http://127.0.0.1:0" },
            "Storage": { "Path": "gateway.db" },
            "Admin": { "Listen": "http://127.0.0.1:0" }
          }
        }
        """;
}
