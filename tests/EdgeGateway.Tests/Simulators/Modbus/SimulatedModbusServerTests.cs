using System.Net.Sockets;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Simulators.Modbus;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Simulators.Modbus;

/// <summary>The simulated bus, byte by byte: requests and answers are those of the specification and of other people's devices, not of our own client.</summary>
public sealed class SimulatedModbusServerTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualClock _clock = new();
    private readonly SimulatedModbusServer _server;
    private readonly SimulatedUnit _unit;

    public SimulatedModbusServerTests()
    {
        _server = new(_clock);
        _unit = _server.Unit(0x11);
        _unit.Set(RegisterBank.Holding, 0x6B, 0x022B, 0x0000, 0x0064);
    }

    [Theory]
    // Modbus application protocol V1.1b3, examples of 6.3, 6.6 and 6.12.
    [InlineData("11 03 00 6B 00 03", "11 03 06 02 2B 00 00 00 64")]
    [InlineData("11 06 00 6B 00 03", "11 06 00 6B 00 03")]
    [InlineData("11 10 00 6B 00 02 04 00 0A 01 02", "11 10 00 6B 00 02")]
    [InlineData("11 03 00 6B 00 04", "11 83 02")]
    [InlineData("11 03 00 6B 00 00", "11 83 03")]
    [InlineData("11 10 00 6B 00 02 04 00 0A", "11 90 03")]
    [InlineData("11 2B 0E 01 00", "11 AB 01")]
    public async Task A_request_over_tcp_is_answered_as_the_specification_shows(string request, string answer)
    {
        using var line = await ConnectAsync(_server.ListenTcp());
        await line.WriteAsync(Tcp(request, 0x1501));
        Assert.Equal(Hex(Tcp(answer, 0x1501)), await ReadAsync(line, Tcp(answer, 0).Length));
    }

    [Fact]
    public async Task Bits_are_packed_from_the_lowest_up()
    {
        for (var i = 0; i < 10; i++)
            _unit.Set(RegisterBank.Coil, 0x13 + i, (ushort)(0b11_1100_1101 >> i & 1));
        using var line = await ConnectAsync(_server.ListenTcp());
        await line.WriteAsync(Tcp("11 01 00 13 00 0A", 1));
        Assert.Equal("000100000005110102CD03", await ReadAsync(line, 11));
        await line.WriteAsync(Tcp("11 05 00 14 FF 00", 2));
        Assert.Equal("000200000006110500 14FF00".Replace(" ", "", StringComparison.Ordinal), await ReadAsync(line, 12));
        Assert.Equal(1, _unit.Get(RegisterBank.Coil, 0x14));
    }

    [Fact]
    public async Task An_rtu_request_has_its_check_sum_and_so_has_the_answer()
    {
        // The well-known frame of so many manuals: 11 03 00 6B 00 03 with check sum 76 87.
        using var line = await ConnectAsync(_server.ListenRtuOverTcp());
        await line.WriteAsync(Bytes("11 03 00 6B 00 03 76 87"));
        Assert.Equal("110306022B00000064C8BA", await ReadAsync(line, 11));
    }

    [Fact]
    public async Task An_rtu_request_behind_noise_is_found_and_one_with_a_wrong_check_sum_is_not_answered()
    {
        using var line = await ConnectAsync(_server.ListenRtuOverTcp());
        await line.WriteAsync(Bytes("11 03 00 6B 00 03 76 88 00 FF 11 03 00 6B 00 03 76 87"));
        Assert.Equal("110306022B00000064C8BA", await ReadAsync(line, 11));
        Assert.Equal(1, _unit.Requests);
    }

    [Fact]
    public async Task An_absent_unit_is_silent_or_refused_by_the_gateway_before_it()
    {
        using var line = await ConnectAsync(_server.ListenTcp());
        await line.WriteAsync((byte[])[.. Tcp("12 03 00 6B 00 03", 1), .. Tcp("11 03 00 6B 00 01", 2)]);
        Assert.Equal("00020000000511030 2022B".Replace(" ", "", StringComparison.Ordinal), await ReadAsync(line, 11));
        _server.AbsentException = 11;
        await line.WriteAsync(Tcp("12 03 00 6B 00 03", 3));
        Assert.Equal("00030000000312830B", await ReadAsync(line, 9));
    }

    [Fact]
    public async Task What_is_wrong_with_a_unit_is_wrong_as_often_as_was_said()
    {
        using var line = await ConnectAsync(_server.ListenRtuOverTcp());
        var request = Bytes("11 03 00 6B 00 03 76 87");
        async Task<string> Ask(UnitTrouble trouble, int length)
        {
            _unit.Trouble = trouble with { Times = 1 };
            await line.WriteAsync(request);
            return await ReadAsync(line, length);
        }

        Assert.Equal("110306022B00000064C8EF", await Ask(new() { BadCrc = true }, 11));
        Assert.StartsWith("12030602", await Ask(new() { AnswersAs = 0x12 }, 11), StringComparison.Ordinal);
        Assert.Equal("AA00110306022B00000064C8BA", await Ask(new() { Noise = new byte[] { 0xAA, 0 } }, 13));
        Assert.Equal("1103060", (await Ask(new() { CutAfter = 4 }, 4))[..7]);
        Assert.Equal("118304", (await Ask(new() { Exception = 4 }, 5))[..6]);
        _unit.Trouble = new() { Silent = true, Times = 1 };
        await line.WriteAsync(request);
        await line.WriteAsync(request);
        Assert.Equal("110306022B00000064C8BA", await ReadAsync(line, 11));
        _unit.Trouble = new() { ClosesLine = true };
        await line.WriteAsync(request);
        Assert.Equal(0, await line.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task A_late_answer_comes_after_the_next_units_and_tells_of_the_moment_it_was_asked_for()
    {
        _server.Unit(2).Set(RegisterBank.Input, 0, 7);
        _unit.Trouble = new() { Late = TimeSpan.FromSeconds(1) };
        using var line = await ConnectAsync(_server.ListenTcp());
        await line.WriteAsync((byte[])[.. Tcp("11 03 00 6B 00 01", 1), .. Tcp("02 04 00 00 00 01", 2)]);
        Assert.Equal("0002000000050204020007", await ReadAsync(line, 11));
        _unit.Set(RegisterBank.Holding, 0x6B, 1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("000100000005110302022B", await ReadAsync(line, 11));
    }

    [Fact]
    public async Task A_write_reaches_who_asked_to_hear_of_it_and_can_be_refused()
    {
        var heard = new List<string>();
        _unit.OnWrite((bank, address, words) =>
        {
            heard.Add($"{bank} {address} {string.Join(',', words)}");
            return words[0] > 32 ? (byte)3 : null;
        });
        using var line = await ConnectAsync(_server.ListenTcp());
        await line.WriteAsync(Tcp("11 06 00 6B 00 10", 1));
        await ReadAsync(line, 12);
        await line.WriteAsync(Tcp("11 06 00 6B 00 40", 2));
        Assert.Equal("000200000003118603", await ReadAsync(line, 9));
        Assert.Equal(["Holding 107 16", "Holding 107 64"], heard);
        Assert.Equal(16, _unit.Get(RegisterBank.Holding, 0x6B));
    }

    [Fact]
    public async Task Requests_and_the_longest_time_between_two_are_counted()
    {
        using var line = await ConnectAsync(_server.ListenTcp());
        foreach (var pause in new[] { 0, 1, 5, 2 })
        {
            _clock.Advance(TimeSpan.FromSeconds(pause));
            await line.WriteAsync(Tcp("11 03 00 6B 00 01", 1));
            await ReadAsync(line, 11);
        }
        Assert.Equal((4, TimeSpan.FromSeconds(5)), (_unit.Requests, _unit.LargestGap));
        Assert.Equal(new UnitRequest(_clock.GetUtcNow(), 3, 0x6B, 1), _unit.Heard[^1]);
    }

    [Fact]
    public async Task It_goes_down_and_comes_back_at_the_same_port_and_takes_as_many_clients_as_it_may()
    {
        _server.MostConnections = 1;
        var port = _server.ListenTcp();
        using (var line = await ConnectAsync(port))
        {
            await line.WriteAsync(Tcp("11 03 00 6B 00 01", 1));
            await ReadAsync(line, 11);
            using var another = await ConnectAsync(port);
            Assert.Equal(0, await another.ReadAsync(new byte[1]));
            await _server.GoDownAsync();
            Assert.Equal(0, await line.ReadAsync(new byte[1]));
            await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(port));
        }
        _server.ComeUp();
        using var back = await ConnectAsync(port);
        await back.WriteAsync(Tcp("11 03 00 6B 00 01", 1));
        await ReadAsync(back, 11);
        Assert.Equal((1, 2L), (_server.Lines, _server.LinesOpened));
    }

    [Fact]
    public async Task A_slow_line_takes_the_time_that_its_bits_take()
    {
        _server.Pace = new(9600, TimeSpan.FromMilliseconds(30));
        using var line = await ConnectAsync(_server.ListenRtuOverTcp());
        await line.WriteAsync(Bytes("11 03 00 6B 00 03 76 87"));
        var answer = ReadAsync(line, 11);
        var began = _clock.GetUtcNow();
        while (!answer.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.WhenAny(answer, Task.Delay(2));
        }
        Assert.Equal("110306022B00000064C8BA", await answer);
        // 19 bytes of 11 bits at 9600, and the latency.
        Assert.True(_clock.GetUtcNow() - began >= TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_serial_device_leads_to_it_through_a_cable()
    {
        await using var cable = await PtyPair.ToPortOrSkipAsync(_server.ListenRtuOverTcp());
        await using var device = new FileStream(cable.Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        await device.WriteAsync(Bytes("11 03 00 6B 00 03 76 87"));
        Assert.Equal("110306022B00000064C8BA", await ReadAsync(device, 11));
    }

    [Fact]
    public async Task The_other_peoples_server_answers_alike_over_tcp_is_killed_and_comes_back()
    {
        var port = FreePort();
        await using var pymodbus = PymodbusServer.TcpOrSkip(port).With(0x11, RegisterBank.Holding, 0x6B, 0x022B, 0, 0x64);
        for (var run = 0; run < 2; run++)
        {
            await pymodbus.StartAsync();
            using var line = await ConnectAsync(port);
            await line.WriteAsync(Tcp("11 03 00 6B 00 03", 2));
            Assert.Equal("000200000009110306022B00000064", await ReadAsync(line, 15));
            await pymodbus.SetAsync(0x11, RegisterBank.Holding, 0x6B, 5);
            await line.WriteAsync(Tcp("11 03 00 6B 00 01", 3));
            Assert.Equal("0003000000051103020005", await ReadAsync(line, 11));
            pymodbus.With(0x11, RegisterBank.Holding, 0x6B, 0x022B, 0, 0x64);
            await pymodbus.KillAsync();
            Assert.Equal(0, await line.ReadAsync(new byte[1]));
        }
    }

    [Fact]
    public async Task The_other_peoples_server_answers_alike_on_a_serial_line_whose_cable_is_pulled_and_plugged_in_again()
    {
        await using var cable = await PtyPair.OrSkipAsync();
        await using var pymodbus = PymodbusServer.RtuOrSkip(cable.FarDevice).With(0x11, RegisterBank.Holding, 0x6B, 0x022B, 0, 0x64);
        for (var run = 0; run < 2; run++)
        {
            await pymodbus.StartAsync();
            await using (var device = new FileStream(cable.Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0))
            {
                await device.WriteAsync(Bytes("11 03 00 6B 00 03 76 87"));
                Assert.Equal("110306022B00000064C8BA", await ReadAsync(device, 11));
            }
            await pymodbus.KillAsync();
            await cable.UnplugAsync();
            Assert.False(File.Exists(cable.Device));
            await cable.PlugAsync();
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<NetworkStream> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(System.Net.IPAddress.Loopback, port);
        return new(socket, ownsSocket: true);
    }

    /// <param name="request">Unit and PDU.</param>
    private static byte[] Tcp(string request, int transaction)
    {
        var bytes = Bytes(request);
        return [(byte)(transaction >> 8), (byte)transaction, 0, 0, 0, (byte)bytes.Length, .. bytes];
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);

    private static async Task<string> ReadAsync(Stream line, int length)
    {
        using var limit = new CancellationTokenSource(Patience);
        var bytes = new byte[length];
        await line.ReadExactlyAsync(bytes, limit.Token);
        return Hex(bytes);
    }
}
