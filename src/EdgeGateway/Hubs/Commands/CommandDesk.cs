using System.Collections.Concurrent;
using EdgeGateway.Site;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Hubs.Commands;

/// <summary>Hubs' commands: granted or refused at once, their outcome posted once, when it is there or when its time is over (K1).</summary>
public sealed class CommandDesk(SiteEngine engine, ResultPost post, TimeProvider clock, ILogger<CommandDesk> log)
{
    /// <summary>Time for the first answer to reach the hub, if its connection never says so.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, Given> _given = new(StringComparer.OrdinalIgnoreCase);
    private int _waiting;

    /// <summary>Asks the site, and sees to it that the outcome is posted.</summary>
    /// <param name="answered">Completes when the first answer has left: the outcome never overtakes it.</param>
    public async Task<Grant> TakeAsync(CommandOrder order, Task answered, CancellationToken cancellationToken)
    {
        Forget();
        var (grant, since) = await GrantAsync(order, cancellationToken);
        // K7: only the later outcome has a word for a reservation that is not known, so there is one.
        var isUnknown = grant.Refusal is Refusal.UnknownReservation;
        if (grant.OrderId is null && !isUnknown)
            return grant;
        if (Interlocked.Increment(ref _waiting) > order.Link.Limits.CommandsWaiting)
        {
            // Above the limit the order is still carried out; that its outcome stays unsaid is for the hub's own time-out.
            Interlocked.Decrement(ref _waiting);
            log.OutcomeLost(order.Link.Name, "too many commands at a time", order.Correlation);
            return grant;
        }
        if (isUnknown)
        {
            _ = SayAsync(order, new(0, OrderOutcome.Unknown, grant.Because), answered);
            return grant with { Refusal = null };
        }
        _ = FinishAsync(order, grant.OrderId!.Value, since, answered);
        return grant;
    }

    /// <summary>K8: a repeat, by its correlation id or by what it is about, is one order and two outcomes.</summary>
    private async Task<(Grant Grant, DateTimeOffset Since)> GrantAsync(CommandOrder order, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var repeated = order.Repeats is false ? null : Earlier(order.ByCorrelation) ?? Earlier(order.ByTarget);
        if (repeated is { } earlier)
            return (Grant.Given(earlier.OrderId), earlier.Since);
        var grant = await engine.RequestAsync(order.Request, cancellationToken);
        if (grant.OrderId is { } id && order.Repeats)
            _given[order.ByCorrelation] = _given[order.ByTarget] = new(id, now, now + order.Link.Limits.CommandTimeout);
        if (grant.OrderId is not null && order.Undoes is { } undone)
            Undo($"{order.Link.Name}\n{undone}\n");
        return (grant, now);
    }

    /// <summary>After a stop, the same start is a new wish and no repeat of the one before, and so with reservations.</summary>
    private void Undo(string keys)
    {
        foreach (var key in _given.Keys.Where(k => k.StartsWith(keys, StringComparison.OrdinalIgnoreCase)))
            _given.TryRemove(key, out _);
    }

    private Given? Earlier(string key) =>
        _given.TryGetValue(key, out var given) && given.Until > clock.GetUtcNow() && given.Failed is false ? given : null;

    private async Task FinishAsync(CommandOrder order, long id, DateTimeOffset since, Task answered)
    {
        var patience = order.Link.Limits.CommandTimeout - (clock.GetUtcNow() - since);
        var settled = await OutcomeAsync(id, patience);
        if (settled is { Outcome: not OrderOutcome.Accepted })
            MarkFailed(order, id);
        await SayAsync(order, settled, answered);
    }

    private async Task SayAsync(CommandOrder order, OrderSettled? settled, Task answered)
    {
        try
        {
            await Task.WhenAny(answered, Task.Delay(AnswerPatience, clock));
            var result = new Result(order.Link, order.Name, order.Command.ResponseUrl, order.Result(settled, clock.GetUtcNow()), order.Correlation)
            {
                Routing = order.Dialect.HasRouting ? order.Routing : null,
                Shown = order.Command.Shown,
                Outcome = settled?.Outcome.ToString() ?? "TIMEOUT",
            };
            await post.SendAsync(result);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<OrderSettled?> OutcomeAsync(long id, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, clock);
        try
        {
            return await engine.OutcomeAsync(id, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>What failed may be tried anew by the same driver; only a command under way, or one that succeeded, is a repeat.</summary>
    private void MarkFailed(CommandOrder order, long id)
    {
        if (_given.TryGetValue(order.ByTarget, out var given) && given.OrderId == id)
            _given[order.ByTarget] = given with { Failed = true };
    }

    private void Forget()
    {
        var now = clock.GetUtcNow();
        foreach (var (key, given) in _given)
        {
            if (given.Until <= now)
                _given.TryRemove(new KeyValuePair<string, Given>(key, given));
        }
    }

    private sealed record Given(long OrderId, DateTimeOffset Since, DateTimeOffset Until, bool Failed = false);
}
