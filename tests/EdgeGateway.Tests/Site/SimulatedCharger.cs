using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>What is wrong with a charger; with nothing of it, it is the charger of the standard.</summary>
internal sealed record ChargerHabits
{
    /// <summary>Added to the right time in all that it tells, until it boots.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>One in so many sessions has no Stop; the car leaves and the connector shows free. 0: all have.</summary>
    public int LosesStops { get; init; }

    /// <summary>One in so many Stops lies in a queue for hours.</summary>
    public int StopsLate { get; init; }

    /// <summary>One in so many messages of a transaction names 0, -1 or the session before.</summary>
    public int MistakesNumbers { get; init; }

    /// <summary>Its registers count from 0 again after a boot.</summary>
    public bool ForgetsRegisters { get; init; }

    /// <summary>It names and numbers its transactions itself, and what it tells of them may overtake what it told before (2.x).</summary>
    public bool NumbersItself { get; init; }

    public static ChargerHabits Drawn(Random random) => new()
    {
        NumbersItself = random.Next(2) == 0,
        ClockOffset = random.Next(3) == 0 ? TimeSpan.FromDays(-20_000) : TimeSpan.Zero,
        LosesStops = random.Next(3) == 0 ? 4 : 0,
        StopsLate = random.Next(3) == 0 ? 4 : 0,
        MistakesNumbers = random.Next(3) == 0 ? 3 : 0,
        ForgetsRegisters = random.Next(3) == 0,
    };
}

/// <summary>A charger as the site sees it: one message at a time, said again until it is answered, in the order in which things happened.</summary>
internal sealed class SimulatedCharger(SimulatedWorld world, string id, int seed, ChargerHabits habits)
{
    private readonly Random _random = new(seed);
    private readonly List<Message> _queue = [];
    private readonly Dictionary<int, LedgerEntry> _active = [];
    private readonly Dictionary<int, LedgerEntry> _before = [];
    private readonly Dictionary<int, long> _registers = new() { [1] = 0, [2] = 250_000 };
    private readonly Dictionary<int, string> _ordered = [];
    private TimeSpan _offset = habits.ClockOffset;
    private bool _retired;

    public string Id => id;
    public List<LedgerEntry> Ledger { get; } = [];
    public bool HasWork => _queue.Count > 0 || _active.Count > 0;

    public void Retire() => _retired = true;

    public SiteInput? Next()
    {
        if (_queue.Count == 0 || _random.Next(3) == 0)
            DoSomething();
        return _queue is [var message, ..] && message.NotBefore <= world.Now ? message.Say() : null;
    }

    public void Hear(object answer)
    {
        var message = _queue[0];
        _queue.RemoveAt(0);
        if (message.Entry is not { } entry)
            return;
        if (answer is SessionBegun begun)
        {
            entry.Number = begun.Number;
            entry.SessionId = begun.SessionId;
            entry.StartAnswered = world.Now;
        }
        if (answer is TransactionHeard heard)
        {
            if (entry.SessionId is null)
                entry.StartAnswered = world.Now;
            (entry.Number, entry.SessionId) = (heard.Number, heard.SessionId);
        }
        entry.StopAnswered |= message.IsEnd;
        // Whoever says nothing for half an hour may be thought gone.
        entry.WasSilent |= world.Now - (entry.LastHeard ?? world.Now) > TimeSpan.FromMinutes(25);
        entry.LastHeard = world.Now;
        if (message.RegisterWh is { } register)
            entry.ToldWh = Math.Max(entry.ToldWh, register - entry.MeterStartWh);
    }

    /// <summary>A remote start: it agrees if there is no car yet, and the car comes, or does not.</summary>
    public OrderOutcome Carry(StartOrder order)
    {
        if (_retired || _active.ContainsKey(order.At.Evse) || _random.Next(4) == 0)
            return OrderOutcome.Rejected;
        if (_random.Next(4) > 0)
            _ordered[order.At.Evse] = order.IdTag;
        return _random.Next(4) == 0 ? OrderOutcome.TimedOut : OrderOutcome.Accepted;
    }

    private void DoSomething()
    {
        var evse = _random.Next(1, 3);
        var at = new Position(id, evse, 1);
        var now = world.Now;
        switch (_random.Next(10))
        {
            case 0:
                Boot();
                break;
            case 1:
                Say(() => new StationDisconnected(id, "test"));
                Say(() => new StationConnected(id, "OCPP 1.6", "127.0.0.1"));
                break;
            case <= 4 when !_retired && !_active.ContainsKey(evse):
                Begin(evse, at, now);
                break;
            case <= 6 when _active.TryGetValue(evse, out var charging):
                Meter(evse, charging, now);
                break;
            case 7 when _active.TryGetValue(evse, out var suspended):
                var state = _random.Next(2) == 0 ? ConnectorState.SuspendedEV : ConnectorState.Charging;
                Say(() => new ConnectorReported(suspended.At, state, null, null, null, Told(now)));
                break;
            default:
                if (_active.Remove(evse, out var done))
                    End(evse, done, now);
                break;
        }
    }

    private void Boot()
    {
        if (habits.ForgetsRegisters && _random.Next(2) == 0)
        {
            foreach (var evse in _registers.Keys)
                _registers[evse] = 0;
            foreach (var entry in _active.Values)
                entry.WasReset = true;
        }
        Say(() => new StationBooted(id, new("ACME", "One", "1", "1.0")));
    }

    private void Begin(int evse, Position at, DateTimeOffset now)
    {
        var tag = _ordered.Remove(evse, out var ordered) ? ordered : $"{ExampleSite.Card}-{evse}";
        var entry = new LedgerEntry { At = at, MeterStartWh = _registers[evse], Started = now, Flowed = now, IsClockWrong = _offset != TimeSpan.Zero, Tag = tag };
        _active.Add(evse, entry);
        Ledger.Add(entry);
        var told = Told(now);
        Say(() => new ConnectorReported(at, ConnectorState.Preparing, null, null, null, told));
        if (habits.NumbersItself)
            Tell(entry, TransactionPhase.Started, told, new(told, entry.MeterStartWh, null, null, "E") { Context = "Transaction.Begin" });
        else
            _queue.Add(new(() => new SessionBegan(at, tag, told, entry.MeterStartWh, ExampleSite.Accepted(tag))) { Entry = entry });
        Say(() => new ConnectorReported(at, ConnectorState.Charging, null, null, null, told.AddSeconds(1)));
    }

    private void Meter(int evse, LedgerEntry entry, DateTimeOffset now)
    {
        var register = Flow(evse, entry);
        var told = Told(now);
        if (habits.NumbersItself)
        {
            Tell(entry, TransactionPhase.Updated, told, new(told, register, 7_000m, 16m, "E"));
            return;
        }
        var mistake = Mistake();
        _queue.Add(new(() => new Metered(entry.At, mistake ? Wrong(evse) : entry.Number, [new(told, register, 7_000m, 16m, "E")]))
        {
            Entry = entry, RegisterWh = entry.WasReset || mistake ? null : register,
        });
    }

    private void End(int evse, LedgerEntry entry, DateTimeOffset now)
    {
        entry.MeterStopWh = Flow(evse, entry);
        var (told, meterStop, mistake) = (Told(now), entry.MeterStopWh, Mistake());
        _before[evse] = entry;
        // Some chargers show the connector free before the Stop of the same transaction (FIELD-NOTES 3).
        if (One(habits.LosesStops))
        {
            entry.HasNoStop = true;
            Say(() => new ConnectorReported(entry.At, ConnectorState.Available, null, null, null, told));
            return;
        }
        if (_random.Next(4) == 0)
            Say(() => new ConnectorReported(entry.At, ConnectorState.Available, null, null, null, told));
        var isLate = One(habits.StopsLate);
        if (habits.NumbersItself)
        {
            Tell(entry, TransactionPhase.Ended, told, new(told, meterStop, null, null, "E") { Context = "Transaction.End" }, isLate ? now.AddHours(5) : now);
            return;
        }
        _queue.Add(new(() => new SessionEnded(id, mistake ? -1 : entry.Number, entry.Tag, told, meterStop, "Local", [], null))
        {
            Entry = entry, IsEnd = true, NotBefore = isLate ? now.AddHours(5) : now,
        });
    }

    private void Tell(LedgerEntry entry, TransactionPhase phase, DateTimeOffset told, Reading reading, DateTimeOffset? notBefore = null)
    {
        var sequence = entry.Events++;
        var isStart = phase == TransactionPhase.Started;
        var told2x = new TransactionTold
        {
            Station = id, Transaction = $"{id}-{Ledger.IndexOf(entry)}", Phase = phase, Sequence = sequence, Told = told, At = entry.At, Readings = [reading],
            IdTag = isStart ? entry.Tag : null, Authorization = isStart ? ExampleSite.Accepted(entry.Tag) : null,
            Charging = phase == TransactionPhase.Ended ? ChargingPhase.EVConnected : ChargingPhase.Charging,
            Trigger = isStart ? "Authorized" : phase == TransactionPhase.Ended ? "StopAuthorized" : "MeterValuePeriodic",
            StopReason = phase == TransactionPhase.Ended ? "Local" : null,
        };
        var message = new Message(() => told2x)
        {
            Entry = entry, IsEnd = phase == TransactionPhase.Ended, RegisterWh = entry.WasReset ? null : reading.EnergyWh, NotBefore = notBefore ?? DateTimeOffset.MinValue,
        };
        // Now and then it overtakes the one before it.
        _queue.Insert(_queue.Count > 0 && _random.Next(5) == 0 ? _queue.Count - 1 : _queue.Count, message);
    }

    /// <summary>At most 150 kW since the last time.</summary>
    private long Flow(int evse, LedgerEntry entry)
    {
        var wh = _random.Next(0, 1 + (int)Math.Min(100_000, (world.Now - entry.Flowed).TotalHours * 150_000));
        entry.Flowed = world.Now;
        entry.FlowedWh += wh;
        return _registers[evse] += wh;
    }

    private DateTimeOffset Told(DateTimeOffset now) => now + _offset;

    private int? Wrong(int evse) => _before.TryGetValue(evse, out var before) && _random.Next(2) == 0 ? before.Number : 0;

    private bool Mistake() => One(habits.MistakesNumbers);

    private bool One(int inSoMany) => inSoMany > 0 && _random.Next(inSoMany) == 0;

    private void Say(Func<SiteInput> message) => _queue.Add(new(message));

    private sealed record Message(Func<SiteInput> Say)
    {
        public LedgerEntry? Entry { get; init; }
        public bool IsEnd { get; init; }
        public long? RegisterWh { get; init; }
        public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.MinValue;
    }
}

/// <summary>What a charger knows of one transaction: the truth that the hub must arrive at.</summary>
internal sealed class LedgerEntry
{
    public required Position At { get; init; }
    public required long MeterStartWh { get; init; }
    public required DateTimeOffset Started { get; init; }
    public required string Tag { get; init; }
    public required bool IsClockWrong { get; init; }
    public long MeterStopWh { get; set; }

    /// <summary>Of a station that numbers them itself.</summary>
    public int Events { get; set; }
    public int? Number { get; set; }
    public string? SessionId { get; set; }
    public DateTimeOffset StartAnswered { get; set; }
    public bool StopAnswered { get; set; }

    public required DateTimeOffset Flowed { get; set; }
    public DateTimeOffset? LastHeard { get; set; }

    /// <summary>What really flowed, whatever the registers say.</summary>
    public long FlowedWh { get; set; }

    /// <summary>The most that an answered meter value told.</summary>
    public long ToldWh { get; set; }
    public bool WasReset { get; set; }
    public bool HasNoStop { get; set; }
    public bool WasSilent { get; set; }
}
