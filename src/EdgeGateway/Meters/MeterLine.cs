using System.Globalization;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Meters;

/// <summary>What a line needs of what is around it.</summary>
/// <param name="Told">After each reading, and when a meter falls silent.</param>
/// <param name="Failed">A fault of ours, for the log.</param>
internal sealed record MeterSurroundings(TimeProvider Clock, MeterRemarks Remarks, Action<MeterReading> Told, Action<string, Exception> Failed);

/// <summary>One meter, read at its pace for as long as it is configured. Nothing ends the loop but its disposal (FIELD pain 5).</summary>
internal sealed class MeterLine : IAsyncDisposable
{
    /// <summary>A reading older than so many periods is stale.</summary>
    public const int StalePeriods = 3;

    /// <summary>But not sooner: at a fast pace one late answer is no silence.</summary>
    public static readonly TimeSpan LeastStale = TimeSpan.FromSeconds(2);

    /// <summary>When a silent meter is worth an event. What the site draws from the grid must not be unknown for long (FIELD pain 15).</summary>
    public static readonly TimeSpan GridSilent = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan StationSilent = TimeSpan.FromSeconds(60);

    /// <summary>After so many readings in a row without an answer nobody waits for another.</summary>
    public const int SilentRequests = 2;

    /// <summary>So many readings in a row that cannot be are worth an event; one is a glitch.</summary>
    public const int ImplausibleReadings = 3;

    /// <summary>A charger's message waits for what its meter shows, and the charger for the answer to its message.</summary>
    public static readonly TimeSpan NowPatience = TimeSpan.FromSeconds(1);

    /// <summary>A reading that is no older is as good as a new one.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    /// <summary>A device that was exchanged without ever missing a beat is noticed by then.</summary>
    public static readonly TimeSpan IdentityPeriod = TimeSpan.FromHours(1);

    private readonly MeterSurroundings _around;
    private readonly IModbusUnit _unit;
    private readonly DeviceReader _reader;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _one = new(1);
    private readonly Lock _lock = new();
    private readonly (DateTimeOffset Wall, long Stamp) _began;
    private Task _loop = Task.CompletedTask;
    private Task? _fresh;
    private long? _answered;
    private long? _identified;
    private long _newest;
    private long _beats;
    private long _first;
    private long _dueTicks;
    private ModbusFailure? _failure;
    private string? _implausible;
    private int _implausibles;
    private int _silences;
    private bool _silenceTold;

    public MeterLine(MeterOptions options, MeterMemory memory, IModbusUnit unit, MeterSurroundings around)
    {
        (Options, Memory, _unit, _around) = (options, memory, unit, around);
        _reader = new(unit, options.Template);
        _began = (around.Clock.GetUtcNow(), around.Clock.GetTimestamp());
    }

    public MeterOptions Options { get; }
    public MeterMemory Memory { get; }

    /// <summary>Grows with each beat: a loop whose beats stand still for long is stuck.</summary>
    public long Beats => Interlocked.Read(ref _beats);

    /// <summary>A reading is due and has not ended.</summary>
    public bool IsDue => Elapsed(_first).Ticks >= Interlocked.Read(ref _dueTicks);

    /// <summary>It ended, though nobody ended it.</summary>
    public bool HasDied => _loop.IsCompleted && !_ending.IsCancellationRequested;

    /// <summary>What is known now; its quality is of this moment.</summary>
    public MeterReading Newest
    {
        get
        {
            lock (_lock)
                return Judge();
        }
    }

    /// <summary>It makes no sense to wait for it: its line is gone, or it was asked more than once in vain. A single answer that was lost is no silence.</summary>
    public bool IsSilent
    {
        get
        {
            lock (_lock)
            {
                return _failure is { Fault: ModbusFault.NoLine or ModbusFault.Resting or ModbusFault.NotSent } || _silences >= SilentRequests
                    || (_answered is { } answered && Elapsed(answered) > StaleAfter);
            }
        }
    }

    private TimeSpan StaleAfter => Options.Period * StalePeriods is var periods && periods > LeastStale ? periods : LeastStale;

    private TimeSpan SilentAfter => (Options.Meter.Role == MeterRole.Grid ? GridSilent : StationSilent) is var least && StaleAfter > least ? StaleAfter : least;

    /// <param name="after">When the first reading is: those of one bus take turns.</param>
    public void Start(TimeSpan after)
    {
        (_first, _dueTicks) = (_around.Clock.GetTimestamp(), after.Ticks);
        _loop = Task.Run(() => RunAsync(after, _ending.Token));
    }

    /// <summary>Everything the device has, read now. Waits for its turn.</summary>
    public async Task<DeviceReading> ReadAllAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await _reader.ReadAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Has the import register read now; completes when it has been, or could not be. Who asks at the same time shares one reading.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        Task fresh;
        lock (_lock)
        {
            if (Memory.Values is not null && Elapsed(_newest) < Fresh)
                return;
            fresh = _fresh is { IsCompleted: false } going ? going : _fresh = Task.Run(FreshAsync, CancellationToken.None);
        }
        try
        {
            await fresh.WaitAsync(NowPatience, _around.Clock, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // What is known from before must do; the answer still counts when it comes.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await Task.WhenAll(_loop, _fresh ?? Task.CompletedTask).WaitAsync(NowPatience, _around.Clock);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            // A request that is on the wire ends by itself.
        }
        (_unit as IDisposable)?.Dispose();
    }

    private async Task RunAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        var clock = _around.Clock;
        var beat = 0L;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                // By the count of periods and not from one beat to the next, so that nothing drifts; beats that were missed are not made up for.
                var wait = after + (Options.Period * beat) - Elapsed(_first);
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, clock, cancellationToken);
                await BeatAsync(isWhole: true, cancellationToken);
                _around.Told(Newest);
                TellTroubles();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                lock (_lock)
                    _failure = new(ModbusFault.NotSent, $"a fault of the gateway's own: {fault.Message}");
                _around.Failed(Options.Id, fault);
            }
            Interlocked.Increment(ref _beats);
            beat = Math.Max(beat + 1, (long)Math.Ceiling((Elapsed(_first) - after) / Options.Period));
            Interlocked.Exchange(ref _dueTicks, (after + (Options.Period * beat)).Ticks);
        }
    }

    private async Task FreshAsync()
    {
        try
        {
            await BeatAsync(isWhole: false, _ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Nobody reads this meter any more.
        }
        catch (Exception fault)
        {
            _around.Failed(Options.Id, fault);
        }
    }

    /// <param name="isWhole">All that is measured, else the import register alone.</param>
    private async Task BeatAsync(bool isWhole, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_identified is null || Elapsed(_identified.Value) > IdentityPeriod)
                await IdentifyAsync(cancellationToken);
            if (_identified is not null)
                Take(await _reader.ReadAsync(isWhole ? MeterValues.Measured : MeterValues.Energy, cancellationToken), isWhole);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Which device answers, before anything of it is believed: another one counts from somewhere else.</summary>
    private async Task IdentifyAsync(CancellationToken cancellationToken)
    {
        DeviceReading? reading = null;
        if (Options.Template.Points.IsEmpty || Options.Template.Points.Any(static p => MeterValues.Identity.Contains(p.Quantity)))
        {
            reading = await _reader.ReadAsync(MeterValues.Identity, cancellationToken);
            // A device that refuses to say who it is may measure all the same.
            if (reading is { Values.IsEmpty: true, Failure: { Fault: not ModbusFault.Refused } failure })
            {
                Fail(failure);
                return;
            }
        }
        var (serial, model) = reading is null ? (null, null) : (MeterValues.SerialOf(reading), MeterValues.ModelOf(reading));
        string? exchanged = null;
        lock (_lock)
        {
            if (Memory.Template is { } former && former != Options.Template.Id)
                exchanged = $"it is read as {Options.Template.Id} now, it was as {former}; its count begins anew";
            else if (Memory.Serial is { } known && serial is not null && serial != known)
                exchanged = $"a device with the serial number {serial} answers now, it was {known}; its count begins anew";
            if (exchanged is not null)
                Memory.Exchange();
            Memory.Template = Options.Template.Id;
            Memory.Serial = serial ?? Memory.Serial;
            Memory.Model = model ?? Memory.Model;
            _identified = _around.Clock.GetTimestamp();
        }
        if (exchanged is not null)
            _around.Remarks.Make(Severity.Warning, "MeterExchanged", Options.Id, exchanged);
    }

    private void Take(DeviceReading reading, bool isWhole)
    {
        CountVerdict? verdict = null;
        lock (_lock)
        {
            if (reading.Values.IsDefaultOrEmpty)
            {
                Fail(reading.Failure ?? new(ModbusFault.Silent, "it told nothing"));
                return;
            }
            var (now, stamp) = (_around.Clock.GetUtcNow(), _around.Clock.GetTimestamp());
            var energy = MeterValues.EnergyOf(reading);
            if (energy is null && reading.Failure is not null && MeterValues.Counts(Options.Template))
            {
                Fail(reading.Failure);
                return;
            }
            (_failure, _silences, _answered) = (null, 0, stamp);
            verdict = energy is null ? null : Memory.Count.Judge(energy.Number, _began.Wall + _around.Clock.GetElapsedTime(_began.Stamp, stamp), energy.Point);
            var values = isWhole ? MeterValues.Of(Options, Memory, reading, now, verdict?.EnergyWh) : null;
            _implausible = verdict?.Trouble ?? (energy is null && isWhole && !Options.Template.IsSunSpec && MeterValues.Counts(Options.Template)
                ? $"it does not have the energy register that {Options.Template.Id} names: is it another device?"
                : null) ?? (values?.PowerW is { } power && Math.Abs(power) > Memory.Count.MostPowerW
                ? string.Create(CultureInfo.InvariantCulture, $"its power register shows {power:0} W")
                : null);
            _implausibles = _implausible is null ? 0 : _implausibles + 1;
            if (verdict?.EnergyWh is { } counted)
                Memory.Past.Add(now, counted);
            if (_implausible is null && values is not null)
                (Memory.Values, _newest) = (values, stamp);
        }
        if (verdict is { Change: not CountChange.None })
            TellChange(verdict);
    }

    private void Fail(ModbusFailure failure)
    {
        lock (_lock)
        {
            _failure = failure;
            _silences += failure.Fault == ModbusFault.Silent ? 1 : 0;
            // Whoever answers next may be another.
            if (failure.Fault is ModbusFault.Silent or ModbusFault.Resting or ModbusFault.NoLine)
                _identified = null;
        }
    }

    private MeterReading Judge()
    {
        var silent = Elapsed(_answered ?? _began.Stamp);
        var values = Memory.Values is { } known ? known with { Serial = Memory.Serial, Role = Options.Meter.Role, Station = Options.Meter.Station, Evse = Options.Meter.Evse } : null;
        if (_answered is null && values is null)
            return MeterValues.Empty(Options, Memory) with { Trouble = _failure?.Text };
        values ??= MeterValues.Empty(Options, Memory);
        if (silent > StaleAfter)
            return values with { Quality = MeterQuality.Stale, Trouble = $"silent for {Text(silent)}{(_failure is null ? "" : $": {_failure.Text}")}" };
        return _implausible is { } why ? values with { Quality = MeterQuality.Implausible, Trouble = why } : values;
    }

    private void TellTroubles()
    {
        MeterReading now;
        TimeSpan silent;
        int implausibles;
        lock (_lock)
            (now, silent, implausibles) = (Judge(), Elapsed(_answered ?? _began.Stamp), _implausibles);
        if (silent > SilentAfter && !_silenceTold)
            _silenceTold = _around.Remarks.Make(Options.Meter.Role == MeterRole.Grid ? Severity.Error : Severity.Warning, "MeterSilent", Options.Id, now.Trouble ?? "silent");
        else if (_silenceTold && now.Quality == MeterQuality.Good && _around.Remarks.Make(Severity.Info, "MeterBack", Options.Id, "it answers again"))
            _silenceTold = false;
        if (implausibles >= ImplausibleReadings && now.Trouble is { } why)
            _around.Remarks.Make(Severity.Warning, "MeterImplausible", Options.Id, why);
    }

    private void TellChange(CountVerdict verdict) => _around.Remarks.Make(
        Severity.Warning, "MeterReset", Options.Id, verdict.Change switch
        {
            CountChange.Overflow => $"its counter ran over its end at {verdict.FormerWh} Wh and shows {verdict.EnergyWh} Wh",
            CountChange.Jump => $"its counter went from {verdict.FormerWh} Wh to {verdict.EnergyWh} Wh, more than can have flowed, and stays there",
            _ => $"its counter began anew: {verdict.EnergyWh} Wh after {verdict.FormerWh} Wh",
        });

    private TimeSpan Elapsed(long since) => _around.Clock.GetElapsedTime(since);

    private static string Text(TimeSpan time) => time.TotalSeconds < 120 ? $"{time.TotalSeconds:0} s" : time.TotalMinutes < 120 ? $"{time.TotalMinutes:0} min" : $"{time.TotalHours:0} h";
}
