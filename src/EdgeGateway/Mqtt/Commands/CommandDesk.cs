using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Protocols.Mqtt;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Mqtt.Commands;

/// <summary>
/// Takes requests: reads them strictly, does each once, answers each, leaves an event of what was asked (S6, S13). Who may ask is the broker's business
/// (an ACL on the command topics); how much may be asked is ours.
/// </summary>
internal sealed partial class CommandDesk(CommandActions actions, SiteEngine engine, TimeProvider clock, ILogger log)
{
    /// <summary>Requests that are carried out in a second, and at once after a pause.</summary>
    public const int PerSecond = 10;
    public const int Burst = 20;

    /// <summary>Requests under way at the same time: a charger may take half a minute to answer.</summary>
    public const int MostRunning = 16;

    /// <summary>Refusals and repeated answers in a second; beyond it a flood is not answered, only counted.</summary>
    public const int RefusalsPerSecond = 20;

    /// <summary>Bytes of correlation data.</summary>
    public const int CorrelationLimit = 128;

    /// <summary>Bytes of a response topic.</summary>
    public const int ResponseTopicLimit = 256;

    /// <summary>A request with the same correlation data (or id) and content is a repeat of the first for so long.</summary>
    public static readonly TimeSpan RepeatWindow = TimeSpan.FromMinutes(10);

    /// <summary>The same without either: QoS 1 may bring a message twice, and a button may be pressed twice.</summary>
    public static readonly TimeSpan BareRepeatWindow = TimeSpan.FromSeconds(3);

    /// <summary>Requests that are remembered.</summary>
    public const int RepeatLimit = 1024;

    /// <summary>An answer that cannot be delivered for so long is worth nothing.</summary>
    private static readonly TimeSpan AnswerExpiry = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, (Task<(Outcome Outcome, string? Id)> Done, long Since, TimeSpan Window)> _given = new(StringComparer.Ordinal);
    private readonly Pace _pace = new(PerSecond, Burst, clock);
    private readonly Pace _refusals = new(RefusalsPerSecond, RefusalsPerSecond, clock);
    private readonly RemarkPacing _remarks = new(engine, clock, TimeSpan.FromMinutes(1));
    private int _running;
    private long _unanswered;

    /// <summary>Requests beyond all limits, which were not even answered.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>Never blocks.</summary>
    /// <param name="tell">Publishes the answer.</param>
    public void Take(Topics topics, MqttSettings settings, MqttMessage message, Func<MqttMessage, bool> tell)
    {
        if (topics.CommandOf(message.Topic) is not { } name)
            return;
        if (message.Retain)
        {
            // A wish of who knows when: it would be carried out at each start.
            _remarks.Make(Severity.Warning, "MqttCommandRetained", "MQTT", "A command was published as retained; such are never taken.");
            return;
        }
        var isKnown = TopicTree.Commands.Contains(name, StringComparer.Ordinal);
        var wrong = isKnown ? WrongWith(topics, settings, message) : $"there is no such command; there are {string.Join(", ", TopicTree.Commands)}";
        var request = new Request(isKnown ? name : "unknown", AnswerTopic(topics, settings, message, isKnown ? name : "unknown"), message, tell);
        if (wrong is null)
            Do(request);
        else
            Refuse(request, new("Invalid", wrong));
    }

    private void Do(Request request)
    {
        var read = new Lazy<CommandRead>(() => CommandReader.Read(TopicTree.PayloadOf(request.Name)!, request.Message.Payload));
        var done = new TaskCompletionSource<(Outcome, string?)>(TaskCreationOptions.RunContinuationsAsynchronously);
        string key;
        Task<(Outcome, string?)>? before;
        Outcome? refusal = null;
        lock (_gate)
        {
            (key, before) = Earlier(request);
            if (before is null)
            {
                refusal = !_pace.Take() ? new("TooMany", $"too many requests: {PerSecond} a second are taken")
                    : Volatile.Read(ref _running) >= MostRunning ? new("TooMany", "too many requests are under way") : null;
                if (refusal is null)
                {
                    _running++;
                    Remember(key, done.Task, request);
                }
            }
        }
        if (before is not null)
            _ = RepeatAsync(request, before);
        else if (refusal is not null)
            Refuse(request, refusal);
        else
            _ = RunAsync(request, key, read.Value, done);
    }

    private async Task RunAsync(Request request, string key, CommandRead read, TaskCompletionSource<(Outcome, string?)> done)
    {
        Outcome outcome;
        try
        {
            outcome = read.Payload is { } command ? await DoAsync(request.Name, command, key) : new("Invalid", read.Wrong!);
        }
        catch (NotRecordedException full)
        {
            outcome = new("Failed", full.Message);
        }
        catch (Exception failure)
        {
            Failed(failure, request.Name);
            outcome = new("Failed", "The gateway failed; see its log.");
        }
        lock (_gate)
            _running--;
        done.SetResult((outcome, read.Payload?.Id));
        Answer(request, outcome, read.Payload?.Id);
    }

    private async Task<Outcome> DoAsync(string name, CommandPayload command, string key)
    {
        var by = command.By is { } who ? $"MQTT ({who})" : "MQTT";
        var wish = CommandActions.Wish(command);
        // Before it is done: whatever becomes of it, it is known who wanted it.
        if (wish is { } asked)
            RemarkPacing.Leave(engine, Severity.Info, "MqttCommand", asked.Subject, $"{by} asks: {asked.Text}.");
        var outcome = await actions.DoAsync(command, by, $"MQTT {key}", CancellationToken.None);
        if (wish is { } refused && !outcome.IsOk)
            RemarkPacing.Leave(engine, Severity.Warning, "MqttCommandRefused", refused.Subject, $"{by}: {name}: {outcome.Word}: {outcome.Text}".TrimEnd('.') + ".");
        return outcome;
    }

    private async Task RepeatAsync(Request request, Task<(Outcome Outcome, string? Id)> before)
    {
        var (outcome, id) = await before;
        Refuse(request, outcome, id);
    }

    /// <summary>An answer that costs us nothing but itself: paced, so that a flood of requests is no flood of answers.</summary>
    private void Refuse(Request request, Outcome outcome, string? id = null)
    {
        if (_refusals.Take())
        {
            Answer(request, outcome, id);
            return;
        }
        var many = Interlocked.Increment(ref _unanswered);
        _remarks.Make(Severity.Warning, "MqttCommandFlood", "MQTT", $"More requests come than are even refused; {many} were not answered so far.");
    }

    private void Answer(Request request, Outcome outcome, string? id)
    {
        var answer = new AnswerPayload
        {
            Command = request.Name,
            Id = id,
            Ok = outcome.IsOk,
            Outcome = outcome.Word,
            Text = outcome.Text,
            At = clock.GetUtcNow(),
            Site = outcome.Site,
            Hubs = outcome.Hubs,
            Station = outcome.Station,
            Evses = outcome.Evses,
        };
        request.Tell(new(request.AnswerTopic, StateBoard.Bytes(answer, MqttJson.Default.AnswerPayload))
        {
            CorrelationData = request.Message.CorrelationData.Length <= CorrelationLimit ? request.Message.CorrelationData : default,
            ContentType = "application/json",
            Expiry = AnswerExpiry,
        });
    }

    private static string? WrongWith(Topics topics, MqttSettings settings, MqttMessage message)
    {
        if (message.CorrelationData.Length > CorrelationLimit)
            return $"the correlation data have {message.CorrelationData.Length} bytes; {CorrelationLimit} at most are expected";
        return message.ResponseTopic is { } topic && !MayBeAnswered(topics, settings, topic)
            ? $"the response topic is not allowed: a name without wildcards is expected, {ResponseTopicLimit} bytes at most, below {topics.Base}/response/ or outside of what the gateway publishes"
            : null;
    }

    /// <summary>We may publish where the asker may not: an answer must not become a command, a state or a discovery of ours.</summary>
    private static bool MayBeAnswered(Topics topics, MqttSettings settings, string topic) =>
        Topics.IsName(topic, ResponseTopicLimit) && (!topics.IsBelow(topic) || topics.IsResponse(topic))
        && !topic.StartsWith($"{settings.DiscoveryPrefix}/", StringComparison.Ordinal);

    private static string AnswerTopic(Topics topics, MqttSettings settings, MqttMessage message, string name) =>
        message.ResponseTopic is { } topic && MayBeAnswered(topics, settings, topic) ? topic : topics.Response(name);

    /// <summary>One that was given the same, and is still remembered. Clients are known that send one correlation id with everything: content counts too (K8).</summary>
    private (string Key, Task<(Outcome, string?)>? Before) Earlier(Request request)
    {
        var content = Convert.ToHexString(SHA256.HashData(request.Message.Payload.Span));
        var key = $"{request.Name} {Convert.ToHexString(request.Message.CorrelationData.Span)} {content}";
        while (_given.Count > 0 && clock.GetElapsedTime(_given.GetAt(0).Value.Since) > RepeatWindow)
            _given.RemoveAt(0);
        return (key, _given.TryGetValue(key, out var given) && clock.GetElapsedTime(given.Since) <= given.Window ? given.Done : null);
    }

    private void Remember(string key, Task<(Outcome, string?)> done, Request request)
    {
        // Asked again after its window it is a new wish, and the newest.
        _given.Remove(key);
        while (_given.Count >= RepeatLimit)
            _given.RemoveAt(0);
        _given[key] = (done, clock.GetTimestamp(), IsNamed(request.Message) ? RepeatWindow : BareRepeatWindow);
    }

    /// <summary>It has correlation data or, from a client without them, an id in its content.</summary>
    private static bool IsNamed(MqttMessage message) => message.CorrelationData.Length > 0 || Encoding.UTF8.GetString(message.Payload.Span).Contains("\"id\"", StringComparison.Ordinal);

    private sealed record Request(string Name, string AnswerTopic, MqttMessage Message, Func<MqttMessage, bool> Tell);

    [LoggerMessage(Level = LogLevel.Error, Message = "The MQTT command {Name} failed")]
    private partial void Failed(Exception failure, string name);
}
