using System.Collections.Immutable;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>A whole site in memory, driven by one seed: chargers that repeat themselves, a gateway that crashes between commit and answer,
/// a hub that comes and goes. Nothing here waits for anything, so that thousands of sites can be lived through in seconds.</summary>
internal sealed class SimulatedWorld
{
    private readonly Random _random;
    private readonly MemoryJournal _journal = new() { Seed = ExampleSite.Seed };
    private readonly List<SimulatedCharger> _chargers = [];
    private readonly List<(DateTimeOffset From, decimal Price)> _prices = [];
    private readonly bool _isOdd;
    private ImmutableArray<Order> _orders = [];
    private SiteConfiguration _configuration;
    private SiteState _state;

    /// <param name="odd">Chargers have bad habits, one of them nobody knows, hubs start sessions, and the file is edited in mid-session.</param>
    public SimulatedWorld(int seed, bool odd = false)
    {
        _random = new Random(seed);
        _isOdd = odd;
        // These chargers may be silent for hours in mid-session; what becomes of ends that are inferred is another test's matter.
        _configuration = ExampleSite.Create(stations: _random.Next(1, 4)) with { Timings = odd ? new() : new() { InferredEndHold = TimeSpan.FromDays(1) } };
        _prices.Add((Now, 0.49m));
        _state = SiteState.Restore(_configuration, _journal.Load());
        Take([new GatewayStarted(), new Configure(_configuration)], crash: Crash.None);
        foreach (var station in _configuration.Stations)
            _chargers.Add(new(this, station.Id, _random.Next(), odd ? ChargerHabits.Drawn(_random) : new() { NumbersItself = _random.Next(2) == 0 }));
        if (!odd)
            return;
        _chargers.Add(new(this, Stranger, _random.Next(), new()));
        Take([.. _chargers.Select(c => new StationConnected(c.Id, "OCPP 1.6", "127.0.0.1"))], Crash.None);
    }

    /// <summary>A station of no configuration.</summary>
    public const string Stranger = "STRANGER";

    private enum Crash
    {
        None,
        BeforeCommit,
        BetweenCommitAndAnswer,
    }

    public DateTimeOffset Now { get; private set; } = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    public SimulatedHubStore Hub { get; } = new();
    public IEnumerable<SimulatedCharger> Chargers => _chargers;
    public MemoryJournal Journal => _journal;
    public int Crashes { get; private set; }

    public void Live(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Now += TimeSpan.FromSeconds(_random.Next(1, 90));
            Step(allowCrash: true);
            if (_isOdd)
                DoSomethingOdd();
            if (_random.Next(3) == 0)
                Deliver(lossy: true);
        }
    }

    /// <summary>Prices of a kWh that were in force at some moment between the two.</summary>
    public IEnumerable<decimal> PricesBetween(DateTimeOffset from, DateTimeOffset to) =>
        _prices.Where((p, i) => p.From <= to && (i + 1 == _prices.Count || _prices[i + 1].From >= from)).Select(p => p.Price);

    /// <summary>All goes well from here on: queues empty, cars leave, the hub listens.</summary>
    public void Settle()
    {
        foreach (var charger in _chargers)
            charger.Retire();
        for (var i = 0; i < 10_000 && _chargers.Exists(c => c.HasWork); i++)
        {
            Now += TimeSpan.FromSeconds(5);
            Step(allowCrash: false);
        }
        Now += TimeSpan.FromHours(2);
        Take([TimePassed.Instance], Crash.None);
        if (_isOdd)
        {
            // What waits for a Stop that never comes waits no longer than this.
            Now += TimeSpan.FromDays(2);
            Take([TimePassed.Instance], Crash.None);
        }
        while (_journal.Owed.Count > 0)
            Deliver(lossy: false);
    }

    /// <summary>One batch: whatever the chargers have to say at this moment, and now and then the passing of time.</summary>
    private void Step(bool allowCrash)
    {
        var speakers = _chargers.Where(_ => !allowCrash || _random.Next(3) > 0).ToList();
        var inputs = new List<SiteInput>();
        var asked = new List<(SimulatedCharger Charger, int Index)>();
        foreach (var charger in speakers)
        {
            if (charger.Next() is not { } input)
                continue;
            asked.Add((charger, inputs.Count));
            inputs.Add(input);
        }
        if (_random.Next(10) == 0)
            inputs.Add(TimePassed.Instance);
        if (inputs.Count == 0)
            return;
        var crash = !allowCrash ? Crash.None : _random.Next(20) switch { 0 => Crash.BeforeCommit, 1 => Crash.BetweenCommitAndAnswer, _ => Crash.None };
        if (Take(inputs, crash) is { } answers)
        {
            foreach (var (charger, index) in asked)
            {
                // An answer may be lost on the line: the charger will say it all again.
                if (!allowCrash || _random.Next(8) > 0)
                    charger.Hear(answers[index]);
            }
        }
    }

    private void DoSomethingOdd()
    {
        switch (_random.Next(40))
        {
            case 0:
                var price = _random.Next(1, 100) / 100m;
                _configuration = _configuration with { Tariffs = [ExampleSite.EnergyTariff("AC", price)] };
                if (Take([new Configure(_configuration)], Crash.None) is not null)
                    _prices.Add((Now, price));
                break;
            case 1:
                // Hours in which nobody says anything.
                Now += TimeSpan.FromHours(_random.Next(1, 4));
                if (_state.IsDue(Now))
                    Take([TimePassed.Instance], Crash.None);
                break;
            case <= 5:
                StartRemotely();
                break;
        }
    }

    private void StartRemotely()
    {
        var charger = _chargers[_random.Next(_chargers.Count)];
        var token = ExampleSite.Accepted($"APP-{_random.Next(1_000_000)}").Token!;
        var answer = Take([new StartRemotely(ExampleSite.Hub, token, null, $"{charger.Id}-{_random.Next(1, 3)}", 1, "REF", null)], Crash.None)!.Value[0];
        if (answer is not Grant { OrderId: not null })
            return;
        var order = (StartOrder)_orders.Single();
        var outcome = charger.Carry(order);
        // A crash may take the outcome with it.
        if (_random.Next(6) > 0)
            Take([new OrderSettled(order.Id, outcome, null)], Crash.None);
    }

    private ImmutableArray<object>? Take(IReadOnlyList<SiteInput> inputs, Crash crash)
    {
        var turn = _state.Handle(inputs, _journal.RecallAll(_state.Unremembered(inputs)), Now);
        if (crash != Crash.BeforeCommit && !turn.IsEmpty)
            _journal.Commit(turn);
        if (crash == Crash.None)
        {
            _orders = turn.Orders;
            _state = turn.Next;
            return turn.Answers;
        }
        Crashes++;
        _state = SiteState.Restore(_configuration, _journal.Load());
        Take([new GatewayStarted(), new Configure(_configuration)], Crash.None);
        return null;
    }

    /// <summary>Sends what is owed by the outbox's rules; a lossy hub is away, or stores and loses its answer.</summary>
    private void Deliver(bool lossy)
    {
        if (lossy && _random.Next(2) == 0)
            return;
        foreach (var owed in _journal.Owed.OrderBy(d => d.Kind).ToList())
        {
            if (owed.Kind == DeliveryKind.Cdr && _journal.Owed.Exists(d => d.Kind == DeliveryKind.Session && d.Object == owed.Object))
                continue;
            if (lossy && _random.Next(4) == 0)
                continue;
            if (owed.Kind == DeliveryKind.Cdr)
                _journal.Frozen.Add(owed.Object);
            Hub.Receive(owed, _journal);
            if (!lossy || _random.Next(4) > 0)
                _journal.Owed.Remove(owed);
        }
    }
}

/// <summary>What a hub has got, and whether it was ever told something that must not be.</summary>
internal sealed class SimulatedHubStore
{
    private readonly Dictionary<string, Session> _sessions = [];

    public Dictionary<string, Cdr> Cdrs { get; } = [];
    public IReadOnlyDictionary<string, Session> Sessions => _sessions;
    public bool HasLocation { get; private set; }

    public void Receive(Delivery owed, MemoryJournal journal)
    {
        switch (owed.Kind)
        {
            case DeliveryKind.Location:
                HasLocation = true;
                break;
            case DeliveryKind.Session:
                var session = journal.Sessions.Values.Single(s => s.Id == owed.Object);
                if (_sessions.TryGetValue(session.Id, out var last))
                {
                    Assert.True(session.LastUpdated >= last.LastUpdated, "last_updated of a session fell (I6)");
                    Assert.True(session.Status >= last.Status, $"session went from {last.Status} back to {session.Status} (I6)");
                }
                _sessions[session.Id] = session;
                break;
            case DeliveryKind.Cdr:
                var cdr = journal.Cdrs[owed.Object];
                Assert.True(
                    _sessions.TryGetValue(cdr.Session.Id, out var completed) && completed.Status == SessionStatus.Completed,
                    "a CDR came before its session was COMPLETED (I6)");
                if (Cdrs.TryGetValue(cdr.Id, out var earlier))
                    Assert.Same(earlier, cdr);
                Cdrs[cdr.Id] = cdr;
                break;
        }
    }
}
