using System.Text.Json;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Tests.Protocols.Ocpi;

/// <summary>Each example of 2.2.1 and 2.3.0 is read, and written again is the same JSON.</summary>
public sealed class ExamplesTests
{
    /// <summary>Every file of both folders, by what it holds; payments and bookings are not ours.</summary>
    private static readonly (string Prefix, Kind Kind)[] Kinds =
    [
        ("cdrs_example", Kind.Cdr),
        ("credentials_", Kind.Credentials),
        ("locations_energymix_", Kind.LocationPart),
        ("locations_example", Kind.Location),
        ("locations_hours_", Kind.Hours),
        ("locations_patch_example_location", Kind.LocationPart),
        ("locations_patch_example_status", Kind.EvsePart),
        ("locations_patch_example_tariff", Kind.ConnectorPart),
        ("locations_regularhours_", Kind.LocationPart),
        ("sessions_example_", Kind.Session),
        ("sessions_patch_", Kind.SessionPart),
        ("tariffs_", Kind.Tariff),
        ("tokens_patch_", Kind.TokenPart),
        ("tokens_", Kind.Token),
        ("transport_", Kind.Envelope),
        ("types_displaytext_", Kind.DisplayText),
        ("versions_details_", Kind.VersionDetails),
        ("versions_info_", Kind.VersionList),
    ];

    public enum Kind
    {
        Cdr,
        Credentials,
        Location,
        LocationPart,
        Hours,
        EvsePart,
        ConnectorPart,
        Session,
        SessionPart,
        Tariff,
        Token,
        TokenPart,
        Envelope,
        DisplayText,
        VersionDetails,
        VersionList,
    }

    public static TheoryData<string, string> Files()
    {
        var data = new TheoryData<string, string>();
        foreach (var version in (string[])["2.2.1", "2.3.0"])
        {
            var folder = OcpiExamples.Folder is { } root ? Path.Combine(root, version, "examples") : null;
            var names = folder is null ? ["none"] : Directory.GetFiles(folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!);
            foreach (var name in names.Where(name => !name.StartsWith("payments_", StringComparison.Ordinal) && !name.StartsWith("bookings_", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
                data.Add(version, name);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_example_is_read_and_written_again_as_it_was(string version, string name)
    {
        var json = OcpiExamples.Read(version, name);
        var format = OcpiJson.For(OcpiVersions.Parse(version)!.Value);
        var kind = Kinds.First(kind => name.StartsWith(kind.Prefix, StringComparison.Ordinal)).Kind;
        if (name == "tariffs_put_example")
        {
            // Known fault of the example: last_updated is missing. A strict reader says so, and nothing else.
            var read = format.Read<Tariff>(json);
            Assert.False(read.IsValid);
            Assert.Contains(read.Faults, fault => fault.Path == "last_updated");
            Assert.All(read.Faults, fault => Assert.Contains(fault.Path, (string[])["last_updated", "tax_included"]));
            return;
        }

        if (name == "cdrs_example" && version == "2.3.0")
        {
            Assert.Equal(["tariffs[0].tax_included"], format.Read<Cdr>(json).Faults.Select(fault => fault.Path));
            return;
        }

        switch (kind)
        {
            case Kind.Cdr: Same<Cdr>(format, json); break;
            case Kind.Credentials: Same<Credentials>(format, json); break;
            case Kind.Location: Same<Location>(format, json); break;
            case Kind.Hours: Same<Hours>(format, json); break;
            case Kind.Session: Same<Session>(format, json); break;
            case Kind.Tariff: Same<Tariff>(format, json); break;
            case Kind.Token: Same<Token>(format, json); break;
            case Kind.DisplayText: Same<DisplayText>(format, json); break;
            case Kind.VersionDetails: Same<VersionDetails>(format, json); break;
            case Kind.LocationPart: Fragment<Location>(format, json); break;
            case Kind.EvsePart: Fragment<Evse>(format, json); break;
            case Kind.ConnectorPart: Fragment<Connector>(format, json); break;
            case Kind.SessionPart: Fragment<Session>(format, json); break;
            case Kind.TokenPart: Fragment<Token>(format, json); break;
            case Kind.VersionList:
                Assert.All(json.EnumerateArray(), element => Same<VersionInfo>(format, element));
                break;
            default:
                var envelope = OcpiEnvelope.Parse(JsonSerializer.SerializeToUtf8Bytes(json));
                Assert.NotNull(envelope);
                Assert.Equal(json.GetProperty("status_code").GetInt32(), envelope.StatusCode);
                Assert.Equal(json.TryGetProperty("data", out _), envelope.Data is not null);
                break;
        }
    }

    private static void Same<T>(OcpiFormat format, JsonElement json)
        where T : class
    {
        var read = format.Read<T>(json);
        Assert.True(read.IsValid, OcpiFault.Summary(read.Faults));
        OcpiExamples.AssertSame(json, format.Write(read.Value));
    }

    private static void Fragment<T>(OcpiFormat format, JsonElement json)
        where T : class =>
        Assert.Empty(format.Judge(json, typeof(T), ShapeRules.Fragment));
}
