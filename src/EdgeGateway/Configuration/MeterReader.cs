using System.Collections.Immutable;
using EdgeGateway.Meters;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Configuration;

/// <summary><c>Gateway:Meters</c>: the site's own meters.</summary>
internal static class MeterReader
{
    public static ImmutableArray<MeterOptions> Read(Section gateway, ModbusReader modbus, IEnumerable<StationConfiguration> stations)
    {
        var meters = ImmutableArray.CreateBuilder<MeterOptions>();
        var (ids, places) = (new HashSet<string>(StringComparer.OrdinalIgnoreCase), new HashSet<(string, int)>());
        var known = stations.DistinctBy(static s => s.Id, StringComparer.OrdinalIgnoreCase).ToDictionary(static s => s.Id, StringComparer.OrdinalIgnoreCase);
        foreach (var section in gateway.Children("Meters"))
        {
            // In topics, paths and lines: as a station's.
            var id = section.Text("Id", 36, Forms.StationId, required: true);
            if (id is not null && !ids.Add(id))
                section.Findings.Fault(section.At("Id"), id, "an id that no other meter has");
            var (template, transport) = (modbus.Template(section, DeviceKind.Meter), modbus.Transport(section));
            var unit = ModbusReader.Unit(section, transport);
            var place = Place(section, id ?? "", known);
            if (place is { Station: { } station, Evse: { } evse } && !places.Add((station, evse)))
                section.Findings.Fault(section.At("Evse"), $"{station}/{evse}", "an EVSE that no other meter measures");
            var (period, response) = (section.Number("PollSeconds", 0.2m, 3600), section.Integer("TimeoutMs", 20, 10_000));
            if (template is null || transport is null)
                continue;
            meters.Add(new()
            {
                Meter = place,
                Template = template,
                TemplateStamp = ModbusReader.Stamp(template),
                Transport = transport,
                Unit = unit,
                Period = period is { } seconds ? TimeSpan.FromSeconds((double)seconds) : MeterOptions.UsualPeriod,
                Response = response is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            });
        }
        return meters.ToImmutable();
    }

    private static MeterConfiguration Place(Section section, string id, Dictionary<string, StationConfiguration> stations)
    {
        var role = section.Choice("Role", Enum.GetNames<MeterRole>(), required: true) is { } name ? Enum.Parse<MeterRole>(name) : MeterRole.Grid;
        var (use, most) = (section.Choice("Use", MeterUse.Auto), section.Number("MaxDeviationPercent", 0.1m, 100));
        var meter = new MeterConfiguration { Id = id, Role = role, Use = use };
        if (most is not null)
            meter = meter with { MostDeviationPercent = most.Value };
        var station = section.Text("Station", 36, required: role == MeterRole.Station);
        var evse = section.Integer("Evse", 1, 99);
        if (role == MeterRole.Grid)
        {
            if (station is not null || evse is not null)
                section.Findings.Fault(section.At(station is not null ? "Station" : "Evse"), station ?? $"{evse}", "nothing: a meter with the role Grid measures the whole site");
            return meter;
        }
        if (station is null)
            return meter;
        if (!stations.TryGetValue(station, out var at))
        {
            section.Findings.Fault(section.At("Station"), station, "the Id of a station in Gateway:Stations");
            return meter;
        }
        var number = evse ?? (at.Evses is [var only] ? only.Id : null);
        if (number is null || at.Evse(number.Value) is null)
        {
            section.Findings.Fault(section.At("Evse"), evse is null ? null : $"{evse}", $"the number of an EVSE of {at.Id}: {string.Join(", ", at.Evses.Select(static e => e.Id))}");
            return meter;
        }
        return meter with { Station = at.Id, Evse = number };
    }
}
