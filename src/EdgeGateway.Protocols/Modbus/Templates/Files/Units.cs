using System.Collections.Frozen;

namespace EdgeGateway.Protocols.Modbus.Templates.Files;

/// <summary>What a file may call the unit of a quantity, and what one of it is in the unit we keep.</summary>
internal static class Units
{
    private static readonly FrozenDictionary<string, decimal> s_energy = Of(("Wh", 1), ("kWh", 1000), ("MWh", 1_000_000));
    private static readonly FrozenDictionary<string, decimal> s_current = Of(("A", 1), ("mA", 0.001m), ("kA", 1000));

    /// <summary>Of what is set: amperes, or nothing but a number.</summary>
    public static readonly FrozenDictionary<string, decimal> Amperes = s_current;

    public static readonly FrozenDictionary<string, decimal> Seconds = Of(("s", 1), ("ms", 0.001m), ("min", 60));

    private static readonly FrozenDictionary<Quantity, FrozenDictionary<string, decimal>> s_units = new Dictionary<Quantity, FrozenDictionary<string, decimal>>
    {
        [Quantity.Voltage] = Of(("V", 1), ("mV", 0.001m), ("kV", 1000)),
        [Quantity.Current] = s_current,
        [Quantity.CurrentLimit] = s_current,
        [Quantity.Power] = Of(("W", 1), ("mW", 0.001m), ("kW", 1000), ("MW", 1_000_000)),
        [Quantity.ReactivePower] = Of(("var", 1), ("kvar", 1000)),
        [Quantity.ApparentPower] = Of(("VA", 1), ("kVA", 1000)),
        [Quantity.Frequency] = Of(("Hz", 1), ("mHz", 0.001m)),
        [Quantity.EnergyImport] = s_energy,
        [Quantity.EnergyExport] = s_energy,
        [Quantity.SessionEnergy] = s_energy,
        [Quantity.Temperature] = Of(("C", 1)),
    }.ToFrozenDictionary();

    /// <summary>Null: the quantity has no unit (a state, a name, a power factor).</summary>
    public static FrozenDictionary<string, decimal>? For(Quantity quantity) => s_units.GetValueOrDefault(quantity);

    private static FrozenDictionary<string, decimal> Of(params (string Name, decimal Factor)[] units) => units.ToFrozenDictionary(static u => u.Name, static u => u.Factor);
}
