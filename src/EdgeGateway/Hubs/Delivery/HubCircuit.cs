using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Hubs.Delivery;

public enum CircuitState
{
    /// <summary>All is well: calls may go.</summary>
    Closed,

    /// <summary>The hub cannot be reached or is unwell; one probe goes out when the waiting time is over (I13).</summary>
    Open,

    /// <summary>The hub refuses our token (P8): an alarm, and a slow look now and then.</summary>
    Suspended,
}

/// <summary>Whether a hub can be called, learnt from every call to it. One dead hub costs one probe at a time, whatever is owed to it.</summary>
public sealed class HubCircuit(TimeProvider clock, Backoff backoff, Func<HubLimits> limits)
{
    /// <summary>HTTP 500, 3000 and the like may be one object's fault; so many in a row are the hub's.</summary>
    private const int SoftFailuresAllowed = 3;

    /// <summary>People hear of it when so many probes in a row have failed: a single lost answer is no event.</summary>
    private const int AnnouncedAfter = 3;

    private readonly Lock _lock = new();
    private int _failures;
    private int _softFailures;
    private long _epoch;
    private long _waitingSince;
    private TimeSpan _wait;
    private CircuitState _announced;

    /// <summary>Called with the new state and the reason when people should hear of it.</summary>
    public Action<CircuitState, string>? Announce { get; set; }

    /// <summary>Called whenever the state changes, whoever's call it was: the delivery loop is the one that probes.</summary>
    public Action? Moved { get; set; }

    public CircuitState State { get; private set; }

    /// <summary>How long until the next probe may go. Counted by the monotonic clock: a wall clock that is put back must not silence the line for years (I15).</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
                return State == CircuitState.Closed || clock.GetElapsedTime(_waitingSince) >= _wait ? TimeSpan.Zero : _wait - clock.GetElapsedTime(_waitingSince);
        }
    }

    /// <summary>When the next probe may go; meaningless while closed.</summary>
    public DateTimeOffset Until => clock.GetUtcNow() + Wait;

    public string? LastError { get; private set; }
    public DateTimeOffset? LastContact { get; private set; }

    public bool IsClosed => State == CircuitState.Closed;

    /// <summary>Since the line was last down, the hub has done more than answer a probe. Until then one object at a time goes out, as a trial (I13).</summary>
    public bool IsProven { get; private set; } = true;

    /// <summary>Taken before a call and given back with its reply: calls that were under way together fail once, not many times.</summary>
    public long Ticket() => Interlocked.Read(ref _epoch);

    /// <param name="proves">False for a probe while objects wait: a hub may list its versions and still fail at everything else.</param>
    public void Learn(long ticket, OcpiReply reply, bool proves = true)
    {
        bool moved, announced;
        lock (_lock)
        {
            var before = State;
            if (reply.HttpStatus is not null)
                LastContact = clock.GetUtcNow();
            // What set out before the last change says nothing about the line as it is now: a 401 for the credentials that were just replaced, least of all.
            if (reply.Outcome is OcpiOutcome.Unauthorized or OcpiOutcome.Retryable && ticket != _epoch)
                return;
            if (reply.Outcome == OcpiOutcome.Unauthorized)
                Suspend(reply.Reason);
            else if (reply.Outcome == OcpiOutcome.Retryable)
                Fail(reply);
            else
                Close(proves);
            moved = State != before;
            announced = State != _announced && State switch
            {
                CircuitState.Open => _failures >= AnnouncedAfter,
                CircuitState.Closed => IsProven,
                _ => true,
            };
            if (announced)
                _announced = State;
        }
        if (moved)
            Moved?.Invoke();
        if (announced)
            Announce?.Invoke(State, reply.Reason);
    }

    /// <summary>New credentials: what the old ones met with says nothing any more.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _epoch++;
            Close(proven: true);
        }
    }

    /// <summary>Somebody's word overrides a long wait, a Retry-After too; but not more often than this, however often it is said.</summary>
    public void Hasten()
    {
        lock (_lock)
        {
            if (State == CircuitState.Closed || _wait <= limits().HastenedWait)
                return;
            _wait = limits().HastenedWait;
        }
        Moved?.Invoke();
    }

    private void Close(bool proven)
    {
        State = CircuitState.Closed;
        IsProven = proven;
        if (!proven)
            return;
        _failures = _softFailures = 0;
        LastError = null;
    }

    private void Suspend(string why)
    {
        LastError = why;
        State = CircuitState.Suspended;
        WaitFor(limits().SuspendedProbe);
    }

    private void Fail(OcpiReply reply)
    {
        LastError = reply.Reason;
        if (!IsHubWide(reply) && ++_softFailures < SoftFailuresAllowed && State == CircuitState.Closed)
            return;
        var wait = backoff.After(++_failures, limits().RetryFirst, limits().RetryCap);
        var asked = reply.RetryAfter is { } after ? Min(after, limits().RetryAfterCap) : TimeSpan.Zero;
        State = CircuitState.Open;
        WaitFor(asked > wait ? asked : wait);
    }

    private void WaitFor(TimeSpan wait)
    {
        (_waitingSince, _wait, IsProven) = (clock.GetTimestamp(), wait, false);
        Interlocked.Increment(ref _epoch);
    }

    /// <summary>No connection, no whole answer, a portal's page, or a status that speaks for the whole server.</summary>
    private static bool IsHubWide(OcpiReply reply) =>
        reply.Stage is OcpiStage.Connect or OcpiStage.Timeout or OcpiStage.Receive or OcpiStage.Redirect or OcpiStage.Envelope
        || reply.HttpStatus is 407 or 408 or 425 or 429 or 502 or 503 or 504;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
