namespace EdgeGateway.Protocols.Modbus.Templates.Files;

/// <summary>The words of a device file, as an installer writes them.</summary>
internal static class Words
{
    public static readonly IReadOnlyDictionary<string, DeviceKind> Kinds = Named<DeviceKind>();
    public static readonly IReadOnlyDictionary<string, Quantity> Quantities = Named<Quantity>();
    public static readonly IReadOnlyDictionary<string, VehicleState> States = Named<VehicleState>();

    public static readonly IReadOnlyDictionary<string, Phase> Phases = new Dictionary<string, Phase>(StringComparer.Ordinal)
    {
        ["all"] = Phase.All,
        ["L1"] = Phase.L1,
        ["L2"] = Phase.L2,
        ["L3"] = Phase.L3,
    };

    public static readonly IReadOnlyDictionary<string, RegisterType> Types = new Dictionary<string, RegisterType>(StringComparer.Ordinal)
    {
        ["uint16"] = RegisterType.UInt16,
        ["int16"] = RegisterType.Int16,
        ["uint32"] = RegisterType.UInt32,
        ["int32"] = RegisterType.Int32,
        ["uint64"] = RegisterType.UInt64,
        ["int64"] = RegisterType.Int64,
        ["float32"] = RegisterType.Float32,
        ["float64"] = RegisterType.Float64,
        ["text"] = RegisterType.Text,
        ["bit"] = RegisterType.Bit,
    };

    public static readonly IReadOnlyDictionary<string, WordOrder> Orders = new Dictionary<string, WordOrder>(StringComparer.Ordinal)
    {
        ["ABCD"] = WordOrder.HighWordFirst,
        ["CDAB"] = WordOrder.LowWordFirst,
    };

    /// <summary>Function numbers as manuals print them: who reads.</summary>
    public static readonly IReadOnlyDictionary<string, RegisterBank> Reading = new Dictionary<string, RegisterBank>(StringComparer.Ordinal)
    {
        ["1"] = RegisterBank.Coil,
        ["2"] = RegisterBank.Discrete,
        ["3"] = RegisterBank.Holding,
        ["4"] = RegisterBank.Input,
    };

    /// <summary>Who writes: one coil, one word, several words in one request.</summary>
    public static readonly IReadOnlyDictionary<string, (RegisterBank Bank, bool Multiple)> Writing = new Dictionary<string, (RegisterBank, bool)>(StringComparer.Ordinal)
    {
        ["5"] = (RegisterBank.Coil, false),
        ["6"] = (RegisterBank.Holding, false),
        ["16"] = (RegisterBank.Holding, true),
    };

    /// <summary>Words (or bits) of a type; null of text, which has as many as the file says.</summary>
    public static int? CountOf(RegisterType type) => type switch
    {
        RegisterType.UInt32 or RegisterType.Int32 or RegisterType.Float32 => 2,
        RegisterType.UInt64 or RegisterType.Int64 or RegisterType.Float64 => 4,
        RegisterType.Text => null,
        _ => 1,
    };

    // powerFactor, L1: as it is written in C#, but for the first letter.
    private static Dictionary<string, T> Named<T>() where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(static v => v.ToString() is var name ? char.ToLowerInvariant(name[0]) + name[1..] : "", StringComparer.Ordinal);
}
