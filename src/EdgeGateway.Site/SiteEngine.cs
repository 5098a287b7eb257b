using System.Collections.Immutable;
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

    /// <summary>Inputs in one transaction, at most.</summary>
    public const int BatchLimit = 256;

    /// <summary>So many go together whenever they wait; of more, half stays behind for the next turn. Chargers that were all answered at once would all
    /// speak at once, and one core would wait for the other: two groups that take turns keep the disk and the wires busy side by side.</summary>
    private const int WholeBatch = 32;

    private readonly ISiteJournal _journal;
    private readonly TimeProvider _clock;
    private readonly Poison _poison;

    /// <summary>Outcomes of orders that are remembered, so that a repeated command hears the same (K8).</summary>
    public const int OutcomeLimit = 1024;

    /// <summary>Inputs of a batch that failed which are tried alone and fail too, in a row, before it is the disk's fault and not theirs.</summary>
    private const int FailuresInARow = 2;

    /// <summary>The wall clock may drift this much from the monotonic one between two looks before it counts as a jump.</summary>
    private static readonly TimeSpan JumpLimit = TimeSpan.FromSeconds(5);

    private readonly Channel<Waiting> _inbox = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(InboxLimit) { SingleReader = true });
    private readonly ConcurrentDictionary<long, TaskCompletionSource<OrderSettled>> _outcomes = new();
    private readonly ConcurrentQueue<long> _outcomesByAge = new();
    private readonly Lock _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private ImmutableArray<Action<Turn>> _watchers = [];
    private IChargers? _chargers;
    private SiteState _state;
    private TaskCompletionSource? _publication;
    private Task? _loop;
    private ITimer? _tick;
    private long _turns;
    private (DateTimeOffset Wall, long Ticks) _lastLook;
    private TimeSpan _jumped;

    public SiteEngine(SiteState state, ISiteJournal journal, TimeProvider clock)
    {
        _state = state;
        _journal = journal;
        _clock = clock;
        _poison = new(clock);
    }

    /// <summary>The site as it is on disk. Immutable: readers need no lock.</summary>
    public SiteState State => Volatile.Read(ref _state);

    /// <summary>Completes when whatever could be seen on disk before the call is in <see cref="State"/> too. A commit is visible to readers of the disk a
    /// moment before its state is published; who found something there and then reads the state awaits this in between.</summary>
    public Task PublishedAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _publication)?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Turns committed since the start: proof of progress for the watchdog.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    /// <summary>Why the last commit failed; null while all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Called on the engine's loop after each commit; must be quick and must not throw.</summary>
    public void Watch(Action<Turn> watcher) => ImmutableInterlocked.Update(ref _watchers, static (all, one) => all.Add(one), watcher);

    /// <param name="chargers">Who carries out orders.</param>
    /// <param name="tick">How often time-driven rules are looked at; they cost nothing when none is due.</param>
    public void Start(IChargers chargers, TimeSpan? tick = null)
    {
        _chargers = chargers;
        _inbox.Writer.TryWrite(new(new GatewayStarted()));
        _inbox.Writer.TryWrite(new(new Configure(State.Configuration)));
        _lastLook = (_clock.GetUtcNow(), _clock.GetTimestamp());
        _loop = Task.Run(RunAsync);
        var period = tick ?? TimeSpan.FromSeconds(1);
        _tick = _clock.CreateTimer(_ => Tick(), null, period, period);
    }

    /// <summary>Hands in a report; completes when it is on disk. Throws <see cref="NotRecordedException"/> when it could not be: the sender's line must drop.</summary>
    public Task<TAnswer> ReportAsync<TAnswer>(Report<TAnswer> report, CancellationToken cancellationToken) => SubmitAsync<TAnswer>(report, cancellationToken);

    /// <inheritdoc cref="ReportAsync"/>
    public Task<TAnswer> RequestAsync<TAnswer>(Request<TAnswer> request, CancellationToken cancellationToken) =>
        SubmitAsync<TAnswer>(request, cancellationToken);

    /// <summary>How the charger answered the order of a grant.</summary>
    /// <exception cref="OperationCanceledException">The caller's patience ended first.</exception>
    public Task<OrderSettled> OutcomeAsync(long orderId, CancellationToken cancellationToken) => OutcomeOf(orderId).Task.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_tick is not null)
            await _tick.DisposeAsync();
        if (!_inbox.Writer.TryComplete())
            return;
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
            // A jump of the clock comes before all that would be judged by it (I15).
            if (TakeJump() is { } jump)
                batch.Add(new(new ClockJumped(jump)));
            var most = Math.Clamp(_inbox.Reader.Count / 2, WholeBatch, BatchLimit);
            while (batch.Count < most && _inbox.Reader.TryRead(out var waiting))
                batch.Add(waiting);
            if (await TakeTurnAsync(batch) is not { } failure)
                continue;
            if (batch.Count == 1 && failure is not CdrFrozenException)
                await TakeFailedAsync(batch[0], failure);
            else
                await TakeEachAloneAsync(batch);
        }
    }

    /// <summary>One input that no rule expected, or that the journal cannot write, must not cost the others theirs: the culprit fails by itself.</summary>
    private async Task TakeEachAloneAsync(List<Waiting> batch)
    {
        var failures = 0;
        Exception? last = null;
        foreach (var waiting in batch)
        {
            if (failures >= FailuresInARow)
            {
                Fail(waiting, last!);
                continue;
            }
            last = await TakeTurnAsync([waiting]);
            // What was sent in that moment is known to be sent now.
            if (last is CdrFrozenException)
                last = await TakeTurnAsync([waiting]);
            failures = last is null or RuleFailedException ? 0 : failures + 1;
            if (last is not null)
                await TakeFailedAsync(waiting, last);
        }
    }

    /// <summary>Null when it is on disk, published and answered; else why not, and nobody has been told anything.</summary>
    private async Task<Exception?> TakeTurnAsync(List<Waiting> batch)
    {
        Turn turn;
        try
        {
            turn = await DecideAsync(batch);
            if (!turn.IsEmpty)
            {
                Volatile.Write(ref _publication, new(TaskCreationOptions.RunContinuationsAsynchronously));
                await _journal.CommitAsync(turn, _stopping.Token);
            }
        }
        catch (Exception failure)
        {
            _publication?.TrySetResult();
            return failure;
        }
        Trouble = null;
        Volatile.Write(ref _state, turn.Next);
        _publication?.TrySetResult();
        Interlocked.Increment(ref _turns);
        foreach (var watcher in _watchers)
            watcher(turn);
        for (var i = 0; i < batch.Count; i++)
        {
            if (turn.Answers[i] is OrderSettled settled)
                OutcomeOf(settled.OrderId).TrySetResult(settled);
            batch[i].Complete(turn.Answers[i]);
        }
        foreach (var order in turn.Orders)
            _ = Task.Run(() => CarryOutAsync(order));
        return null;
    }

    private async ValueTask<Turn> DecideAsync(List<Waiting> batch)
    {
        var inputs = batch.ConvertAll(static w => w.Input);
        var keys = _state.Unremembered(inputs);
        var recalled = keys.Count == 0 ? Recalled.Nothing : await _journal.RecallAsync(keys, _stopping.Token);
        try
        {
            return _state.Handle(inputs, recalled, _clock.GetUtcNow());
        }
        catch (Exception failure)
        {
            throw new RuleFailedException(failure);
        }
    }

    /// <summary>A message that was tried alone and cannot be recorded fails, until it has done so too often: then it is set aside, and answered.</summary>
    private async Task TakeFailedAsync(Waiting waiting, Exception failure)
    {
        if (_poison.AnswerOf(waiting.Input) is { } answer)
            waiting.Complete(answer);
        else if (_poison.Count(waiting.Input, failure, failure is RuleFailedException, Turns) is { } poison && await TakeTurnAsync([waiting.As(poison)]) is null)
            _poison.Parked(poison, await waiting.Answer);
        else
            Fail(waiting, failure);
    }

    /// <summary>The old state stays in force; whoever waits drops his line, and the message comes again to a site that recognises a repeat.</summary>
    private void Fail(Waiting waiting, Exception failure)
    {
        Trouble = failure.Message;
        if (waiting.Input is ClockJumped jump)
        {
            lock (_time)
                _jumped += jump.By;
        }
        waiting.Fail(new NotRecordedException("The message could not be recorded.", failure));
    }

    /// <summary>Off the loop: a charger that is slow holds up nobody but the one who asked.</summary>
    private async Task CarryOutAsync(Order order)
    {
        OrderResult result;
        try
        {
            result = await _chargers!.CarryOutAsync(order, _stopping.Token);
        }
        catch (Exception failure)
        {
            // Whoever waits for the outcome hears that there is one.
            result = new(OrderOutcome.Failed, failure.GetType().Name);
        }
        try
        {
            await ReportAsync(new OrderSettled(order.Id, result.Outcome, result.Detail, result.Limits), _stopping.Token);
        }
        catch (Exception e) when (e is NotRecordedException or OperationCanceledException or ObjectDisposedException)
        {
            // An outcome is a moment, not state: what it would have changed runs out by itself.
        }
    }

    private TaskCompletionSource<OrderSettled> OutcomeOf(long orderId) => _outcomes.GetOrAdd(orderId, id =>
    {
        _outcomesByAge.Enqueue(id);
        if (_outcomesByAge.Count > OutcomeLimit && _outcomesByAge.TryDequeue(out var oldest))
            _outcomes.TryRemove(oldest, out _);
        return new(TaskCreationOptions.RunContinuationsAsynchronously);
    });

    private void Tick()
    {
        bool jumped;
        lock (_time)
        {
            LookAtClock();
            jumped = _jumped != TimeSpan.Zero;
        }
        // With a full inbox the loop is awake anyway, and the next tick comes soon.
        if (jumped || State.IsDue(_clock.GetUtcNow()))
            _inbox.Writer.TryWrite(new(TimePassed.Instance));
    }

    private TimeSpan? TakeJump()
    {
        lock (_time)
        {
            LookAtClock();
            var jump = _jumped;
            _jumped = TimeSpan.Zero;
            return jump == TimeSpan.Zero ? null : jump;
        }
    }

    private void LookAtClock()
    {
        var (wall, ticks) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        var jump = wall - _lastLook.Wall - _clock.GetElapsedTime(_lastLook.Ticks, ticks);
        _lastLook = (wall, ticks);
        if (jump.Duration() > JumpLimit)
            _jumped += jump;
    }

    /// <summary>A fault of ours, not of the disk.</summary>
    private sealed class RuleFailedException(Exception inner) : Exception(inner.Message, inner);

    private sealed class Waiting(SiteInput input)
    {
        private TaskCompletionSource<object> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SiteInput Input { get; } = input;
        public Task<object> Answer => _answer.Task;

        /// <summary>Another input, whose answer goes to whoever waits for this one's.</summary>
        public Waiting As(SiteInput other) => new(other) { _answer = _answer };

        public void Complete(object answer) => _answer.TrySetResult(answer);

        public void Fail(Exception failure) => _answer.TrySetException(failure);
    }
}

/// <summary>An input is not on disk, so it must not be answered.</summary>
public sealed class NotRecordedException(string message, Exception? inner = null) : Exception(message, inner);
