using System.Text.Json;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Protocols.Ocpi.V211;
using DisplayText = EdgeGateway.Protocols.Ocpi.V230.DisplayText;
using VersionInfo = EdgeGateway.Protocols.Ocpi.V230.VersionInfo;

namespace EdgeGateway.Tests.Protocols.Ocpi;

/// <summary>Each example of 2.1.1 is read, and written again is the same JSON; the known faults of some are found, and nothing else.</summary>
public sealed class Examples211Tests
{
    private static readonly OcpiFormat Format = OcpiJson211.Format;

    /// <summary>By the README of the examples: country BE for BEL, a price as text, numbers for texts, last_updated missing.</summary>
    private static readonly Dictionary<string, string[]> KnownFaults = new()
    {
        ["cdrs_example_of_a_cdr"] = ["location.country", "tariffs[0].elements[0].price_components[0].price"],
        ["sessions_simple_session_example_of_a_just_starting_session"] = ["location.country"],
        ["sessions_simple_session_example_of_a_short_finished_session"] = ["location.country"],
        ["locations_example_add_an_evse"] = ["physical_reference", "floor_level"],
        ["tariffs_example_new_tariff_2_euro_per_hour"] = ["last_updated"],
    };

    public static TheoryData<string> Files()
    {
        IEnumerable<string> names = OcpiExamples.Folder is { } root
            ? Directory.GetFiles(Path.Combine(root, "2.1.1", "examples"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!)
            : ["none"];
        return [.. names.Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_example_is_read_and_written_again_as_it_was(string name)
    {
        var json = OcpiExamples.Read("2.1.1", name);
        switch (name)
        {
            case "locations_example_add_an_evse": Fragment<Evse>(name, json); break;
            case "locations_example_change_the_location_name": Fragment<Location>(name, json); break;
            case "locations_example_set_tariff_update": Fragment<Connector>(name, json); break;
            case "tariffs_example_change_tariff_to_2_50": Fragment<Tariff>(name, json); break;
            case "types_displaytext_class": Same<DisplayText>(name, json); break;
            case "versions_get_example_2": Same<VersionDetails>(name, json); break;
            case var _ when name.StartsWith("transport_", StringComparison.Ordinal): Envelope(name, json); break;
            case var _ when name.StartsWith("cdrs_", StringComparison.Ordinal): Same<Cdr>(name, json); break;
            case var _ when name.StartsWith("credentials_", StringComparison.Ordinal): Same<Credentials>(name, json); break;
            case var _ when name.StartsWith("locations_", StringComparison.Ordinal): Same<Location>(name, json); break;
            case var _ when name.StartsWith("sessions_", StringComparison.Ordinal): Same<Session>(name, json); break;
            case var _ when name.StartsWith("tariffs_", StringComparison.Ordinal): Same<Tariff>(name, json); break;
            default: Same<Token>(name, json); break;
        }
    }

    [Fact]
    public void Enumerations_are_closed()
    {
        var read = Format.Read<Token>("""
            {"uid":"1","type":"APP_USER","auth_id":"A","issuer":"I","valid":true,"whitelist":"ALWAYS","last_updated":"2026-03-01T12:00:00Z"}
            """u8.ToArray());
        Assert.Equal(["type"], read.Faults.Select(f => f.Path));
    }

    [Fact]
    public void Times_are_read_leniently_and_written_without_a_fraction()
    {
        var read = Format.Read<Token>("""
            {"uid":"1","type":"RFID","auth_id":"A","issuer":"I","valid":true,"whitelist":"NEVER","last_updated":"2026-03-01T13:00:00.987+01:00","unknown":{}}
            """u8.ToArray());
        Assert.True(read.IsValid);
        Assert.Contains("\"last_updated\":\"2026-03-01T12:00:00Z\"", System.Text.Encoding.UTF8.GetString(Format.Write(read.Value)), StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_never_show_their_token()
    {
        var credentials = Format.Read<Credentials>(OcpiExamples.Read("2.1.1", "credentials_credentials_object_example")).Value!;
        Assert.DoesNotContain(credentials.Token, credentials.ToString(), StringComparison.Ordinal);
    }

    private static void Same<T>(string name, JsonElement json)
        where T : class
    {
        var read = Format.Read<T>(json);
        Assert.Equal(KnownFaults.GetValueOrDefault(name, []), read.Faults.Select(f => f.Path));
        if (read.IsValid)
            OcpiExamples.AssertSame(json, Format.Write(read.Value));
    }

    private static void Fragment<T>(string name, JsonElement json)
        where T : class =>
        Assert.Equal(KnownFaults.GetValueOrDefault(name, []), Format.Judge(json, typeof(T), ShapeRules.Fragment).Select(f => f.Path));

    private static void Envelope(string name, JsonElement json)
    {
        var envelope = OcpiEnvelope.Parse(JsonSerializer.SerializeToUtf8Bytes(json));
        Assert.NotNull(envelope);
        Assert.Equal(1000, envelope.StatusCode);
        var data = json.GetProperty("data");
        IEnumerable<JsonElement> elements = data.ValueKind == JsonValueKind.Array ? data.EnumerateArray() : [data];
        foreach (var element in elements)
        {
            if (name.Contains("version", StringComparison.Ordinal))
                Same<VersionInfo>(name, element);
            else
                Same<Token>(name, element);
        }
    }
}
