using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>What mosquitto_sub heard.</summary>
/// <param name="Properties">Those of MQTT 5, by the names mosquitto gives them (<c>response-topic</c>).</param>
public sealed record Heard(string Topic, string Payload, bool Retained, IReadOnlyDictionary<string, string> Properties);

/// <summary>A mosquitto_sub that runs until it is disposed, so that what was published is judged by a stranger.</summary>
public sealed class MosquittoEar : IDisposable
{
    internal static readonly string? Program = MosquittoBroker.Find("mosquitto_sub");

    private readonly Process _process;
    private readonly List<Heard> _heard = [];
    private readonly StringBuilder _said = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal MosquittoEar(IReadOnlyList<string> arguments)
    {
        // It says that it is subscribed without flushing, which a pipe would keep from us until the first message.
        _process = Process.Start(new ProcessStartInfo("/usr/bin/stdbuf", ["-oL", Program!, "-V", "mqttv5", "-q", "1", "-d", "-F", "%j", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        WaitAsync(_ => Said.Contains("Subscribed (mid", StringComparison.Ordinal)).GetAwaiter().GetResult();
    }

    /// <summary>In the order of arrival.</summary>
    public IReadOnlyList<Heard> Messages
    {
        get
        {
            lock (_heard)
                return [.. _heard];
        }
    }

    /// <summary>Topic to payload as a newcomer would know it by now: an empty payload takes a topic away.</summary>
    public IReadOnlyDictionary<string, string> States
    {
        get
        {
            var states = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var message in Messages)
            {
                states[message.Topic] = message.Payload;
                if (message.Payload.Length == 0)
                    states.Remove(message.Topic);
            }
            return states;
        }
    }

    /// <summary>Until what was heard is as wished; a failure shows what it was.</summary>
    public async Task WaitAsync(Func<IReadOnlyList<Heard>, bool> wish, TimeSpan? patience = null)
    {
        var until = Stopwatch.StartNew();
        while (true)
        {
            Task more;
            lock (_heard)
                more = _more.Task;
            if (wish(Messages))
                return;
            var left = (patience ?? TimeSpan.FromSeconds(20)) - until.Elapsed;
            if (left <= TimeSpan.Zero || await Task.WhenAny(more, Task.Delay(left)) != more)
                Assert.Fail($"not heard in time; heard: {string.Join(", ", Messages.TakeLast(20))}; said: {Said}");
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Said
    {
        get
        {
            lock (_heard)
                return _said.ToString();
        }
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        TaskCompletionSource more;
        lock (_heard)
        {
            if (line.StartsWith('{'))
                _heard.Add(Read(line));
            else if (_said.Length < 10_000)
                _said.AppendLine(line);
            (more, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        more.TrySetResult();
    }

    private static Heard Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        var message = json.RootElement;
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        if (message.TryGetProperty("properties", out var told))
        {
            foreach (var property in told.EnumerateObject())
                properties[property.Name] = property.Value.ToString();
        }
        return new(message.GetProperty("topic").GetString()!, message.GetProperty("payload").GetString() ?? "", message.GetProperty("retain").GetInt32() == 1, properties);
    }
}
