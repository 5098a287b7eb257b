using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>What a test wants its broker to be.</summary>
public sealed record MosquittoSettings
{
    /// <summary>User and password; none lets everybody in.</summary>
    public IReadOnlyDictionary<string, string>? Passwords { get; init; }

    /// <summary>Lines of an access list: <c>user gateway</c>, <c>topic readwrite site/#</c>.</summary>
    public string? Access { get; init; }

    /// <summary>The names in the broker's certificate; null is plain TCP.</summary>
    public IReadOnlyList<string>? TlsNames { get; init; }

    /// <summary>With TLS: only who shows a certificate of <see cref="MosquittoBroker.Authority"/> is let in.</summary>
    public bool ClientCertificates { get; init; }

    /// <summary>Retained messages and sessions outlast a stop (and a kill as far as they were saved).</summary>
    public bool Persistence { get; init; }

    /// <summary>More lines of mosquitto.conf.</summary>
    public string More { get; init; } = "";
}

/// <summary>A real mosquitto on a free port of loopback; it can be killed, stopped, frozen and started again on the same port.</summary>
public sealed class MosquittoBroker : IDisposable
{
    private static readonly string? Program = Find("mosquitto");

    private readonly MosquittoSettings _settings;
    private readonly string _folder = Directory.CreateTempSubdirectory("mosquitto-").FullName;
    private readonly StringBuilder _log = new();
    private Process? _process;

    private MosquittoBroker(MosquittoSettings settings, int port)
    {
        _settings = settings;
        Port = port;
        if (settings.TlsNames is not null)
            Authority = new(_folder, "broker", settings.TlsNames);
    }

    public int Port { get; }

    /// <summary>By <c>localhost</c> with TLS, by address without.</summary>
    public Uri Url => new(_settings.TlsNames is null ? $"mqtt://127.0.0.1:{Port}" : $"mqtts://localhost:{Port}");

    /// <summary>Null without TLS.</summary>
    public TlsFiles? Authority { get; }

    /// <summary>What mosquitto said so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Skips the test where the broker or its clients are not installed.</summary>
    public static void Require() =>
        Assert.SkipWhen(Program is null || MosquittoEar.Program is null, "needs mosquitto and mosquitto-clients");

    public static MosquittoBroker Start(MosquittoSettings? settings = null)
    {
        Require();
        var broker = new MosquittoBroker(settings ?? new(), FreePort());
        try
        {
            broker.Start();
            return broker;
        }
        catch
        {
            broker.Dispose();
            throw;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Again on the same port, with what it kept; returns when it listens.</summary>
    public void Start()
    {
        var file = Path.Combine(_folder, "mosquitto.conf");
        File.WriteAllText(file, Configuration());
        _process = Process.Start(new ProcessStartInfo(Program!, ["-c", file]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        var patience = Stopwatch.StartNew();
        while (!Listens())
        {
            if (_process.HasExited || patience.Elapsed > TimeSpan.FromSeconds(10))
                throw new InvalidOperationException($"mosquitto does not listen on {Port}: {Log}");
            Thread.Sleep(5);
        }
    }

    /// <summary>SIGKILL: nothing is saved, no farewell.</summary>
    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process = null;
    }

    /// <summary>SIGTERM: it says DISCONNECT and saves what it keeps.</summary>
    public void Stop()
    {
        Signal("TERM");
        _process?.WaitForExit();
        _process = null;
    }

    /// <summary>SIGSTOP: its sockets stay open and nothing is answered.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>SIGUSR1: what it keeps is saved now, as it is each half hour otherwise.</summary>
    public void Save() => Signal("USR1");

    /// <summary>Known from the next login on, without a restart.</summary>
    public void ChangePassword(string user, string password)
    {
        PasswordFile(_settings.Passwords!.Where(p => p.Key != user).Append(new(user, password)).ToDictionary());
        Signal("HUP");
    }

    /// <summary>In place of <see cref="MosquittoSettings.Access"/>, without a restart.</summary>
    public void ChangeAccess(string access)
    {
        File.WriteAllText(Path.Combine(_folder, "access"), access);
        Signal("HUP");
    }

    /// <summary>Until <see cref="Save"/> has written its file.</summary>
    public async Task SavedAsync()
    {
        var file = new FileInfo(Path.Combine(_folder, "mosquitto.db"));
        for (var patience = Stopwatch.StartNew(); !file.Exists || file.Length == 0; file.Refresh())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(10), "mosquitto does not save");
            await Task.Delay(5);
        }
    }

    /// <summary>An independent eye: everything that a filter covers, retained first.</summary>
    public MosquittoEar Listen(string filter = "#", params string[] more) => new([.. ClientArguments, "-t", filter, .. more]);

    /// <summary>An independent mouth; <paramref name="more"/> as mosquitto_pub knows it (<c>-r</c>, <c>-D publish response-topic x</c>).</summary>
    public void Publish(string topic, string payload, params string[] more)
    {
        using var process = Process.Start(new ProcessStartInfo(Find("mosquitto_pub")!, [.. ClientArguments, "-V", "mqttv5", "-q", "1", "-t", topic, "-m", payload, .. more]))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
    }

    internal static string? Find(string program) =>
        ((string[])["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]).Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);

    private string[] ClientArguments
    {
        get
        {
            var user = _settings.Passwords?.First();
            string[] login = user is { } known ? ["-u", known.Key, "-P", known.Value] : [];
            string[] tls = Authority is null ? ["-h", "127.0.0.1"] : ["-h", "localhost", "--cafile", Authority.CaFile];
            if (_settings.ClientCertificates)
            {
                var (certificate, key) = Authority!.Issue("eye");
                tls = [.. tls, "--cert", certificate, "--key", key];
            }
            return ["-p", $"{Port}", .. tls, .. login];
        }
    }

    private string Configuration()
    {
        var lines = new List<string>
        {
            // Started by root it would become somebody who may not read this folder.
            "user root", "log_dest stderr", "log_type error", "log_type warning", "log_type notice", "log_type information", "connection_messages true", $"listener {Port} 127.0.0.1", "set_tcp_nodelay true", "max_queued_messages 100000",
            $"allow_anonymous {(_settings.Passwords is null ? "true" : "false")}", $"persistence {(_settings.Persistence ? "true" : "false")}", $"persistence_location {_folder}/",
        };
        if (_settings.Passwords is not null)
            lines.Add($"password_file {PasswordFile(_settings.Passwords)}");
        if (_settings.Access is not null)
        {
            File.WriteAllText(Path.Combine(_folder, "access"), _settings.Access);
            lines.Add($"acl_file {_folder}/access");
        }
        if (Authority is not null)
            lines.AddRange([$"cafile {Authority.CaFile}", $"certfile {Authority.CertificateFile}", $"keyfile {Authority.KeyFile}", $"require_certificate {(_settings.ClientCertificates ? "true" : "false")}"]);
        return string.Join('\n', lines) + "\n" + _settings.More + "\n";
    }

    private string PasswordFile(IReadOnlyDictionary<string, string> passwords)
    {
        var file = Path.Combine(_folder, "passwords");
        File.WriteAllLines(file, passwords.Select(p => $"{p.Key}:{p.Value}"));
        using var hashing = Process.Start(Find("mosquitto_passwd")!, ["-U", file]);
        hashing.WaitForExit();
        return file;
    }

    private bool Listens()
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("/bin/kill", [$"-{name}", $"{_process!.Id}"]);
        kill.WaitForExit();
    }

    private void Keep(string? line)
    {
        lock (_log)
            _log.AppendLine(line);
    }
}
