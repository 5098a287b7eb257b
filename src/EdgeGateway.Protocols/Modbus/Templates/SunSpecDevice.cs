using System.Collections.Immutable;

namespace EdgeGateway.Protocols.Modbus.Templates;

/// <summary>One of the models a SunSpec device is made of.</summary>
/// <param name="Address">Of its id; its data follow id and length.</param>
/// <param name="Length">Words behind the length.</param>
public sealed record SunSpecModel(int Id, ushort Address, int Length);

/// <summary>What a SunSpec device says of itself: its models, and the names in the first (common) one.</summary>
public sealed record SunSpecDevice
{
    internal const int CommonModel = 1;

    /// <summary>Vendor, model, options, firmware, serial: 16, 16, 8, 8 and 16 words from the common model's data on.</summary>
    internal const int NamesLength = 64;

    public required ImmutableArray<SunSpecModel> Models { get; init; }
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Firmware { get; init; }
    public string? Serial { get; init; }

    /// <summary>The first meter (201 to 204 in whole numbers with scale factors, 211 to 214 in floats); null: it is none.</summary>
    public SunSpecModel? Meter => Models.FirstOrDefault(static m => m.Id is >= 201 and <= 204 && m.Length >= 105 || m.Id is >= 211 and <= 214 && m.Length >= 124);

    /// <summary>Id and length of the meter: read along with every value, for a device whose models have moved (an update) must not bill by another's registers.</summary>
    internal RegisterSpan Header => new(RegisterBank.Holding, Meter!.Address, 2);

    internal bool IsAt(ReadOnlySpan<ushort> header) => Meter is { } meter && header[0] == meter.Id && header[1] == meter.Length;

    /// <summary>The template with the places that this device has its values at.</summary>
    internal DeviceTemplate AsTemplate(DeviceTemplate template) => Meter is not { } meter ? template : template with
    {
        Points = [.. meter.Id < 210 ? WholeNumbers(meter) : Floats(meter), .. Names(Models.FirstOrDefault(static m => m.Id == CommonModel && m.Length >= NamesLength))],
    };

    private static ImmutableArray<RegisterPoint> Names(SunSpecModel? common) => common is null ? [] :
    [
        Point(common, Quantity.Model, Phase.All, 18, RegisterType.Text, 16),
        Point(common, Quantity.Firmware, Phase.All, 42, RegisterType.Text, 8),
        Point(common, Quantity.Serial, Phase.All, 50, RegisterType.Text, 16),
    ];

    private static ImmutableArray<RegisterPoint> WholeNumbers(SunSpecModel at) =>
    [
        Word(at, Quantity.Current, Phase.All, 2, 6), Word(at, Quantity.Current, Phase.L1, 3, 6), Word(at, Quantity.Current, Phase.L2, 4, 6), Word(at, Quantity.Current, Phase.L3, 5, 6),
        Word(at, Quantity.Voltage, Phase.All, 7, 15), Word(at, Quantity.Voltage, Phase.L1, 8, 15), Word(at, Quantity.Voltage, Phase.L2, 9, 15), Word(at, Quantity.Voltage, Phase.L3, 10, 15),
        Word(at, Quantity.Frequency, Phase.All, 16, 17),
        Word(at, Quantity.Power, Phase.All, 18, 22), Word(at, Quantity.Power, Phase.L1, 19, 22), Word(at, Quantity.Power, Phase.L2, 20, 22), Word(at, Quantity.Power, Phase.L3, 21, 22),
        Counter(at, Quantity.EnergyExport, 38, 54), Counter(at, Quantity.EnergyImport, 46, 54),
    ];

    private static ImmutableArray<RegisterPoint> Floats(SunSpecModel at) =>
    [
        Float(at, Quantity.Current, Phase.All, 2), Float(at, Quantity.Current, Phase.L1, 4), Float(at, Quantity.Current, Phase.L2, 6), Float(at, Quantity.Current, Phase.L3, 8),
        Float(at, Quantity.Voltage, Phase.All, 10), Float(at, Quantity.Voltage, Phase.L1, 12), Float(at, Quantity.Voltage, Phase.L2, 14), Float(at, Quantity.Voltage, Phase.L3, 16),
        Float(at, Quantity.Frequency, Phase.All, 26),
        Float(at, Quantity.Power, Phase.All, 28), Float(at, Quantity.Power, Phase.L1, 30), Float(at, Quantity.Power, Phase.L2, 32), Float(at, Quantity.Power, Phase.L3, 34),
        Float(at, Quantity.EnergyExport, Phase.All, 60), Float(at, Quantity.EnergyImport, Phase.All, 68),
    ];

    private static RegisterPoint Word(SunSpecModel at, Quantity quantity, Phase phase, int offset, int powerOffset) =>
        Point(at, quantity, phase, offset, RegisterType.Int16, 1) with { PowerOfTenAt = (ushort)(at.Address + powerOffset) };

    // A counter at 0 is one that does not count (SunSpec: acc32, not accumulated).
    private static RegisterPoint Counter(SunSpecModel at, Quantity quantity, int offset, int powerOffset) =>
        Point(at, quantity, Phase.All, offset, RegisterType.UInt32, 2) with { PowerOfTenAt = (ushort)(at.Address + powerOffset), None = [0] };

    private static RegisterPoint Float(SunSpecModel at, Quantity quantity, Phase phase, int offset) => Point(at, quantity, phase, offset, RegisterType.Float32, 2);

    private static RegisterPoint Point(SunSpecModel at, Quantity quantity, Phase phase, int offset, RegisterType type, int count) => new()
    {
        Quantity = quantity,
        Phase = phase,
        Bank = RegisterBank.Holding,
        Address = (ushort)(at.Address + offset),
        Type = type,
        Count = count,
    };
}
