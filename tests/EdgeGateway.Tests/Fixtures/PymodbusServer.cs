using System.Diagnostics;
using System.Text.Json;
using EdgeGateway.Protocols.Modbus;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>
/// Modbus devices that are not our own work: Debian's python3-pymodbus in a process of its own (tests/python/modbus_server.py), over TCP or on a serial device.
/// Skips the test where it is absent. This file knows nothing else of the tests, so that other test projects can link it.
/// </summary>
public sealed class PymodbusServer : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Lazy<bool> IsThere = new(Probe);

    private readonly string[] _arguments;
    private readonly Dictionary<byte, Dictionary<string, Dictionary<string, ushort[]>>> _units = [];
    private readonly string _file = Path.GetTempFileName();
    private Process? _python;

    private PymodbusServer(params string[] arguments) => _arguments = arguments;

    /// <param name="port">On loopback.</param>
    public static PymodbusServer TcpOrSkip(int port) => OrSkip("tcp", $"{port}");

    public static PymodbusServer RtuOrSkip(string device, int baud = ModbusTransport.UsualBaud) => OrSkip("rtu", device, $"{baud}");

    /// <summary>Registers of a unit, from the next start on; a unit that has none is absent.</summary>
    /// <param name="bank"><see cref="RegisterBank.Holding"/> or <see cref="RegisterBank.Input"/>.</param>
    public PymodbusServer With(byte unit, RegisterBank bank, int address, params ushort[] words)
    {
        if (!_units.TryGetValue(unit, out var banks))
            _units[unit] = banks = new() { ["holding"] = [], ["input"] = [] };
        banks[NameOf(bank)][$"{address}"] = words;
        return this;
    }

    /// <summary>Starts it, or starts it again after <see cref="KillAsync"/>; serves when this returns.</summary>
    public async Task StartAsync()
    {
        await File.WriteAllTextAsync(_file, JsonSerializer.Serialize(_units));
        _python = Process.Start(new ProcessStartInfo(Python, [Path.Combine(Checkout(), "tests", "python", "modbus_server.py"), .. _arguments, _file])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        if (await SaysAsync() != "ready")
            throw new InvalidOperationException("pymodbus did not start: " + await _python.StandardError.ReadToEndAsync());
    }

    /// <summary>Changes registers of a unit that is served.</summary>
    public async Task SetAsync(byte unit, RegisterBank bank, int address, params ushort[] words)
    {
        With(unit, bank, address, words);
        await _python!.StandardInput.WriteLineAsync($"set {unit} {NameOf(bank)} {address} {string.Join(' ', words)}");
        await _python.StandardInput.FlushAsync();
        await SaysAsync();
    }

    /// <summary>SIGKILL: its connections break, its port is closed.</summary>
    public async Task KillAsync()
    {
        if (_python is not { } python)
            return;
        _python = null;
        python.Kill();
        await python.WaitForExitAsync();
        python.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        File.Delete(_file);
    }

    private async Task<string?> SaysAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await _python!.StandardOutput.ReadLineAsync(limit.Token);
    }

    private static PymodbusServer OrSkip(params string[] arguments)
    {
        if (!IsThere.Value)
            Assert.Skip("python3-pymodbus is absent: apt-get install python3-pymodbus python3-serial");
        return new(arguments);
    }

    private static bool Probe()
    {
        if (!File.Exists(Python))
            return false;
        using var python = Process.Start(new ProcessStartInfo(Python, ["-c", "import pymodbus.server.async_io, serial_asyncio"])
        {
            UseShellExecute = false, RedirectStandardError = true,
        })!;
        python.WaitForExit();
        return python.ExitCode == 0;
    }

    private static string NameOf(RegisterBank bank) => bank == RegisterBank.Holding ? "holding" : "input";

    private static string Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EdgeGateway.sln")))
                return folder.FullName;
        throw new InvalidOperationException("no EdgeGateway.sln above the tests");
    }
}
