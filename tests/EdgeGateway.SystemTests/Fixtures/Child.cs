using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace EdgeGateway.SystemTests.Fixtures;

/// <summary>A process of ours: what it says is kept, and it never outlives its test.</summary>
public sealed class Child : IAsyncDisposable
{
    private const int LinesShown = 80;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly List<Action<string>> _readers = [];

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public IReadOnlyList<string> Output => [.. _output];

    public IReadOnlyList<string> Errors => [.. _errors];

    public static Child Start(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null, Action<string>? onLine = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var child = new Child(new Process { StartInfo = start });
        if (onLine is not null)
            child._readers.Add(onLine);
        child._process.OutputDataReceived += (_, line) => child.Take(line.Data, child._output, read: true);
        child._process.ErrorDataReceived += (_, line) => child.Take(line.Data, child._errors, read: false);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>SIGKILL: no goodbye.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as systemd stops a service.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>The last it said, for who reads a failure.</summary>
    public string Tail() => string.Join('\n', _output.Concat(_errors.Select(l => "! " + l)).TakeLast(LinesShown));

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Take(string? line, ConcurrentQueue<string> lines, bool read)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        if (read)
            foreach (var reader in _readers)
                reader(line);
    }
}
