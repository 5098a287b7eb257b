namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>One line and its worker, a thread of its own that asks one unit at a time. Nothing that a device does ends it (FIELD pain 5). It runs while somebody holds a unit.</summary>
internal sealed class ModbusBus(ModbusTransport transport, TimeProvider clock, Random jitter) : IAsyncDisposable
{
    /// <summary>Requests that wait; further ones are refused.</summary>
    public const int MostWaiting = 512;
    public static readonly TimeSpan LeastResponse = TimeSpan.FromMilliseconds(1);
    public static readonly TimeSpan MostResponse = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan MostGap = TimeSpan.FromSeconds(5);

    /// <summary>How often an idle worker goes round.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly BusQueue _queue = new();
    private readonly Reconnect _reconnect = new(transport.Wire, jitter);
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _begin = clock.GetTimestamp();
    private IModbusLine? _line;
    private Task _worker = Task.CompletedTask;
    private bool _runs;
    private bool _open;
    private bool _proved;
    private string? _remark;
    private long _requests, _failures, _openings;
    private TimeSpan _progress;

    public ModbusTransport Transport => transport;

    public LineWitness Witness { get; } = new(clock);

    /// <summary>Nobody uses it, and its line is closed.</summary>
    public bool IsGone
    {
        get
        {
            lock (_gate)
                return !_runs && _queue.Holders == 0 && !Witness.Watched;
        }
    }

    private TimeSpan Now => clock.GetElapsedTime(_begin);

    public void Hold(byte unit)
    {
        lock (_gate)
        {
            _queue.Hold(unit);
            // Made now, though opened later: it takes its descriptor while low numbers are left (LowDescriptor).
            _line ??= transport.Wire == ModbusWire.Tcp ? new TcpLine(transport, Witness, _stopping.Token) : new RtuLine(transport, Witness, _stopping.Token);
        }
    }

    public void Release(byte unit)
    {
        lock (_gate)
        {
            _queue.Release(unit);
            if (!_runs && _queue.Holders == 0)
                End();
            Monitor.PulseAll(_gate);
        }
    }

    public Task<ModbusAnswer> SubmitAsync(ModbusRequest request, ModbusTiming timing, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<ModbusAnswer>(cancellationToken);
        var pending = new PendingRequest(request, Bounded(timing), Now);
        lock (_gate)
        {
            if (Refuse(request) is { } refused)
                return Task.FromResult(refused);
            _queue.Add(pending);
            if (!_runs)
                Start();
            Monitor.PulseAll(_gate);
        }
        return cancellationToken.CanBeCanceled ? CancellableAsync(pending, cancellationToken) : pending.Answered;
    }

    public ModbusBusFigures Figures()
    {
        lock (_gate)
        {
            var now = Now;
            return new()
            {
                Transport = transport,
                Open = _open,
                Why = _open ? null : _reconnect.Why,
                Remark = _remark,
                Requests = _requests,
                Failures = _failures,
                Openings = _openings,
                StrayBytes = Witness.StrayBytes,
                LateAnswers = Witness.LateAnswers,
                Waiting = _queue.Count,
                Resting = [.. _queue.Units.Where(u => u.Rest.Rests).OrderBy(u => u.Number)
                    .Select(u => new RestingUnit(u.Number, u.Rest.Silences, u.Rest.Until > now ? u.Rest.Until - now : TimeSpan.Zero))],
                SinceProgress = _runs ? now - _progress : TimeSpan.Zero,
            };
        }
    }

    /// <summary>Whoever waits is answered at once; the worker ends as soon as the system lets it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task worker;
        lock (_gate)
        {
            AnswerAll(_queue.Drain(), Closing);
            if (!_runs)
                End();
            Monitor.PulseAll(_gate);
            worker = _worker;
        }
        await worker;
        _stopping.Dispose();
    }

    private static ModbusAnswer Closing => ModbusAnswer.Failed(ModbusFault.NotSent, "the bus is being closed");

    private static void AnswerAll(IReadOnlyList<PendingRequest> requests, ModbusAnswer answer)
    {
        foreach (var request in requests)
            request.Answer(answer);
    }

    private static ModbusTiming Bounded(ModbusTiming timing) => timing with
    {
        Response = TimeSpan.FromTicks(Math.Clamp(timing.Response.Ticks, LeastResponse.Ticks, MostResponse.Ticks)),
        Gap = TimeSpan.FromTicks(Math.Clamp(timing.Gap.Ticks, 0, MostGap.Ticks)),
    };

    private async Task<ModbusAnswer> CancellableAsync(PendingRequest pending, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister((_, token) => Cancel(pending, token), null);
        return await pending.Answered;
    }

    /// <summary>What is on the line goes to its end, so that its answer is nobody else's; only nobody waits for it.</summary>
    private void Cancel(PendingRequest pending, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_queue.Remove(pending))
            {
                var unit = _queue.Of(pending.Request.Unit);
                unit.Rest.NotAsked();
                _queue.ForgetIfUnused(unit);
            }
        }
        pending.Cancel(cancellationToken);
    }

    /// <summary>What is answered without the line.</summary>
    private ModbusAnswer? Refuse(ModbusRequest request)
    {
        if (_stopping.IsCancellationRequested)
            return Closing;
        if (request.Fault(transport.Wire) is { } fault)
            return ModbusAnswer.Failed(ModbusFault.NotSent, fault);
        if (_queue.Count >= MostWaiting)
            return ModbusAnswer.Failed(ModbusFault.NotSent, $"{MostWaiting} requests wait for this line already");
        var now = Now;
        if (!_open && _reconnect.Waits(now))
            return LineTrouble.NoLine(_reconnect.Why!);
        var rest = _queue.Of(request.Unit).Rest;
        return rest.Lets(now) ? null : Resting(request.Unit, rest, now);
    }

    private static ModbusAnswer Resting(byte unit, UnitRest rest, TimeSpan now) => ModbusAnswer.Failed(
        ModbusFault.Resting,
        $"unit {unit} did not answer {rest.Silences} times; asked again {(rest.Until > now ? $"in {Math.Ceiling((rest.Until - now).TotalSeconds):0} s" : "now")}");

    private void Start()
    {
        _runs = true;
        _progress = Now;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _worker = ended.Task;
        new Thread(() =>
        {
            Work();
            ended.SetResult();
        })
        { IsBackground = true, Name = $"modbus {transport}" }.Start();
    }

    private void Work()
    {
        while (Take() is { } pending)
        {
            ModbusAnswer answer;
            try
            {
                answer = Turn(pending);
            }
            catch (Exception e)
            {
                // The loop is the bus: whatever this was, it costs one request and the line, and is told to the one who asked.
                answer = LineTrouble.NoLine($"{transport}: {LineTrouble.OfException(e)}");
                Lose(answer);
            }
            Settle(pending, answer);
            pending.Answer(_stopping.IsCancellationRequested && answer.Failure is { Fault: ModbusFault.NoLine } ? Closing : answer);
        }
    }

    /// <returns>Null when nobody holds a unit any more, or the bus is to stop: the worker is over.</returns>
    private PendingRequest? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                _progress = Now;
                if (_stopping.IsCancellationRequested || (_queue.Holders == 0 && _queue.Count == 0))
                {
                    End();
                    return null;
                }
                if (_queue.Next(LineTime.Now, out var wait) is { } next)
                    return next;
                Monitor.Wait(_gate, wait < Round ? wait.Value + TimeSpan.FromMilliseconds(1) : Round);
            }
        }
    }

    private void End()
    {
        AnswerAll(_queue.Drain(), Closing);
        _line?.Dispose();
        _line = null;
        (_open, _runs) = (false, false);
    }

    private ModbusAnswer Turn(PendingRequest pending)
    {
        bool probes;
        lock (_gate)
            probes = _queue.Of(pending.Request.Unit).Rest.Rests;
        var fresh = !_line!.IsOpen;
        if (fresh && !TryOpen(out var why))
            return Lose(LineTrouble.NoLine(why));
        var answer = _line.Ask(pending.Request, pending.Timing, probes);
        // A line that has worked may have been closed by the other side since, or the adapter pulled: one new line, and the same question (a write
        // says what is to be, so that it may arrive twice).
        if (answer.Failure?.Fault == ModbusFault.NoLine && !fresh && _proved && !_stopping.IsCancellationRequested)
        {
            _line.Close();
            if (!TryOpen(out why))
                return Lose(LineTrouble.NoLine(why));
            answer = _line.Ask(pending.Request, pending.Timing, probes);
        }
        return answer.Failure?.Fault == ModbusFault.NoLine ? Lose(answer) : answer;
    }

    private bool TryOpen(out string why)
    {
        why = _line!.TryOpen() ?? "";
        lock (_gate)
        {
            _open = _line.IsOpen;
            _openings += _open ? 1 : 0;
            _remark = _line.Remark ?? _remark;
        }
        return _line.IsOpen;
    }

    /// <summary>Everybody who waits hears the same, and nobody tries for a while: no hot loop over a device that is gone.</summary>
    private ModbusAnswer Lose(ModbusAnswer answer)
    {
        _line?.Close();
        lock (_gate)
        {
            (_open, _proved) = (false, false);
            _reconnect.Failed(Now, answer.Failure!.Text);
            foreach (var waiting in _queue.Drain())
            {
                _queue.Of(waiting.Request.Unit).Rest.NotAsked();
                waiting.Answer(answer);
            }
        }
        return answer;
    }

    private void Settle(PendingRequest pending, ModbusAnswer answer)
    {
        lock (_gate)
        {
            var (now, fault) = (Now, answer.Failure?.Fault);
            var unit = _queue.Of(pending.Request.Unit);
            (unit.Served, unit.Turn) = (now, ++_requests);
            _failures += fault is null or ModbusFault.Refused ? 0 : 1;
            if (fault is null or ModbusFault.Refused)
            {
                unit.Rest.Answered();
                _reconnect.Proved();
                _proved = true;
            }
            else if (fault is ModbusFault.Silent or ModbusFault.Garbled)
            {
                unit.Rest.Silent(now);
                if (unit.Rest.Rests)
                    AnswerAll(_queue.Drain(unit.Number), Resting(unit.Number, unit.Rest, now));
            }
            else
            {
                unit.Rest.NotAsked();
            }
            unit.NotBefore = LineTime.Now + Pause(pending.Timing, fault);
            _queue.ForgetIfUnused(unit);
        }
    }

    /// <summary>On serial lines the silence after an answer is the line's own business; a unit that stayed silent is left alone for twice its time, so that a late answer meets no question.
    /// Over TCP late answers die with their connection.</summary>
    private TimeSpan Pause(ModbusTiming timing, ModbusFault? fault) =>
        transport.Wire == ModbusWire.Tcp ? timing.Gap : fault is ModbusFault.Silent or ModbusFault.Garbled ? 2 * timing.Response : TimeSpan.Zero;
}
