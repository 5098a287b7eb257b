using System.Text;
using EdgeGateway.Mqtt.Commands;
using EdgeGateway.Mqtt.Discovery;
using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Protocols.Mqtt;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Mqtt;

/// <summary>
/// Keeps the broker up to date: retained states by topic, events and sessions in order, commands if they are wanted. Whatever happens to the broker, the
/// engine is not held up by it; a cycle that fails is told and followed by the next (FIELD pain 5).
/// </summary>
public sealed partial class MqttService : BackgroundService
{
    /// <summary>A state topic is published at most once in this.</summary>
    public static readonly TimeSpan StatePeriod = TimeSpan.FromSeconds(1);

    /// <summary>What has no watcher (hubs, storage, what time alone changes) is looked at so often: every so many periods.</summary>
    public const int PeriodsPerSweep = 5;

    /// <summary>A broker that has not seen us for this long forgets requests that came meanwhile: later they are no wish of now.</summary>
    public static readonly TimeSpan SessionExpiry = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AfterStumble = TimeSpan.FromSeconds(10);

    /// <summary>Room beside the events for answers and births.</summary>
    public const int ExtraMessages = 64;

    /// <summary>Of remarks about the broker itself, one of a kind in this.</summary>
    public static readonly TimeSpan RemarkPace = TimeSpan.FromMinutes(1);

    private readonly SiteEngine _engine;
    private readonly MqttParts _parts;
    private readonly RetainedBook _book;
    private readonly StateBoard _board;
    private readonly NewsDesk _desk = new();
    private readonly CommandDesk _commands;
    private readonly TimeProvider _clock;
    private readonly ILogger<MqttService> _log;
    private readonly TimeSpan _period;
    private readonly RemarkPacing _pacing;
    private MqttConnection? _connection;
    private MqttSettings? _settings;
    private readonly HashSet<string> _unpublished = new(StringComparer.Ordinal);
    private MqttFigures? _trouble;
    private long _droppedBefore;
    private long _droppedTold;

    public MqttService(
        SiteEngine engine, Authorizations authorizations, IStationCare care, ISiteMeters? meters, IDocuments documents, MqttParts parts, TimeProvider clock, ILogger<MqttService> log,
        TimeSpan? period = null)
    {
        (_engine, _parts, _clock, _log, _period) = (engine, parts, clock, log, period ?? StatePeriod);
        _book = new(documents);
        _board = new(engine, meters, parts, clock);
        _pacing = new(engine, clock, RemarkPace);
        _commands = new(new CommandActions(engine, authorizations, care, _board, parts, clock), engine, clock, log);
        // From the first turn on: what happens before the broker is reached is told then.
        _desk.IsOpen = parts.Settings().Broker is not null;
        engine.Watch(_desk.Look);
        meters?.Watch(_desk.Look);
    }

    /// <summary>Null: no broker is configured.</summary>
    public MqttFigures? Figures
    {
        get
        {
            if (_trouble is { } trouble)
                return trouble;
            if (_connection is not { Link: var link } || _settings?.Broker is not { } broker)
                return null;
            return new(
                broker.ToString().TrimEnd('/'), link.State.ToString(), link.Since, link.Why.Length == 0 ? null : link.Why, link.Version, link.Reconnects, link.Waiting,
                link.Dropped + _droppedBefore + _desk.Dropped);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var settings = _parts.Settings();
            try
            {
                if (settings.Broker is { } broker)
                    await ServeAsync(settings, broker, stoppingToken);
                else
                    await PauseAsync(_period, stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Charging goes on; the technician sees why nothing is published.
                _trouble ??= new($"{settings.Broker}".TrimEnd('/'), nameof(MqttState.Refused), _clock.GetUtcNow(), failure.Message, null, 0, 0, _droppedBefore);
                Stumbled(failure);
                await PauseAsync(AfterStumble, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
        }
    }

    private async Task ServeAsync(MqttSettings settings, Uri broker, CancellationToken stopping)
    {
        var topics = new Topics(settings.BaseTopic);
        var discovery = settings.HomeAssistantDiscovery ? new HomeAssistant(topics, settings, _parts.Version) : null;
        await _book.LoadAsync(broker, stopping);
        await using var connection = new MqttConnection(Options(settings, broker, topics), _clock);
        connection.Connected = _ => connection.Tell(Retained(topics.Status, Topics.Online));
        connection.LinkChanged = link => Changed(broker, link);
        connection.Failed = Stumbled;
        if (settings.Commands)
            connection.Subscribe(topics.Commands, message => _commands.Take(topics, settings, message, m => connection.Tell(m)));
        if (discovery is not null)
            connection.Subscribe($"{settings.DiscoveryPrefix}/status", message => discovery.Greet(message, m => connection.Tell(m)));
        (_connection, _settings, _trouble) = (connection, settings, null);
        _desk.IsOpen = true;
        connection.Start();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var telling = TellAsync(connection, topics, ending.Token);
        try
        {
            await KeepAsync(connection, topics, settings, discovery, stopping);
        }
        finally
        {
            connection.LinkChanged = null;
            // What waits for one broker is told to the next.
            _desk.IsOpen = _parts.Settings().Broker is not null;
            await ending.CancelAsync();
            await telling;
            // Said in good order at the end; if the line breaks the broker says it.
            connection.Tell(Retained(topics.Status, Topics.Offline));
            _droppedBefore += connection.Link.Dropped;
            _connection = null;
        }
    }

    /// <summary>States, until the settings change.</summary>
    private async Task KeepAsync(MqttConnection connection, Topics topics, MqttSettings settings, HomeAssistant? discovery, CancellationToken stopping)
    {
        var (known, periods) = (new HashSet<string>(StringComparer.Ordinal), 0);
        using var timer = new PeriodicTimer(_period, _clock);
        do
        {
            if (_parts.Settings() != settings)
                return;
            try
            {
                var (all, stations, meters) = _desk.Take();
                var some = all || periods % PeriodsPerSweep == 0 ? null : _board.Some(topics, stations, meters);
                if (some is null || !some.Keys.All(known.Contains))
                    known = await SweepAsync(connection, topics, discovery, stopping);
                else
                    Publish(connection, some);
                periods++;
                if (connection.Link is { State: MqttState.Online, Waiting: 0 })
                    await _book.LeftAsync(stopping);
                TellDropped(connection);
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                // The next cycle sends all of it anew.
                periods = 0;
                Stumbled(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task<HashSet<string>> SweepAsync(MqttConnection connection, Topics topics, HomeAssistant? discovery, CancellationToken stopping)
    {
        var all = await _board.AllAsync(topics, stopping);
        discovery?.AddTo(all, _board);
        HashSet<string> known = [topics.Status, .. all.Keys];
        foreach (var gone in await _book.NoteAsync(known, stopping))
            connection.Clear(gone);
        Publish(connection, all);
        return known;
    }

    private void Publish(MqttConnection connection, Dictionary<string, byte[]> states)
    {
        foreach (var (topic, payload) in states)
        {
            // An id or a payload beyond MQTT's limits and ours: the others are published, and it is not missing in silence.
            if (!connection.Set(topic, payload) && _unpublished.Add(topic))
                NotPublished(topic, payload.Length);
        }
    }

    /// <summary>Events and sessions, in order, until cancelled.</summary>
    private async Task TellAsync(MqttConnection connection, Topics topics, CancellationToken ending)
    {
        try
        {
            await foreach (var story in _desk.Stories.ReadAllAsync(ending))
                Tell(connection, topics, story);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // What is left is in the events on disk.
        }
    }

    private void Tell(MqttConnection connection, Topics topics, Story story)
    {
        try
        {
            connection.Tell(story switch
            {
                Story.Session session => new(topics.Session(session.Of.Id), StateBoard.Bytes(session.Of.View(session.Cdr), MqttJson.Default.SessionPayload)),
                Story.Happened happened => new(topics.Events, StateBoard.Bytes(View(happened), MqttJson.Default.EventPayload)),
                _ => throw new InvalidOperationException(story.GetType().Name),
            });
        }
        catch (Exception failure)
        {
            // A fault of ours; the next is told all the same.
            Stumbled(failure);
        }
    }

    private EventPayload View(Story.Happened happened) => new()
    {
        Run = _parts.Started,
        Seq = happened.Seq,
        At = happened.Event.At,
        Severity = happened.Event.Severity.ToString(),
        Code = happened.Event.Code,
        Subject = happened.Event.Subject,
        Text = happened.Event.Text,
    };

    private static MqttOptions Options(MqttSettings settings, Uri broker, Topics topics) => new()
    {
        Broker = broker,
        ClientId = settings.ClientId,
        Username = settings.Username,
        Password = settings.Password,
        CaFile = settings.CaFile,
        CertificateFile = settings.CertificateFile,
        KeyFile = settings.KeyFile,
        KeepAlive = TimeSpan.FromSeconds(settings.KeepAliveSeconds),
        SessionExpiry = SessionExpiry,
        Will = Retained(topics.Status, Topics.Offline),
        EventLimit = settings.EventLimit + ExtraMessages,
    };

    private static MqttMessage Retained(string topic, string word) => new(topic, Encoding.UTF8.GetBytes(word)) { Retain = true };

    private void Changed(Uri broker, MqttLink link)
    {
        LinkIs(broker, link.State, link.Why);
        var (severity, code) = link.State switch
        {
            MqttState.Online => (Severity.Info, "MqttOnline"),
            MqttState.Offline => (Severity.Warning, "MqttOffline"),
            MqttState.Refused => (Severity.Error, "MqttRefused"),
            MqttState.Unavailable => (Severity.Error, "MqttUnavailable"),
            _ => (Severity.Info, ""),
        };
        if (code.Length > 0)
            _pacing.Make(severity, code, "broker", link.State is MqttState.Online ? $"{broker.Host} is reached (MQTT {link.Version})." : $"{broker.Host}: {link.Why}");
    }

    /// <summary>Nothing is dropped in silence (FIELD pain 9).</summary>
    private void TellDropped(MqttConnection connection)
    {
        var dropped = connection.Link.Dropped + _droppedBefore + _desk.Dropped;
        if (dropped > _droppedTold && _pacing.Make(Severity.Warning, "MqttDropped", "broker", $"{dropped - _droppedTold} events or sessions were dropped, because too many waited for the broker."))
            _droppedTold = dropped;
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(pause, _clock, stopping);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "MQTT {Broker}: {State} {Why}")]
    private partial void LinkIs(Uri broker, MqttState state, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Topic} cannot be published: a limit of MQTT is broken by its name, its {Bytes} bytes or the number of topics")]
    private partial void NotPublished(string topic, int bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "MQTT stumbled and goes on")]
    private partial void Stumbled(Exception failure);
}
