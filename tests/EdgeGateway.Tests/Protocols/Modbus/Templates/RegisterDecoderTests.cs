using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Tests.Protocols.Modbus.Templates;

/// <summary>Words to values, and to no value: never to a 0 that nobody measured.</summary>
public sealed class RegisterDecoderTests
{
    [Theory]
    [InlineData(RegisterType.UInt16, "FFFE", 65534)]
    [InlineData(RegisterType.Int16, "FFFF", -1)]
    [InlineData(RegisterType.UInt32, "0001 0002", 65538)]
    [InlineData(RegisterType.Int32, "FFFF FFFE", -2)]
    [InlineData(RegisterType.UInt64, "0000 0001 0000 0000", 4294967296)]
    [InlineData(RegisterType.Int64, "FFFF FFFF FFFF FF9C", -100)]
    [InlineData(RegisterType.Float32, "4366 6666", 230.4)]
    [InlineData(RegisterType.Float64, "406C CCCC CCCC CCCD", 230.4)]
    [InlineData(RegisterType.Bit, "0001", 1)]
    public void Every_type_is_decoded_in_both_orders(RegisterType type, string words, double expected)
    {
        Assert.Equal((decimal)expected, RegisterDecoder.RawNumber(type, WordOrder.HighWordFirst, Words(words)));
        Assert.Equal((decimal)expected, RegisterDecoder.RawNumber(type, WordOrder.LowWordFirst, [.. Words(words).Reverse()]));
    }

    [Theory]
    [InlineData(RegisterType.UInt16, "FFFF")]
    [InlineData(RegisterType.Int16, "7FFF")]
    [InlineData(RegisterType.Int16, "8000")]
    [InlineData(RegisterType.UInt32, "FFFF FFFF")]
    [InlineData(RegisterType.Int32, "7FFF FFFF")]
    [InlineData(RegisterType.Int32, "8000 0000")]
    [InlineData(RegisterType.UInt64, "FFFF FFFF FFFF FFFF")]
    [InlineData(RegisterType.Int64, "7FFF FFFF FFFF FFFF")]
    [InlineData(RegisterType.Int64, "8000 0000 0000 0000")]
    [InlineData(RegisterType.Float32, "7FC0 0000")]
    [InlineData(RegisterType.Float32, "7F80 0000")]
    [InlineData(RegisterType.Float32, "FFFF FFFF")]
    [InlineData(RegisterType.Float32, "7F7F FFFF")]
    [InlineData(RegisterType.Float64, "FFF0 0000 0000 0000")]
    public void What_marks_an_absent_value_is_no_value(RegisterType type, string words)
    {
        var value = RegisterDecoder.Decode(Point(Quantity.EnergyImport, type, words), Words(words), 1);

        Assert.Null(value.Number);
        Assert.NotNull(value.Remark);
        Assert.Equal(Words(words), value.Raw);
    }

    [Theory]
    [InlineData(Quantity.Frequency, "47C3 5000", "beyond what there can be")]
    [InlineData(Quantity.Power, "60AD 78EC", "beyond what there can be")]
    public void A_number_that_no_site_has_is_no_value(Quantity quantity, string words, string remark) =>
        Assert.Equal(remark, RegisterDecoder.Decode(Point(quantity, RegisterType.Float32, words), Words(words), 1).Remark);

    [Fact]
    public void A_product_that_no_decimal_holds_is_no_value() =>
        Assert.Null(RegisterDecoder.Decode(Point(Quantity.Serial, RegisterType.Float32, "6A4A 2CA6"), Words("6A4A 2CA6"), 10_000_000_000m).Number);

    [Fact]
    public void A_files_own_mark_of_absence_counts_too() =>
        Assert.Null(RegisterDecoder.Decode(Point(Quantity.EnergyImport, RegisterType.UInt32, "0000 0000") with { None = [0] }, [0, 0], 1).Number);

    [Fact]
    public void A_counter_of_kWh_in_float32_loses_no_digit_it_has() =>
        Assert.Equal(16_384_125m, RegisterDecoder.Decode(Point(Quantity.EnergyImport, RegisterType.Float32, "4680 0040"), Words("4680 0040"), 1000).Number);

    [Theory]
    [InlineData("4142 4300 5858", "ABC")]
    [InlineData("2041 4220", "AB")]
    [InlineData("FFFF FFFF", "")]
    [InlineData("0000 0000", "")]
    [InlineData("4180 4207", "A?B?")]
    public void Text_ends_at_its_first_zero(string words, string expected) => Assert.Equal(expected, RegisterDecoder.TextOf(Words(words)));

    [Theory]
    [InlineData("04A1 B2C3", "04A1B2C3")]
    [InlineData("0000 0000", "")]
    public void A_card_read_as_a_number_is_its_uid(string words, string expected) =>
        Assert.Equal(expected, RegisterDecoder.Decode(Point(Quantity.Token, RegisterType.UInt32, words), Words(words), 1).Text);

    [Theory]
    [InlineData(0x0000, 1)]
    [InlineData(0x0002, 100)]
    [InlineData(0xFFFE, 0.01)]
    public void Powers_of_ten_go_both_ways(int word, double expected) => Assert.Equal((decimal)expected, RegisterDecoder.PowerOfTen((ushort)word));

    [Theory]
    [InlineData(0x8000)]
    [InlineData(11)]
    [InlineData(0xFFF5)]
    public void What_is_no_power_of_ten_scales_nothing(int word) => Assert.Null(RegisterDecoder.PowerOfTen((ushort)word));

    private static ushort[] Words(string words) => [.. words.Split(' ').Select(w => Convert.ToUInt16(w, 16))];

    private static RegisterPoint Point(Quantity quantity, RegisterType type, string words) =>
        new() { Quantity = quantity, Bank = RegisterBank.Input, Address = 0, Type = type, Count = Words(words).Length };
}
