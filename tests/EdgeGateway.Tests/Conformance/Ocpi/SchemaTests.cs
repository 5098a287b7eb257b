using System.Text.Json;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Protocols.Ocpi.V230;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Conformance.Ocpi;

/// <summary>What goes out is judged by schemas that nobody of this project wrote.</summary>
public sealed class SchemaTests
{
    public static TheoryData<string, string> Objects()
    {
        var data = new TheoryData<string, string>();
        foreach (var version in (string[])["2.2.1", "2.3.0"])
        {
            foreach (var name in Instances.All.Keys)
                data.Add(version, name);
        }

        return data;
    }

    [Fact]
    public async Task Every_object_we_send_is_what_the_schemas_of_its_version_say()
    {
        await using var judge = OcpiSchemaJudge.StartOrSkip();
        var faults = new List<string>();
        foreach (var (version, name) in Objects().Select(row => row.Data))
        {
            var json = Write(version, Instances.All[name]);
            faults.AddRange((await judge.JudgeAsync(name, json, version)).Select(fault => $"{version} {name}{fault}"));
        }

        Assert.Empty(faults);
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void Every_object_we_send_is_without_fault_by_our_own_rules_and_read_again_as_it_was(string version, string name)
    {
        var format = OcpiJson.For(OcpiVersions.Parse(version)!.Value);
        var instance = Instances.All[name];
        var check = typeof(SchemaTests).GetMethod(nameof(ValidAndStable), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        check.MakeGenericMethod(instance.GetType()).Invoke(null, [format, instance]);
    }

    [Fact]
    public async Task The_judge_does_find_faults()
    {
        await using var judge = OcpiSchemaJudge.StartOrSkip();
        Assert.NotEmpty(await judge.JudgeAsync("Token", "{}"u8.ToArray()));
        Assert.NotEmpty(await judge.JudgeAsync("Location", Write("2.3.0", Instances.Location))); // 2.3.0's members are unknown to 2.2.1
        Assert.NotEmpty(await judge.JudgeAsync("CDR", Write("2.3.0", Instances.Cdr)));
        Assert.NotEmpty(await judge.JudgeAsync("LocationReferences", """{"location_id":"a","evse_uids":null}"""u8.ToArray()));
        Assert.NotEmpty(await judge.JudgeAsync("ClientInfo", """{"party_id":"ABC","country_code":"DE","role":"CPO","status":"OFFLINE","last_updated":"2026-03-01T12:00:00.5Z"}"""u8.ToArray()));
        Assert.NotEmpty(await judge.JudgeEnvelopeAsync("Token", """{"status_code":1000,"timestamp":"2026-03-01T12:00:00Z"}"""u8.ToArray()));
        Assert.NotEmpty(await judge.JudgeEnvelopeAsync(null, """{"status_code":2000,"data":[],"timestamp":"2026-03-01T12:00:00Z"}"""u8.ToArray()));
        Assert.NotEmpty(await judge.JudgeEnvelopeAsync(null, """{"status_code":1000}"""u8.ToArray()));
        Assert.NotEmpty(await judge.JudgeAsync("Nothing", "{}"u8.ToArray()));
    }

    [Fact]
    public async Task Envelopes_of_every_kind_are_what_the_schemas_say()
    {
        await using var judge = OcpiSchemaJudge.StartOrSkip();
        var format = OcpiJson.For(OcpiVersion.V221);
        var now = Instances.Noon;
        var cdr = format.Write(Instances.Cdr);
        Assert.Empty(await judge.JudgeEnvelopeAsync("Credentials", OcpiAnswer.Of(Instances.Credentials, format).Body(now)));
        Assert.Empty(await judge.JudgeEnvelopeAsync("Location", OcpiAnswer.Page([Instances.Location], format, []).Body(now), list: true));
        Assert.Empty(await judge.JudgeEnvelopeAsync("CDR", OcpiAnswer.PageRaw([cdr, cdr], []).Body(now), list: true));
        Assert.Empty(await judge.JudgeEnvelopeAsync("CDR", OcpiAnswer.PageRaw([], []).Body(now), list: true));
        Assert.Empty(await judge.JudgeEnvelopeAsync("CDR", OcpiAnswer.OfRaw(cdr).Body(now)));
        Assert.Empty(await judge.JudgeEnvelopeAsync(null, OcpiAnswer.Done(201).Body(now)));
        Assert.Empty(await judge.JudgeEnvelopeAsync(null, OcpiAnswer.From(OcpiException.InvalidParameters("what \"ß\" is")).Body(now)));
    }

    [Fact]
    public void Every_value_of_every_enumeration_of_both_versions_is_known_to_us_and_ours_to_one_of_them()
    {
        var folder = Path.Combine(EdgeGateway.Tests.Protocols.Ocpi.OcpiExamples.Require("schemas"));
        foreach (var (schema, ours) in Enumerations)
        {
            var published = PublishedValues(folder, schema);
            Assert.NotEmpty(published);
            Assert.Equal(published.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_value_that_only_a_later_version_has_is_a_fault_of_what_we_send_and_none_of_what_we_read()
    {
        var connector = Instances.Connector with { Standard = ConnectorType.Mcs };
        Assert.Empty(OcpiJson.For(OcpiVersion.V230).Validate(connector));
        var older = OcpiJson.For(OcpiVersion.V221);
        Assert.Equal(["standard"], older.Validate(connector).Select(fault => fault.Path));
        Assert.True(older.Read<Connector>(older.Write(connector)).IsValid);
    }

    private static readonly IReadOnlyDictionary<string, IReadOnlyCollection<string>> Enumerations = new Dictionary<string, IReadOnlyCollection<string>>
    {
        ["ImageCategory"] = EnumText.All<ImageCategory>(),
        ["Role"] = EnumText.All<Role>(),
        ["ConnectionStatus"] = EnumText.All<ConnectionStatus>(),
        ["InterfaceRole"] = EnumText.All<InterfaceRole>(),
        ["TokenType"] = EnumText.All<TokenType>(),
        ["WhitelistType"] = EnumText.All<WhitelistType>(),
        ["AllowedType"] = EnumText.All<AllowedType>(),
        ["TariffType"] = EnumText.All<TariffType>(),
        ["TariffDimensionType"] = EnumText.All<TariffDimensionType>(),
        ["DayOfWeek"] = EnumText.All<EdgeGateway.Protocols.Ocpi.V230.DayOfWeek>(),
        ["ReservationRestrictionType"] = EnumText.All<ReservationRestrictionType>(),
        ["TaxIncluded"] = EnumText.All<TaxIncluded>(),
        ["SessionStatus"] = EnumText.All<SessionStatus>(),
        ["AuthMethod"] = EnumText.All<AuthMethod>(),
        ["ProfileType"] = EnumText.All<ProfileType>(),
        ["ChargingPreferencesResponse"] = EnumText.All<ChargingPreferencesResponse>(),
        ["CommandType"] = EnumText.All<CommandType>(),
        ["CommandResponseType"] = EnumText.All<CommandResponseType>(),
        ["ChargingRateUnit"] = EnumText.All<ChargingRateUnit>(),
        ["ChargingProfileResponseType"] = EnumText.All<ChargingProfileResponseType>(),
        ["ChargingProfileResultType"] = EnumText.All<ChargingProfileResultType>(),
        ["CommandResultType"] = EnumText.All<CommandResultType>(),
        ["Status"] = EnumText.All<EvseStatus>(),
        ["Capability"] = EnumText.All<Capability>(),
        ["ConnectorFormat"] = EnumText.All<ConnectorFormat>(),
        ["ConnectorType"] = EnumText.All<ConnectorType>(),
        ["PowerType"] = EnumText.All<PowerType>(),
        ["ParkingType"] = EnumText.All<ParkingType>(),
        ["ParkingRestriction"] = EnumText.All<ParkingRestriction>(),
        ["Facility"] = EnumText.All<Facility>(),
        ["EnergySourceCategory"] = EnumText.All<EnergySourceCategory>(),
        ["EnvironmentalImpactCategory"] = EnumText.All<EnvironmentalImpactCategory>(),
        ["ConnectorCapability"] = EnumText.All<ConnectorCapability>(),
        ["VehicleType"] = EnumText.All<VehicleType>(),
        ["ParkingDirection"] = EnumText.All<ParkingDirection>(),
        ["EVSEPosition"] = EnumText.All<EvsePosition>(),
    };

    /// <summary>The values under <c>enum:</c> of a schema, of both versions together. The files are regular enough to be read by lines.</summary>
    private static SortedSet<string> PublishedValues(string folder, string schema)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var version in (string[])["2.2.1", "2.3.0"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, version, "openapi-evroaming"), "schema.yaml", SearchOption.AllDirectories))
            {
                var lines = File.ReadLines(file).SkipWhile(line => line != $"    {schema}:").Skip(1).TakeWhile(line => line.StartsWith("      ", StringComparison.Ordinal) || line.Length == 0);
                var list = lines.SkipWhile(line => line != "      enum:").Skip(1).TakeWhile(line => line.StartsWith("        - ", StringComparison.Ordinal));
                values.UnionWith(list.Select(line => line["        - ".Length..].Trim().Trim('"')));
            }
        }

        return values;
    }

    private static byte[] Write(string version, object instance) => JsonSerializer.SerializeToUtf8Bytes(
        instance, instance.GetType(), OcpiJson.For(OcpiVersions.Parse(version)!.Value).Options);

    private static void ValidAndStable<T>(OcpiFormat format, T instance)
        where T : class
    {
        Assert.Empty(format.Validate(instance));
        var bytes = format.Write(instance);
        var read = format.Read<T>(bytes);
        Assert.True(read.IsValid, string.Join("; ", read.Faults));
        Assert.Equal(bytes, format.Write(read.Value));
    }
}
