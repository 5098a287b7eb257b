using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>A charger as the site sees it: one message at a time, said again until it is answered, in the order in which things happened.</summary>
internal sealed class SimulatedCharger(SimulatedWorld world, string id, int seed)
{
    private readonly Random _random = new(seed);
    private readonly Queue<Func<SiteInput>> _queue = new();
    private readonly Dictionary<int, LedgerEntry> _active = [];
    private readonly Dictionary<int, long> _registers = new() { [1] = 0, [2] = 250_000 };
    private bool _retired;

    public List<LedgerEntry> Ledger { get; } = [];
    public bool HasWork => _queue.Count > 0 || _active.Count > 0;

    public void Retire() => _retired = true;

    public SiteInput? Next()
    {
        if (_queue.Count == 0 || _random.Next(3) == 0)
            DoSomething();
        return _queue.TryPeek(out var message) ? message() : null;
    }

    public void Hear(object answer)
    {
        var message = _queue.Dequeue();
        if (answer is SessionBegun begun && message.Target is Closure { Entry: { } entry })
        {
            entry.Number = begun.Number;
            entry.SessionId = begun.SessionId;
        }
        if (message.Target is Closure { Entry: { } ended, IsEnd: true })
            ended.StopAnswered = true;
    }

    private void DoSomething()
    {
        var evse = _random.Next(1, 3);
        var at = new Position(id, evse, 1);
        var now = world.Now;
        switch (_random.Next(10))
        {
            case 0:
                Say(() => new StationBooted(id, new("ACME", "One", "1", "1.0")));
                break;
            case 1:
                Say(() => new StationDisconnected(id, "test"));
                Say(() => new StationConnected(id, "OCPP 1.6", "127.0.0.1"));
                break;
            case <= 4 when !_retired && !_active.ContainsKey(evse):
                Begin(evse, at, now);
                break;
            case <= 6 when _active.TryGetValue(evse, out var charging):
                var register = _registers[evse] += _random.Next(0, 3_000);
                Say(() => new Metered(at, charging.Number, [new(now, register, 7_000m, 16m, "E")]));
                break;
            case 7 when _active.TryGetValue(evse, out var suspended):
                var state = _random.Next(2) == 0 ? ConnectorState.SuspendedEV : ConnectorState.Charging;
                Say(() => new ConnectorReported(suspended.At, state, null, null, null, now));
                break;
            default:
                if (_active.Remove(evse, out var done))
                    End(evse, done, now);
                break;
        }
    }

    private void Begin(int evse, Position at, DateTimeOffset now)
    {
        var entry = new LedgerEntry { At = at, MeterStartWh = _registers[evse], Started = now };
        _active.Add(evse, entry);
        Ledger.Add(entry);
        Say(() => new ConnectorReported(at, ConnectorState.Preparing, null, null, null, now));
        _queue.Enqueue(new Closure(entry, false, () => new SessionBegan(at, ExampleSite.Card, now, entry.MeterStartWh, ExampleSite.Accepted())).Say);
        Say(() => new ConnectorReported(at, ConnectorState.Charging, null, null, null, now.AddSeconds(1)));
    }

    private void End(int evse, LedgerEntry entry, DateTimeOffset now)
    {
        entry.MeterStopWh = _registers[evse] += _random.Next(0, 500);
        var meterStop = entry.MeterStopWh;
        // Some chargers show the connector free before the Stop of the same transaction (FIELD-NOTES 3).
        if (_random.Next(4) == 0)
            Say(() => new ConnectorReported(entry.At, ConnectorState.Available, null, null, null, now));
        _queue.Enqueue(new Closure(entry, true, () => new SessionEnded(id, entry.Number, ExampleSite.Card, now, meterStop, "Local", [], null)).Say);
    }

    private void Say(Func<SiteInput> message) => _queue.Enqueue(message);

    private sealed class Closure(LedgerEntry entry, bool isEnd, Func<SiteInput> message)
    {
        public LedgerEntry Entry { get; } = entry;
        public bool IsEnd { get; } = isEnd;

        public SiteInput Say() => message();
    }
}

/// <summary>What a charger knows of one transaction: the truth that the hub must arrive at.</summary>
internal sealed class LedgerEntry
{
    public required Position At { get; init; }
    public required long MeterStartWh { get; init; }
    public required DateTimeOffset Started { get; init; }
    public long MeterStopWh { get; set; }
    public int? Number { get; set; }
    public string? SessionId { get; set; }
    public bool StopAnswered { get; set; }
}
