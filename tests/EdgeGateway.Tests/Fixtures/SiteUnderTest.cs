using System.Collections.Immutable;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>A site with a memory journal and a clock in the hand: one input, one answer.</summary>
public sealed class SiteUnderTest
{
    private SiteState _state;

    public SiteUnderTest(SiteConfiguration? configuration = null)
    {
        Configuration = configuration ?? ExampleSite.Create();
        _state = SiteState.Restore(Configuration, Journal.Load());
        Take(new GatewayStarted());
        Take(new Configure(Configuration));
    }

    public SiteConfiguration Configuration { get; }
    public MemoryJournal Journal { get; } = new() { Seed = ExampleSite.Seed };
    public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    public SiteState State => _state;
    public ImmutableArray<Order> Orders { get; private set; } = [];

    /// <summary>What the last turn owed to hubs.</summary>
    public ImmutableArray<Delivery> Deliveries { get; private set; } = [];

    /// <summary>Reservations that ended, in order.</summary>
    public List<ReservationDropped> Ends { get; } = [];

    public static Position At(int evse = 1) => new("CP-1", evse, 1);

    public void Wait(TimeSpan time)
    {
        Now += time;
        if (_state.IsDue(Now))
            Take(TimePassed.Instance);
    }

    public void Restart() => _state = SiteState.Restore(Configuration, Journal.Load());

    public T Take<T>(Report<T> report) => (T)Handle(report);

    public T Take<T>(Request<T> request) => (T)Handle(request);

    public SessionBegun Begin(
        long? meter = 100_000, int evse = 1, DateTimeOffset? told = null, string tag = ExampleSite.Card, Authorization? authorization = null) =>
        Take(new SessionBegan(At(evse), tag, told ?? Now, meter, authorization ?? ExampleSite.Accepted(tag)));

    /// <summary>An event of a 2.x station's own transaction.</summary>
    public TransactionHeard Tell(TransactionTold told) => Take(told);

    public TransactionHeard Tell(
        TransactionPhase phase, int? sequence, DateTimeOffset? told = null, string? tag = null, ChargingPhase? charging = null, long? register = null,
        string? trigger = null, long? order = null, string transaction = "T-1", int? evse = 1, int? reservation = null)
    {
        var at = told ?? Now;
        return Take(new TransactionTold
        {
            Station = "CP-1",
            Transaction = transaction,
            Phase = phase,
            Sequence = sequence,
            Told = at,
            At = evse is { } place ? At(place) : null,
            IdTag = tag,
            Authorization = tag is null ? null : ExampleSite.Accepted(tag),
            Charging = charging,
            Readings = register is null ? [] : [new(at, register, null, null, "E")],
            Trigger = trigger,
            Order = order,
            Reservation = reservation,
            StopReason = phase is TransactionPhase.Ended ? "Local" : null,
        });
    }

    public void Meter(long register, int? number, int evse = 1, DateTimeOffset? told = null) =>
        Take(new Metered(At(evse), number, [new(told ?? Now, register, null, null, "E")]));

    public void End(int? number, long? meter, DateTimeOffset? told = null, string? tag = null, params Reading[] readings) =>
        Take(new SessionEnded("CP-1", number, tag, told ?? Now, meter, "Local", [.. readings], null));

    public void Show(ConnectorState state, int evse = 1, DateTimeOffset? told = null) =>
        Take(new ConnectorReported(At(evse), state, "NoError", null, null, told ?? Now));

    public Session Session(int number) => Journal.Sessions[number];

    public Cdr? CdrOf(int number) => Journal.Cdrs.GetValueOrDefault(Session(number).Id);

    public bool Raised(string code) => Journal.Events.Exists(e => e.Code == code);

    private object Handle(SiteInput input) => Handle([input])[0];

    /// <summary>Several inputs in one turn.</summary>
    public ImmutableArray<object> Handle(params SiteInput[] inputs)
    {
        var turn = _state.Handle(inputs, Journal.RecallAll(_state.Unremembered(inputs)), Now);
        Journal.Commit(turn);
        _state = turn.Next;
        Orders = turn.Orders;
        Deliveries = turn.Deliveries;
        Ends.AddRange(turn.Changes.OfType<ReservationDropped>());
        return turn.Answers;
    }
}
