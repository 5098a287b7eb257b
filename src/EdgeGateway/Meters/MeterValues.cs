using System.Collections.Immutable;
using System.Globalization;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Meters;

/// <summary>From what was read of a device to what a meter of the site shows.</summary>
internal static class MeterValues
{
    /// <summary>What is read at each beat.</summary>
    public static readonly ImmutableArray<Quantity> Measured =
    [
        Quantity.Voltage, Quantity.Current, Quantity.Power, Quantity.ReactivePower, Quantity.PowerFactor, Quantity.Frequency, Quantity.EnergyImport, Quantity.EnergyExport,
    ];

    /// <summary>What is read when the meter is met: it does not change while the device is the same.</summary>
    public static readonly ImmutableArray<Quantity> Identity = [Quantity.Serial, Quantity.Model];

    public static readonly ImmutableArray<Quantity> Energy = [Quantity.EnergyImport];

    /// <summary>The import register of the whole device; null where it has none, or it was not read.</summary>
    public static MeasuredValue? EnergyOf(DeviceReading reading) =>
        reading.Values.FirstOrDefault(static v => v.Point is { Quantity: Quantity.EnergyImport, Phase: Phase.All });

    /// <summary>Whether the device counts at all. One that tells by itself where its values are (SunSpec) may.</summary>
    public static bool Counts(DeviceTemplate template) =>
        template.Points.IsEmpty || template.Points.Any(static p => p is { Quantity: Quantity.EnergyImport, Phase: Phase.All });

    public static string? SerialOf(DeviceReading reading) =>
        reading.Text(Quantity.Serial) is { } text ? Clean(text) : reading.Number(Quantity.Serial) is { } number ? number.ToString("0", CultureInfo.InvariantCulture) : null;

    public static string? ModelOf(DeviceReading reading) => reading.Text(Quantity.Model) is { } text ? Clean(text) : null;

    /// <param name="energyWh">As it was judged.</param>
    public static MeterReading Of(MeterOptions options, MeterMemory memory, DeviceReading reading, DateTimeOffset at, long? energyWh)
    {
        var phases = new[] { Phase.L1, Phase.L2, Phase.L3 }
            .Select(p => new PhaseReading(reading.Number(Quantity.Voltage, p), reading.Number(Quantity.Current, p), reading.Number(Quantity.Power, p)))
            .ToImmutableArray();
        // A meter of one phase has L1 only.
        while (phases is [.., { VoltageV: null, CurrentA: null, PowerW: null }])
            phases = phases.RemoveAt(phases.Length - 1);
        return Empty(options, memory) with
        {
            Quality = MeterQuality.Good,
            At = at,
            EnergyWh = energyWh,
            ExportWh = reading.Number(Quantity.EnergyExport) is >= 0 and < 1_000_000_000_000_000m and var export ? (long)decimal.Floor(export) : null,
            PowerW = reading.Number(Quantity.Power) ?? Sum(phases, static p => p.PowerW),
            FrequencyHz = reading.Number(Quantity.Frequency),
            PowerFactor = reading.Number(Quantity.PowerFactor),
            ReactivePowerVar = reading.Number(Quantity.ReactivePower),
            Phases = phases,
            CurrentA = reading.Number(Quantity.Current) ?? Sum(phases, static p => p.CurrentA),
        };
    }

    public static MeterReading Empty(MeterOptions options, MeterMemory memory) => new()
    {
        Meter = options.Id,
        Role = options.Meter.Role,
        Station = options.Meter.Station,
        Evse = options.Meter.Evse,
        Quality = MeterQuality.None,
        Template = options.Template.Id,
        Vendor = options.Template.Vendor,
        Model = memory.Model ?? options.Template.Model,
        Serial = memory.Serial,
    };

    private static decimal? Sum(ImmutableArray<PhaseReading> phases, Func<PhaseReading, decimal?> of) => phases.Any(p => of(p) is not null) ? phases.Sum(of) : null;

    /// <summary>A device's own words go to logs and people.</summary>
    private static string Clean(string text) => new string([.. text.Trim().Select(static c => char.IsControl(c) ? '?' : c).Take(64)]);
}
