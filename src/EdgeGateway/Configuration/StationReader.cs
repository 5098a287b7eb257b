using System.Collections.Immutable;
using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Modbus;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Configuration;

/// <summary>Stations, their EVSEs and connectors, under OCPI's and OCPP's limits (checklist §7).</summary>
/// <param name="tariffs">Ids of the tariffs that connectors may name.</param>
/// <param name="hubs">Names that <c>Publish</c> may name.</param>
/// <param name="parking">Ids of the location's parking places.</param>
/// <param name="chargers">Reads what a station without OCPP is reached by.</param>
internal sealed class StationReader(IReadOnlySet<string> tariffs, ImmutableArray<string> hubs, ImmutableArray<string> parking, FieldChargerReader chargers)
{
    /// <summary>OCPP 2.1 BasicAuthPassword; 1.6's whitepaper and 2.0.1 allow fewer.</summary>
    public const int PasswordLimit = 64;

    /// <summary>What OCPP's security profiles ask for at least.</summary>
    public const int GoodPassword = 16;

    private static readonly string[] Standards =
    [
        "CHADEMO", "CHAOJI", "DOMESTIC_A", "DOMESTIC_B", "DOMESTIC_C", "DOMESTIC_D", "DOMESTIC_E", "DOMESTIC_F", "DOMESTIC_G", "DOMESTIC_H",
        "DOMESTIC_I", "DOMESTIC_J", "DOMESTIC_K", "DOMESTIC_L", "DOMESTIC_M", "DOMESTIC_N", "DOMESTIC_O", "GBT_AC", "GBT_DC", "IEC_60309_2_single_16",
        "IEC_60309_2_three_16", "IEC_60309_2_three_32", "IEC_60309_2_three_64", "IEC_62196_T1", "IEC_62196_T1_COMBO", "IEC_62196_T2",
        "IEC_62196_T2_COMBO", "IEC_62196_T3A", "IEC_62196_T3C", "MCS", "NEMA_5_20", "NEMA_6_30", "NEMA_6_50", "NEMA_10_30", "NEMA_10_50", "NEMA_14_30",
        "NEMA_14_50", "PANTOGRAPH_BOTTOM_UP", "PANTOGRAPH_TOP_DOWN", "SAE_J3400", "TESLA_R", "TESLA_S",
    ];

    private static readonly string[] Formats = ["SOCKET", "CABLE"];
    private static readonly string[] PowerTypes = ["AC_1_PHASE", "AC_2_PHASE", "AC_2_PHASE_SPLIT", "AC_3_PHASE", "DC"];

    private readonly Names _names = new();

    /// <returns>Access is null for a station without OCPP; the line is null for all others, and where it has a fault.</returns>
    public IReadOnlyList<(StationConfiguration Configuration, StationAccess? Access, ModbusLine? Line)> Read(Section gateway)
    {
        var stations = new List<(StationConfiguration, StationAccess?, ModbusLine?)>();
        foreach (var section in gateway.Children("Stations"))
        {
            var id = section.Text("Id", 36, Forms.StationId, required: true);
            _names.Claim(section, "Id", id, _names.Stations, "a station");
            var publish = section.Audience("Publish", hubs);
            var evses = section.Children("Evses").Select(e => ReadEvse(e, id ?? "", !publish.IsEmpty)).ToImmutableArray();
            if (evses.IsEmpty)
                section.Findings.Fault(section.At("Evses"), null, "at least one EVSE");
            var line = section.Raw("Modbus") is null ? null : chargers.Read(section, id ?? "", evses);
            stations.Add((new() { Id = id ?? "", Publish = publish, Evses = evses }, ReadAccess(section, id ?? ""), line));
        }
        return stations;
    }

    private static StationAccess? ReadAccess(Section section, string id)
    {
        var profile = section.Integer("SecurityProfile", 0, 3);
        var access = new StationAccess
        {
            Id = id,
            Password = section.Text("Password", PasswordLimit, secret: true),
            AllowWithoutPassword = section.Flag("AllowWithoutPassword", false) || profile == 0,
            SecurityProfile = profile,
            CertificateName = section.Text("CertificateName", 64),
            AssumeProtocol = section.Choice("AssumeProtocol", ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"]),
            Compression = section.Has("Compression") ? section.Flag("Compression", true) : null,
            PingSeconds = section.Integer("PingSeconds", 0, 3600),
            IdTagSuffix = section.Text("IdTagSuffix", 36),
            Strict = section.Flag("Strict", false),
            Settings = QuirkReader.Settings(section.Child("Settings")),
        };
        if (section.Raw("Modbus") is not null)
            return null;
        if (access is { Password: null, AllowWithoutPassword: true })
            section.Findings.Note($"Station {id} may connect without a password (OCPP security profile 0).");
        else if (access is { SecurityProfile: 3 })
            return access;
        else if (access.Password is null && !section.Has("Password"))
            section.Findings.Note($"Station {id} has no password here: it is let in only with one that it has shown before.");
        else if (access.Password is { Length: < GoodPassword })
            section.Findings.Note($"Station {id} has a password of fewer than {GoodPassword} characters.");
        return access;
    }

    private EvseConfiguration ReadEvse(Section section, string station, bool isPublic)
    {
        var publish = section.Audience("Publish", hubs);
        isPublic &= !publish.IsEmpty;
        var id = section.Integer("Id", 1, 99, required: true) ?? 0;
        _names.Claim(section, "Id", $"{station}/{id}", _names.EvseNumbers, "an EVSE of this station");
        var uid = section.Text("Uid", 36, Forms.CiString) ?? $"{station}-{id}";
        if (uid.Length > 36)
            section.Findings.Fault(section.At("Uid"), uid, "36 characters at most: name a Uid here, or give the station a shorter Id");
        _names.Claim(section, "Uid", uid, _names.EvseUids, "an EVSE");
        // Without it no CDR can be made for a hub (LO3).
        var evseId = section.Text("EvseId", 48, Forms.EvseId, required: isPublic);
        _names.Claim(section, "EvseId", evseId, _names.EvseIds, "an EVSE");
        var connectors = section.Children("Connectors").Select(c => ReadConnector(c, uid, isPublic)).ToImmutableArray();
        if (connectors.IsEmpty)
            section.Findings.Fault(section.At("Connectors"), null, "at least one connector");
        return new()
        {
            Id = id,
            Uid = uid,
            EvseId = evseId,
            PhysicalReference = section.Text("PhysicalReference", 16),
            Publish = publish,
            Details = DetailsReader.Evse(section, parking),
            Connectors = connectors,
        };
    }

    private ConnectorConfiguration ReadConnector(Section section, string evse, bool isPublic)
    {
        var id = section.Integer("Id", 1, 99, required: true) ?? 0;
        _names.Claim(section, "Id", $"{evse}/{id}", _names.Connectors, "a connector of this EVSE");
        var own = section.Texts("Tariffs", "the id of a tariff");
        foreach (var (tariff, path) in own)
        {
            if (!tariffs.Contains(tariff))
                section.Findings.Fault(path, tariff, $"the id of a tariff in Gateway:Tariffs{(tariffs.Count == 0 ? "" : $": {string.Join(", ", tariffs)}")}");
        }
        var publish = section.Audience("Publish", hubs);
        if (own.Count == 0 && isPublic && !publish.IsEmpty && hubs.Length > 0)
            section.Findings.Note($"{section.Path} is shown to hubs and names no tariff: they show no price, and sessions there cost nothing.");
        var (terms, capabilities) = DetailsReader.Connector(section);
        return new()
        {
            Id = id,
            Standard = section.Choice("Standard", Standards, required: true) ?? "",
            Format = section.Choice("Format", Formats, required: true) ?? "",
            PowerType = section.Choice("PowerType", PowerTypes, required: true) ?? "",
            MaxVoltage = section.Integer("MaxVoltage", 1, 2000, required: true) ?? 0,
            MaxAmperage = section.Integer("MaxAmperage", 1, 5000, required: true) ?? 0,
            MaxElectricPowerW = section.Integer("MaxElectricPower", 1, 10_000_000),
            Publish = publish,
            TermsAndConditionsUrl = terms,
            Capabilities = capabilities,
            // In the spelling of the tariff itself.
            Tariffs = [.. own.Select(t => tariffs.FirstOrDefault(known => known.Equals(t.Text, StringComparison.OrdinalIgnoreCase)) ?? t.Text)],
        };
    }

    /// <summary>What must be unique, compared without case as both protocols do.</summary>
    private sealed class Names
    {
        public HashSet<string> Stations { get; } = new(StringComparer.OrdinalIgnoreCase);
        public HashSet<string> EvseNumbers { get; } = new(StringComparer.OrdinalIgnoreCase);
        public HashSet<string> EvseUids { get; } = new(StringComparer.OrdinalIgnoreCase);
        public HashSet<string> EvseIds { get; } = new(StringComparer.OrdinalIgnoreCase);
        public HashSet<string> Connectors { get; } = new(StringComparer.OrdinalIgnoreCase);

        public void Claim(Section section, string key, string? value, HashSet<string> taken, string whose)
        {
            if (value is not null && !taken.Add(value))
                section.Findings.Fault(section.At(key), value, $"a value that is not yet taken by {whose}");
        }
    }
}
