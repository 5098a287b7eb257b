namespace EdgeGateway.Hosting;

/// <summary>
/// Feeds systemd's watchdog only while every part makes progress. Each part has a stamp that its own work moves, and a nudge that gives it
/// a reason to work; a stamp that stands still after its nudge withholds the food (FIELD pain 5: a task that died silently).
/// </summary>
public sealed partial class Supervisor(Systemd systemd, TimeProvider clock, ILogger<Supervisor> log) : BackgroundService
{
    /// <summary>Looked at this often when no watchdog says otherwise.</summary>
    public static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(15);

    private readonly List<Part> _parts = [];
    private volatile IReadOnlyList<string> _stalled = [];

    /// <summary>Parts that made no progress when last looked at.</summary>
    public IReadOnlyList<string> Stalled => _stalled;

    /// <summary>Register before the start.</summary>
    /// <param name="part">For people.</param>
    /// <param name="stamp">Moves whenever the part has done something.</param>
    /// <param name="nudge">Makes it do something; completes, or moves the stamp, when it has.</param>
    public void Watch(string part, Func<long> stamp, Func<CancellationToken, Task> nudge) => _parts.Add(new(part, stamp, nudge));

    /// <summary>One look at all parts; true when each has moved.</summary>
    public async Task<bool> LookAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var looks = await Task.WhenAll(_parts.Select(p => MovesAsync(p, patience, cancellationToken)));
        var stalled = _parts.Where((_, i) => !looks[i]).Select(p => p.Name).ToArray();
        foreach (var part in stalled.Except(_stalled))
            Stalls(part);
        foreach (var part in _stalled.Except(stalled))
            Moves(part);
        _stalled = stalled;
        return stalled.Length == 0;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A quarter of the limit: a look may itself take a quarter, and the food still comes before half of it has passed.
        var interval = systemd.Watchdog is { } limit ? limit / 4 : UsualInterval;
        using var timer = new PeriodicTimer(interval, clock);
        var inVain = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (await LookAsync(interval, stoppingToken))
            {
                systemd.Alive();
                inVain = 0;
                continue;
            }
            var stalled = string.Join(", ", _stalled);
            systemd.Status($"No progress: {stalled}");
            if (++inVain >= StallLimit)
                throw new InvalidOperationException($"{stalled}: no progress for {StallLimit} looks.");
        }
    }

    private async Task<bool> MovesAsync(Part part, TimeSpan patience, CancellationToken cancellationToken)
    {
        var before = part.Stamp();
        using var limit = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // WaitAsync: a part that hangs does not watch its token either.
            await part.Nudge(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            NudgeFailed(part.Name, failure.Message);
        }
        return part.Stamp() != before;
    }

    /// <summary>After so many looks without progress the process ends, whether or not systemd is there to see to it: a restart is the cure.</summary>
    public const int StallLimit = 8;

    private sealed record Part(string Name, Func<long> Stamp, Func<CancellationToken, Task> Nudge);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Part} makes no progress; the watchdog is not fed")]
    private partial void Stalls(string part);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Part} makes progress again")]
    private partial void Moves(string part);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Part} could not be nudged: {Why}")]
    private partial void NudgeFailed(string part, string why);
}
