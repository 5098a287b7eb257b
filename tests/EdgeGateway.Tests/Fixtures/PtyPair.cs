using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>
/// A serial cable without hardware (socat): two devices that are each other's far end, or one whose far end is a TCP port. Skips the test where socat is absent.
/// This file knows nothing else of the tests, so that other test projects can link it.
/// </summary>
public sealed class PtyPair : IAsyncDisposable
{
    private const string Socat = "/usr/bin/socat";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Below /dev, as only there serial devices are looked for.
    private readonly string _name = $"/dev/shm/edge-{Guid.NewGuid():N}";
    private readonly string _farEnd;
    private readonly List<SafeFileHandle> _held = [];
    private Process? _socat;

    private PtyPair(int? port) => _farEnd = port is { } number ? $"TCP:127.0.0.1:{number}" : $"PTY,raw,echo=0,link={_name}-b";

    /// <summary>Ours: <c>/dev/…</c>.</summary>
    public string Device => _name + "-a";

    /// <summary>The other end; not there if that is a port.</summary>
    public string FarDevice => _name + "-b";

    /// <summary>As a configuration has it.</summary>
    public string Transport(int baud = 9600) => $"rtu://{Device}?baud={baud}&parity=N&stop=1";

    public static Task<PtyPair> OrSkipAsync() => MakeAsync(null);

    /// <summary>A serial device behind which a TCP server speaks RTU (<c>SimulatedModbusServer.ListenRtuOverTcp</c>).</summary>
    public static Task<PtyPair> ToPortOrSkipAsync(int port) => MakeAsync(port);

    /// <summary>Plugs the cable in, at the start and after <see cref="UnplugAsync"/>.</summary>
    public async Task PlugAsync()
    {
        _socat = Process.Start(new ProcessStartInfo(Socat, [$"PTY,raw,echo=0,link={Device}", _farEnd]) { UseShellExecute = false, RedirectStandardError = true })!;
        string[] devices = _farEnd.StartsWith("TCP", StringComparison.Ordinal) ? [Device] : [Device, FarDevice];
        var waited = Stopwatch.StartNew();
        while (!devices.All(File.Exists))
        {
            if (_socat.HasExited || waited.Elapsed > Patience)
                throw new InvalidOperationException("socat: " + await _socat.StandardError.ReadToEndAsync());
            await Task.Delay(5);
        }
        // Held open, as socat takes the last closing of a device for the end of the cable; but not locked, as .NET does: who uses a line locks it.
        _held.AddRange(devices.Select(d => File.OpenHandle(d, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)));
        const int Unlock = 8;
        foreach (var handle in _held)
            Assert.Equal(0, Lock(handle, Unlock));
    }

    /// <summary>The adapter is pulled: whoever has the device open gets an error, and its file is gone.</summary>
    public async Task UnplugAsync()
    {
        foreach (var handle in _held)
            handle.Dispose();
        _held.Clear();
        if (_socat is not { } socat)
            return;
        _socat = null;
        socat.Kill();
        await socat.WaitForExitAsync();
        socat.Dispose();
        File.Delete(Device);
        File.Delete(FarDevice);
    }

    public async ValueTask DisposeAsync() => await UnplugAsync();

    [DllImport("libc", EntryPoint = "flock")]
    private static extern int Lock(SafeFileHandle file, int operation);

    private static async Task<PtyPair> MakeAsync(int? port)
    {
        if (!File.Exists(Socat))
            Assert.Skip("socat is absent: apt-get install socat");
        var pair = new PtyPair(port);
        await pair.PlugAsync();
        return pair;
    }
}
