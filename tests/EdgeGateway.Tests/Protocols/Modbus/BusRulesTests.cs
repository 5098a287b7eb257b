using System.Net.Sockets;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Lines;

namespace EdgeGateway.Tests.Protocols.Modbus;

/// <summary>Who is asked next, who rests, when a line is tried again, and what people are told: without any line.</summary>
public sealed class BusRulesTests
{
    private readonly BusQueue _queue = new();

    [Fact]
    public void What_is_due_first_goes_first()
    {
        Ask(1, period: 10);
        Ask(2, period: 1);
        Ask(3, period: 5);
        Assert.Equal([2, 3, 1], Order());
    }

    [Fact]
    public void Who_has_waited_for_long_goes_before_who_is_read_often()
    {
        Ask(1, period: 10, asked: 0);
        Ask(2, period: 1, asked: 9.5);
        Assert.Equal([1, 2], Order());
    }

    [Fact]
    public void Writes_go_before_reads_in_the_order_they_were_asked()
    {
        Ask(1);
        Ask(2, write: true, asked: 2);
        Ask(1, write: true, asked: 1);
        Assert.Equal([1, 2, 1], Order());
    }

    [Fact]
    public void Even_writes_leave_reads_a_turn()
    {
        for (var i = 0; i < 20; i++)
            Ask(1, write: true);
        Ask(2);
        Assert.Equal(BusQueue.MostWritesInARow, Order().IndexOf(2));
    }

    [Fact]
    public void Who_asks_for_much_at_once_takes_turns_with_the_others()
    {
        for (var i = 0; i < 50; i++)
            Ask(1);
        Ask(2);
        Ask(3);
        Ask(2);
        Assert.Equal([1, 2, 3, 1, 2], Order()[..5]);
    }

    [Fact]
    public void A_unit_that_wants_silence_lets_the_others_go_first()
    {
        Ask(1, period: 1);
        Ask(2, period: 9);
        _queue.Of(1).NotBefore = TimeSpan.FromSeconds(5);
        Assert.Equal(2, _queue.Next(TimeSpan.Zero, out _)!.Request.Unit);
        Assert.Null(_queue.Next(TimeSpan.FromSeconds(2), out var wait));
        Assert.Equal(TimeSpan.FromSeconds(3), wait);
        Assert.Equal(1, _queue.Next(TimeSpan.FromSeconds(5), out _)!.Request.Unit);
        Assert.Null(_queue.Next(TimeSpan.FromSeconds(5), out wait));
        Assert.Null(wait);
    }

    [Fact]
    public void A_unit_that_nobody_holds_is_forgotten()
    {
        _queue.Hold(1);
        _queue.Hold(1);
        _queue.Release(1);
        Assert.Single(_queue.Units);
        _queue.Release(1);
        Assert.Empty(_queue.Units);
        Assert.Equal(0, _queue.Holders);
    }

    [Fact]
    public void A_silent_unit_is_probed_ever_more_seldom_and_at_most_every_five_minutes()
    {
        var rest = new UnitRest();
        var now = TimeSpan.Zero;
        for (var silence = 1; silence <= 200; silence++)
        {
            Assert.True(rest.Lets(now));
            if (rest.Rests)
                Assert.False(rest.Lets(now), "one probe at a time");
            rest.Silent(now);
            Assert.False(rest.Lets(now));
            var expected = TimeSpan.FromSeconds(Math.Min(2 * silence, 300));
            Assert.False(rest.Lets(now + expected - TimeSpan.FromTicks(1)));
            now += expected;
        }
        Assert.True(rest.Lets(now));
        rest.Answered();
        Assert.True(rest.Lets(now) && rest.Lets(now) && rest.Silences == 0);
    }

    [Fact]
    public void One_lost_answer_of_a_unit_that_answers_is_forgiven()
    {
        var rest = new UnitRest();
        rest.Answered();
        rest.Silent(default);
        Assert.True(rest.Lets(default) && rest.Lets(default));
        rest.Silent(default);
        Assert.False(rest.Lets(default));
    }

    [Fact]
    public void A_probe_that_was_not_sent_lets_another_go()
    {
        var rest = new UnitRest();
        rest.Silent(default);
        var later = TimeSpan.FromSeconds(2);
        Assert.True(rest.Lets(later));
        Assert.False(rest.Lets(later));
        rest.NotAsked();
        Assert.True(rest.Lets(later));
    }

    [Theory]
    [InlineData(ModbusWire.Tcp, 30)]
    [InlineData(ModbusWire.Rtu, 5)]
    public void A_lost_line_is_tried_ever_later_up_to_a_limit_and_never_in_step(ModbusWire wire, double most)
    {
        var reconnect = new Reconnect(wire, new Random(7));
        var waits = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            reconnect.Failed(default, "gone");
            var wait = 0.0;
            while (reconnect.Waits(TimeSpan.FromSeconds(wait)))
                wait += 0.01;
            waits.Add(wait);
        }
        Assert.InRange(waits[0], 0.4, 0.62);
        Assert.InRange(waits[1], 0.8, 1.22);
        Assert.All(waits[10..], w => Assert.InRange(w, most * 0.8, (most * 1.2) + 0.02));
        Assert.True(waits[10..].Distinct().Count() > 5);
        reconnect.Proved();
        Assert.False(reconnect.Waits(default));
        Assert.Null(reconnect.Why);
    }

    // Permission cannot be denied to root, who runs these tests in places: what the system would say is put into words here, and a user without rights is tried in SerialBusTests where one is.
    [Theory]
    [InlineData(LineTrouble.AccessDenied, "/dev/ttyS0: permission denied (is the user in group dialout?)")]
    [InlineData(LineTrouble.NoSuchFile, "/dev/ttyS0: no such device (is the adapter plugged in?)")]
    [InlineData(LineTrouble.DeviceGone, "/dev/ttyS0: no such device (is the adapter plugged in?)")]
    [InlineData(LineTrouble.IoError, "/dev/ttyS0: the device broke off (was the adapter unplugged?)")]
    [InlineData(LineTrouble.Busy, "/dev/ttyS0: busy: another program holds the line")]
    [InlineData(LineTrouble.Again, "/dev/ttyS0: busy: another program holds the line")]
    [InlineData(LineTrouble.NoTerminal, "/dev/ttyS0: this is no serial line")]
    [InlineData(28, "/dev/ttyS0: No space left on device")]
    public void What_is_wrong_with_a_port_is_said_in_words(int errno, string text) => Assert.Equal(text, LineTrouble.OfDevice("/dev/ttyS0", errno));

    [Theory]
    [InlineData(SocketError.HostUnreachable, "host unreachable")]
    [InlineData(SocketError.ConnectionRefused, "refuses the connection (is Modbus TCP switched on there, and its only client not another?)")]
    [InlineData(SocketError.HostNotFound, "the name is not known")]
    [InlineData(SocketError.TimedOut, "does not take the connection in time")]
    public void And_what_is_wrong_with_a_host(SocketError error, string text) => Assert.Equal("meter.example:502: " + text, LineTrouble.OfHost("meter.example", 502, error));

    [Theory]
    [InlineData(LibModbus.FirstError + 2, ModbusFault.Refused)]
    [InlineData(LibModbus.FirstError + 11, ModbusFault.Silent)]
    [InlineData(LibModbus.BadCheckSum, ModbusFault.Garbled)]
    [InlineData(LibModbus.FirstError + 13, ModbusFault.Garbled)]
    [InlineData(LibModbus.BadSlave, ModbusFault.Garbled)]
    [InlineData(LibModbus.TooMuchData, ModbusFault.NotSent)]
    [InlineData(LineTrouble.TimedOut, ModbusFault.Silent)]
    [InlineData(104, ModbusFault.NoLine)]
    [InlineData(32, ModbusFault.NoLine)]
    [InlineData(9, ModbusFault.NoLine)]
    public void Each_errno_of_libmodbus_has_its_fault(int errno, ModbusFault fault)
    {
        var failure = LineTrouble.OfRequest(ModbusRequest.Read(1, RegisterBank.Holding, 0, 1), Tcp, TimeSpan.FromMilliseconds(300), errno).Failure!;
        Assert.Equal(fault, failure.Fault);
        Assert.NotEmpty(failure.Text);
    }

    [Fact]
    public void A_missing_library_is_said_with_its_package()
    {
        Assert.Contains("libmodbus5", LineTrouble.OfException(new DllNotFoundException("libmodbus.so.5")), StringComparison.Ordinal);
        Assert.Contains("libmodbus5", LineTrouble.OfException(new EntryPointNotFoundException()), StringComparison.Ordinal);
        Assert.Equal("unexpected: x", LineTrouble.OfException(new InvalidOperationException("x")));
    }

    [Fact]
    public void A_device_name_that_may_change_is_remarked_with_the_one_that_stays()
    {
        var names = Directory.CreateTempSubdirectory("edge-by-id-");
        File.CreateSymbolicLink(Path.Combine(names.FullName, "usb-FTDI_FT232R-if00-port0"), "/dev/ttyUSB3");
        Assert.Contains("usb-FTDI_FT232R-if00-port0", DevicePath.Remark("/dev/ttyUSB3", names.FullName), StringComparison.Ordinal);
        Assert.Contains("by-path", DevicePath.Remark("/dev/ttyUSB4", names.FullName), StringComparison.Ordinal);
        Assert.Contains("by-path", DevicePath.Remark("/dev/ttyACM0", names.FullName + "/none"), StringComparison.Ordinal);
        Assert.Null(DevicePath.Remark("/dev/serial/by-id/usb-FTDI_FT232R-if00-port0"));
        Assert.Null(DevicePath.Remark("/dev/ttyAMA0"));
        names.Delete(recursive: true);
    }

    [Theory]
    [InlineData("tcp://192.168.1.20:502")]
    [InlineData("tcp://[fe80::1]:1502")]
    [InlineData("rtu+tcp://serial.example:4196")]
    [InlineData("rtu:///dev/serial/by-id/usb-1?baud=19200&parity=E&stop=1&rs485=kernel")]
    public void A_transport_says_itself_as_it_was_written(string text)
    {
        Assert.True(ModbusTransport.TryParse(text, out var transport, out _));
        Assert.Equal(text, transport.ToString());
    }

    private static ModbusTransport Tcp => new() { Wire = ModbusWire.Tcp, Host = "meter.example", Port = 502 };

    private void Ask(byte unit, double period = 5, double asked = 0, bool write = false) => _queue.Add(new(
        write ? ModbusRequest.Write(unit, RegisterBank.Holding, 0, [1], multiple: false) : ModbusRequest.Read(unit, RegisterBank.Holding, 0, 1),
        new() { Period = TimeSpan.FromSeconds(period) },
        TimeSpan.FromSeconds(asked)));

    /// <summary>As the bus would serve them, in no time.</summary>
    private List<byte> Order()
    {
        var order = new List<byte>();
        while (_queue.Next(TimeSpan.Zero, out _) is { } next)
        {
            order.Add(next.Request.Unit);
            _queue.Of(next.Request.Unit).Turn = order.Count;
        }
        Assert.Equal(0, _queue.Count);
        return order;
    }
}
