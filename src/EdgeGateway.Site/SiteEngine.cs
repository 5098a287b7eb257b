using System.Collections.Concurrent;
using System.Threading.Channels;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site;

/// <summary>The one writer: takes what waits, lets the state decide, commits, and only then publishes, answers and gives orders.</summary>
public sealed class SiteEngine : IAsyncDisposable
{
    /// <summary>Inputs that may wait; beyond it the senders wait (a full inbox slows the sender down).</summary>
    public const int InboxLimit = 4096;

    /// <summary>Inputs in one transaction.</summary>
    public const int BatchLimit = 256;

    private readonly ISiteJournal _journal;
    private readonly TimeProvider _clock;
    private readonly Channel<Waiting> _inbox = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(InboxLimit) { SingleReader = true });
    private readonly ConcurrentDictionary<long, TaskCompletionSource<OrderSettled>> _outcomes = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Action<Turn>> _watchers = [];
    private IChargers? _chargers;
    private SiteState _state;
    private Task? _loop;
    private ITimer? _tick;
    private long _turns;

    public SiteEngine(SiteState state, ISiteJournal journal, TimeProvider clock)
    {
        _state = state;
        _journal = journal;
        _clock = clock;
    }

    /// <summary>The site as it is on disk. Immutable: readers need no lock.</summary>
    public SiteState State => Volatile.Read(ref _state);

    /// <summary>Turns committed since the start: proof of progress for the watchdog.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    /// <summary>Why the last commit failed; null while all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Called on the engine's loop after each commit; must be quick and must not throw. Register before <see cref="Start"/>.</summary>
    public void Watch(Action<Turn> watcher) => _watchers.Add(watcher);

    /// <param name="chargers">Who carries out orders.</param>
    /// <param name="tick">How often time-driven rules are looked at; they cost nothing when none is due.</param>
    public void Start(IChargers chargers, TimeSpan? tick = null)
    {
        _chargers = chargers;
        _loop = Task.Run(RunAsync);
        var period = tick ?? TimeSpan.FromSeconds(1);
        _tick = _clock.CreateTimer(_ => { if (State.IsDue(_clock.GetUtcNow())) _inbox.Writer.TryWrite(new(TimePassed.Instance)); }, null, period, period);
    }

    /// <summary>Hands in a report; completes when it is on disk. Throws <see cref="NotRecordedException"/> when it could not be: the sender's line must drop.</summary>
    public Task<TAnswer> ReportAsync<TAnswer>(Report<TAnswer> report, CancellationToken cancellationToken) => SubmitAsync<TAnswer>(report, cancellationToken);

    /// <inheritdoc cref="ReportAsync"/>
    public Task<TAnswer> RequestAsync<TAnswer>(Request<TAnswer> request, CancellationToken cancellationToken) =>
        SubmitAsync<TAnswer>(request, cancellationToken);

    /// <summary>How the charger answered an order of a grant. Ask once, right after the grant.</summary>
    /// <exception cref="OperationCanceledException">The caller's patience ended; the outcome is then nobody's.</exception>
    public async Task<OrderSettled> OutcomeAsync(long orderId, CancellationToken cancellationToken)
    {
        var outcome = _outcomes.GetOrAdd(orderId, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            return await outcome.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _outcomes.TryRemove(orderId, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_tick is not null)
            await _tick.DisposeAsync();
        _inbox.Writer.TryComplete();
        if (_loop is not null)
            await _loop;
        await _stopping.CancelAsync();
        _stopping.Dispose();
    }

    private async Task<TAnswer> SubmitAsync<TAnswer>(SiteInput input, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(input);
        try
        {
            await _inbox.Writer.WriteAsync(waiting, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new NotRecordedException("The gateway is stopping.");
        }
        return (TAnswer)await waiting.Answer;
    }

    private async Task RunAsync()
    {
        var batch = new List<Waiting>(BatchLimit);
        while (await _inbox.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < BatchLimit && _inbox.Reader.TryRead(out var waiting))
                batch.Add(waiting);
            await TakeTurnAsync(batch);
        }
    }

    private async Task TakeTurnAsync(List<Waiting> batch)
    {
        Turn turn;
        try
        {
            var inputs = batch.ConvertAll(static w => w.Input);
            var keys = _state.Unremembered(inputs);
            var recalled = keys.Count == 0 ? [] : await _journal.RecallAsync(keys, _stopping.Token);
            turn = _state.Handle(inputs, recalled, _clock.GetUtcNow());
            if (!turn.IsEmpty)
                await _journal.CommitAsync(turn, _stopping.Token);
        }
        catch (Exception failure)
        {
            // The old state stays in force; whoever waits drops his line, and the message comes again to a site that recognises a repeat.
            Trouble = failure.Message;
            foreach (var waiting in batch)
                waiting.Fail(new NotRecordedException("The message could not be recorded.", failure));
            return;
        }
        Trouble = null;
        Volatile.Write(ref _state, turn.Next);
        Interlocked.Increment(ref _turns);
        foreach (var watcher in _watchers)
            watcher(turn);
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch[i].Input is OrderSettled settled && _outcomes.TryGetValue(settled.OrderId, out var outcome))
                outcome.TrySetResult(settled);
            batch[i].Complete(turn.Answers[i]);
        }
        foreach (var order in turn.Orders)
            _ = CarryOutAsync(order);
    }

    /// <summary>Off the loop: a charger that is slow holds up nobody but the one who asked.</summary>
    private async Task CarryOutAsync(Order order)
    {
        _outcomes.TryAdd(order.Id, new(TaskCreationOptions.RunContinuationsAsynchronously));
        var (outcome, detail) = await _chargers!.CarryOutAsync(order, _stopping.Token);
        try
        {
            await ReportAsync(new OrderSettled(order.Id, outcome, detail), _stopping.Token);
        }
        catch (Exception e) when (e is NotRecordedException or OperationCanceledException)
        {
            // An outcome is a moment, not state: what it would have changed runs out by itself.
        }
    }

    private sealed class Waiting(SiteInput input)
    {
        private readonly TaskCompletionSource<object> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SiteInput Input { get; } = input;
        public Task<object> Answer => _answer.Task;

        public void Complete(object answer) => _answer.TrySetResult(answer);

        public void Fail(Exception failure) => _answer.TrySetException(failure);
    }
}

/// <summary>An input is not on disk, so it must not be answered.</summary>
public sealed class NotRecordedException(string message, Exception? inner = null) : Exception(message, inner);
