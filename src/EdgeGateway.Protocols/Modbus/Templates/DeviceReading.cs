using System.Collections.Immutable;

namespace EdgeGateway.Protocols.Modbus.Templates;

/// <summary>One value as it was read.</summary>
/// <param name="Number">In the quantity's SI unit; null for text, and for what the device says it does not have (NaN, a sentinel).</param>
/// <param name="Raw">The words it was made of, as they came.</param>
/// <param name="Remark">Why there is no value.</param>
public sealed record MeasuredValue(RegisterPoint Point, decimal? Number, string? Text, ImmutableArray<ushort> Raw, string? Remark = null);

/// <summary>All that one reading of a device came to. Some values may be there and others not.</summary>
/// <param name="Failure">The first that went wrong; null when every request was answered.</param>
public sealed record DeviceReading(ImmutableArray<MeasuredValue> Values, ModbusFailure? Failure)
{
    /// <summary>What was found out about the device by this reading, said once for its reader's life: a register it does not have, a block it cannot bear.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];

    public decimal? Number(Quantity quantity, Phase phase = Phase.All)
    {
        foreach (var value in Values)
        {
            if (value.Point.Quantity == quantity && value.Point.Phase == phase && value.Number is { } number)
                return number;
        }
        return null;
    }

    public string? Text(Quantity quantity)
    {
        foreach (var value in Values)
        {
            if (value.Point.Quantity == quantity && value.Text is { Length: > 0 } text)
                return text;
        }
        return null;
    }
}
