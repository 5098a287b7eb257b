using System.Diagnostics;
using System.Globalization;

namespace EdgeGateway.Benchmarks;

/// <summary>A server under measurement, in a process of its own, and what the kernel knows of it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Megabytes.</summary>
    public double Rss => long.Parse(Field("/proc/{0}/status", "VmRSS:").Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0;

    /// <summary>Bytes handed to the disk.</summary>
    public long Written => long.Parse(Field("/proc/{0}/io", "write_bytes:"), CultureInfo.InvariantCulture);

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static ChildProcess Start(string program, IEnumerable<string> arguments, Action<string> onLine)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => onLine(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => onLine(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private string Field(string path, string name) =>
        File.ReadLines(string.Format(CultureInfo.InvariantCulture, path, Id)).First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
