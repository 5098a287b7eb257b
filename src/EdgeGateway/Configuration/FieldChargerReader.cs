using System.Collections.Immutable;
using EdgeGateway.Chargers.Modbus;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Configuration;

/// <summary><c>Stations[].Modbus</c>: a charger without OCPP, by which device file and over which line.</summary>
/// <param name="cards">The site's own: one of them may start sessions by itself.</param>
internal sealed class FieldChargerReader(ModbusReader modbus, ImmutableArray<Token> cards)
{
    /// <summary>Controllers behind one unit (CHARX: 48).</summary>
    private const int MostConnectors = 48;

    private readonly HashSet<(ModbusTransport Transport, byte Unit, int Connector)> _taken = [];

    /// <returns>Null where something is wrong, which is then told.</returns>
    public ModbusLine? Read(Section station, string id, ImmutableArray<EvseConfiguration> evses)
    {
        var section = station.Child("Modbus");
        if (!section.IsPresent)
            return null;
        var (template, transport) = (modbus.Template(section, DeviceKind.Charger), modbus.Transport(section));
        var unit = ModbusReader.Unit(section, transport);
        var poll = section.Number("PollSeconds", ModbusLine.LeastPollSeconds, ModbusLine.MostPollSeconds);
        var (safe, most, start) = (section.Number("SafeCurrentA", 0, 1000), section.Number("MaxCurrentA", 1, 1000), section.Text("AutoStartToken", 36, Forms.CiString));
        var connector = section.Integer("Connector", 1, MostConnectors);
        if (evses is not [{ Connectors: [var only] } evse])
        {
            section.Findings.Fault(station.At("Evses"), $"{evses.Sum(static e => e.Connectors.Length)} connectors", "one EVSE with one connector: each socket behind Modbus is a station of its own");
            return null;
        }
        if (template is null || transport is null)
            return null;
        if (most > only.MaxAmperage)
            section.Findings.Fault(section.At("MaxCurrentA"), $"{most}", $"at most the connector's MaxAmperage, {only.MaxAmperage}");
        if (safe is not null && template.Charger!.SafeCurrent is null)
            section.Findings.Fault(section.At("SafeCurrentA"), $"{safe}", $"nothing: {template.Id} has no register for it; set it in the charger");
        if (connector is not null && template.ConnectorStep is null)
            section.Findings.Fault(section.At("Connector"), $"{connector}", $"nothing: {template.Id} has one connector a unit");
        if (start is not null && !cards.Any(c => c.Valid && Uid.Same(c.Uid, start)))
            section.Findings.Fault(section.At("AutoStartToken"), Uid.Mask(start), "the Uid of a valid card in Gateway:LocalTokens");
        if (!_taken.Add((transport, unit, connector ?? 1)))
            section.Findings.Fault(section.At("Unit"), $"{unit}", $"a device that no other station has: {transport} unit {unit} is taken");
        return new()
        {
            At = new(id, evse.Id, only.Id),
            Template = connector is { } n ? template.ForConnector(n) : template,
            TemplateStamp = ModbusReader.Stamp(template),
            Transport = transport,
            Unit = unit,
            Poll = TimeSpan.FromSeconds((double)(poll ?? 2)),
            SafeCurrentA = safe,
            MaxCurrentA = most ?? only.MaxAmperage,
            Connector = connector ?? 1,
            AutoStartToken = start,
            VoltageV = only.MaxVoltage,
            Phases = only.PowerType switch { "AC_1_PHASE" => 1, "AC_2_PHASE" or "AC_2_PHASE_SPLIT" => 2, _ => 3 },
        };
    }
}
