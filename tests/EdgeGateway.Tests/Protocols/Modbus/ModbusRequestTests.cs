using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Lines;

namespace EdgeGateway.Tests.Protocols.Modbus;

public sealed class ModbusRequestTests
{
    [Fact]
    public void Requests_look_as_the_specification_shows_them()
    {
        // Modbus application protocol V1.1b3: the examples of 6.1, 6.3, 6.5, 6.6 and 6.12; the first with the check sum that every manual shows.
        Assert.Equal("11 03 00 6B 00 03 76 87", Hex(ModbusRequest.Read(0x11, RegisterBank.Holding, 0x6B, 3)));
        Assert.StartsWith("11 01 00 13 00 13", Hex(ModbusRequest.Read(0x11, RegisterBank.Coil, 0x13, 0x13)));
        Assert.StartsWith("11 02 00 C4 00 16", Hex(ModbusRequest.Read(0x11, RegisterBank.Discrete, 0xC4, 0x16)));
        Assert.StartsWith("11 04 00 08 00 01", Hex(ModbusRequest.Read(0x11, RegisterBank.Input, 8, 1)));
        Assert.StartsWith("11 05 00 AC FF 00", Hex(ModbusRequest.Write(0x11, RegisterBank.Coil, 0xAC, [1], multiple: true)));
        Assert.StartsWith("11 06 00 01 00 03", Hex(ModbusRequest.Write(0x11, RegisterBank.Holding, 1, [3], multiple: false)));
        Assert.StartsWith("11 10 00 01 00 02 04 00 0A 01 02", Hex(ModbusRequest.Write(0x11, RegisterBank.Holding, 1, [10, 0x102], multiple: false)));
        Assert.StartsWith("11 10 00 01 00 01 02 00 0A", Hex(ModbusRequest.Write(0x11, RegisterBank.Holding, 1, [10], multiple: true)));
    }

    [Fact]
    public void Words_and_bits_are_read_out_of_answers()
    {
        Assert.Equal([0x22B, 0, 100], Words(ModbusRequest.Read(0x11, RegisterBank.Holding, 0x6B, 3), 0x11, 3, 6, 2, 0x2B, 0, 0, 0, 0x64, 0, 0));
        Assert.Equal([1, 0, 1, 1, 0, 0, 1, 1, 1, 1], Words(ModbusRequest.Read(0x11, RegisterBank.Coil, 0x13, 10), 0x11, 1, 2, 0xCD, 3, 0, 0));
    }

    [Theory]
    [InlineData(RegisterBank.Holding, 0, 0)]
    [InlineData(RegisterBank.Holding, 0, 126)]
    [InlineData(RegisterBank.Holding, 0, -1)]
    [InlineData(RegisterBank.Input, 65530, 7)]
    [InlineData(RegisterBank.Coil, 0, 2001)]
    public void What_modbus_cannot_carry_is_refused_before_it_is_sent(RegisterBank bank, int address, int count)
    {
        Assert.NotNull(ModbusRequest.Read(1, bank, (ushort)address, count).Fault(ModbusWire.Tcp));
        Assert.Null(ModbusRequest.Read(1, bank, 0, 125).Fault(ModbusWire.Tcp));
    }

    [Theory]
    [InlineData(RegisterBank.Input, 1)]
    [InlineData(RegisterBank.Discrete, 1)]
    [InlineData(RegisterBank.Coil, 2)]
    [InlineData(RegisterBank.Holding, 0)]
    [InlineData(RegisterBank.Holding, 124)]
    public void So_is_a_write_that_it_cannot_carry(RegisterBank bank, int count)
    {
        Assert.NotNull(ModbusRequest.Write(1, bank, 0, new ushort[count], multiple: false).Fault(ModbusWire.Rtu));
        Assert.Null(ModbusRequest.Write(1, RegisterBank.Holding, 0, new ushort[123], multiple: false).Fault(ModbusWire.Rtu));
    }

    [Theory]
    [InlineData(0, ModbusWire.Rtu, false)]
    [InlineData(0, ModbusWire.Tcp, true)]
    [InlineData(247, ModbusWire.Rtu, true)]
    [InlineData(248, ModbusWire.RtuOverTcp, false)]
    [InlineData(248, ModbusWire.Tcp, false)]
    [InlineData(255, ModbusWire.Tcp, true)]
    [InlineData(255, ModbusWire.Rtu, false)]
    public void Units_are_those_of_the_wire(byte unit, ModbusWire wire, bool fits) =>
        Assert.Equal(fits, ModbusRequest.Read(unit, RegisterBank.Holding, 0, 1).Fault(wire) is null);

    [Theory]
    [InlineData(RegisterBank.Coil, 11)]
    [InlineData(RegisterBank.Holding, 5)]
    public void An_answer_that_the_library_took_apart_is_put_together_again(RegisterBank bank, int count)
    {
        var request = ModbusRequest.Read(9, bank, 0, count);
        ushort[] words = [.. Enumerable.Range(0, count).Select(i => (ushort)(bank == RegisterBank.Coil ? i % 2 : i * 1000))];
        byte[] frame = [.. request.Retell(new(words, null)), 0, 0];
        CheckSum.Put(frame);
        Assert.True(request.BeginsAnswer(frame) && frame.Length == request.LengthOf(frame));
        Assert.Equal(words, request.Understand(frame).Words.ToArray());
    }

    [Fact]
    public void A_gateways_word_that_its_device_is_silent_is_a_silence()
    {
        var request = ModbusRequest.Read(1, RegisterBank.Holding, 0, 1);
        Assert.Equal(ModbusFault.Silent, LineTrouble.Exception(request, 11).Failure!.Fault);
        Assert.Equal(ModbusFault.Silent, LineTrouble.Exception(request, 10).Failure!.Fault);
        var refused = LineTrouble.Exception(request, 2).Failure!;
        Assert.Equal((ModbusFault.Refused, (byte)2), (refused.Fault, refused.Exception!.Value));
        Assert.Equal("unit 1 does not have this register (exception 2): read 1 holding from 0", refused.Text);
    }

    private static string Hex(ModbusRequest request) => string.Join(' ', request.ToFrame().Select(b => $"{b:X2}"));

    private static ushort[] Words(ModbusRequest request, params byte[] frame) => request.Understand(frame).Words.ToArray();
}
