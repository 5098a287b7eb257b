using EdgeGateway.Hubs;
using EdgeGateway.Hubs.Delivery;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs;

/// <summary>How politely a hub is left alone (I13), with the clock in the hand.</summary>
public sealed class HubCircuitTests
{
    private static readonly HubLimits Limits = new();
    private readonly ManualClock _clock = new();
    private readonly HubCircuit _circuit;
    private readonly List<CircuitState> _announced = [];

    public HubCircuitTests() =>
        _circuit = new(_clock, new(new Random(7)), () => Limits) { Announce = (state, _) => _announced.Add(state) };

    [Fact]
    public void A_hub_that_stays_away_for_a_day_gets_no_more_than_twelve_probes_a_minute_and_in_the_end_one_in_minutes()
    {
        List<DateTimeOffset> probes = [];
        var end = _clock.GetUtcNow() + TimeSpan.FromDays(1);
        while (_clock.GetUtcNow() < end)
        {
            probes.Add(_clock.GetUtcNow());
            _circuit.Learn(_circuit.Ticket(), Failed(OcpiStage.Connect));
            _clock.Advance(_circuit.Until - _clock.GetUtcNow());
        }
        for (var i = 12; i < probes.Count; i++)
            Assert.True(probes[i] - probes[i - 12] > TimeSpan.FromMinutes(1));
        // At a cap of 5 minutes, of which 1.25 to 5 are waited.
        Assert.InRange(probes.Count, 24 * 60 / 5, (int)(24 * 60 / 1.25) + 15);
        Assert.Equal([CircuitState.Open], _announced);
    }

    [Fact]
    public void Calls_that_were_under_way_together_fail_once()
    {
        var tickets = Enumerable.Range(0, 8).Select(_ => _circuit.Ticket()).ToList();
        foreach (var ticket in tickets)
            _circuit.Learn(ticket, Failed(OcpiStage.Timeout));
        Assert.True(_circuit.Until - _clock.GetUtcNow() <= Limits.RetryFirst);
        Assert.Empty(_announced);
    }

    [Fact]
    public void One_success_closes_it_and_forgets_how_often_it_failed()
    {
        for (var i = 0; i < 10; i++)
            _circuit.Learn(_circuit.Ticket(), Failed(OcpiStage.Connect));
        _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Success, 200));
        Assert.True(_circuit.IsClosed);
        _circuit.Learn(_circuit.Ticket(), Failed(OcpiStage.Connect));
        Assert.True(_circuit.Until - _clock.GetUtcNow() <= Limits.RetryFirst);
        Assert.Equal([CircuitState.Open, CircuitState.Closed], _announced);
    }

    [Fact]
    public void A_refusal_is_an_answer_too()
    {
        _circuit.Learn(_circuit.Ticket(), Failed(OcpiStage.Connect));
        _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Refused, 200));
        Assert.True(_circuit.IsClosed);
    }

    [Fact]
    public void An_internal_error_is_first_the_objects_and_then_the_hubs()
    {
        for (var i = 0; i < 2; i++)
            _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Retryable, 500, OcpiStage.HttpStatus));
        Assert.True(_circuit.IsClosed);
        _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Retryable, 500, OcpiStage.HttpStatus));
        Assert.False(_circuit.IsClosed);
    }

    [Fact]
    public void Retry_after_is_kept_but_not_for_ever()
    {
        _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Retryable, 429, OcpiStage.HttpStatus) with { RetryAfter = TimeSpan.FromMinutes(10) });
        Assert.Equal(TimeSpan.FromMinutes(10), _circuit.Until - _clock.GetUtcNow());
        _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Retryable, 503, OcpiStage.HttpStatus) with { RetryAfter = TimeSpan.FromDays(30) });
        Assert.Equal(Limits.RetryAfterCap, _circuit.Until - _clock.GetUtcNow());
    }

    [Fact]
    public void A_refused_token_is_announced_once_and_looked_at_slowly()
    {
        for (var i = 0; i < 3; i++)
            _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Unauthorized, 401, OcpiStage.HttpStatus));
        Assert.Equal([CircuitState.Suspended], _announced);
        Assert.Equal(Limits.SuspendedProbe, _circuit.Until - _clock.GetUtcNow());
    }

    [Theory]
    [InlineData(-3650)]
    [InlineData(3650)]
    public void A_clock_that_is_set_moves_no_probe(int days)
    {
        _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Unauthorized, 401, OcpiStage.HttpStatus));
        _clock.Jump(TimeSpan.FromDays(days));
        Assert.Equal(Limits.SuspendedProbe, _circuit.Wait); // I15
        _clock.Advance(Limits.SuspendedProbe);
        Assert.Equal(TimeSpan.Zero, _circuit.Wait);
    }

    [Fact]
    public void What_the_old_credentials_met_with_says_nothing_of_the_new_ones()
    {
        var under = _circuit.Ticket();
        _circuit.Reset();
        _circuit.Learn(under, Reply(OcpiOutcome.Unauthorized, 401, OcpiStage.HttpStatus));
        Assert.True(_circuit.IsClosed);
        _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Unauthorized, 401, OcpiStage.HttpStatus));
        Assert.Equal(CircuitState.Suspended, _circuit.State);
    }

    [Fact]
    public void A_hub_that_answers_probes_and_nothing_else_is_asked_ever_less_often()
    {
        var longest = TimeSpan.Zero;
        for (var i = 0; i < 12; i++)
        {
            _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Retryable, 503, OcpiStage.HttpStatus));
            longest = _circuit.Wait > longest ? _circuit.Wait : longest;
            _clock.Advance(_circuit.Wait);
            _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Success, 200), proves: false);
            Assert.True(_circuit is { IsClosed: true, IsProven: false });
        }
        Assert.True(longest > TimeSpan.FromMinutes(1), $"{longest}");
        Assert.Equal([CircuitState.Open], _announced); // said once, not at every probe
        _circuit.Learn(_circuit.Ticket(), Reply(OcpiOutcome.Success, 201));
        Assert.True(_circuit.IsProven);
        Assert.Equal([CircuitState.Open, CircuitState.Closed], _announced);
    }

    private static OcpiReply Failed(OcpiStage stage) => Reply(OcpiOutcome.Retryable, null, stage);

    private static OcpiReply Reply(OcpiOutcome outcome, int? status, OcpiStage stage = OcpiStage.Done) =>
        new() { Outcome = outcome, Stage = stage, HttpStatus = status, Reason = "test", Ids = OcpiIds.New() };
}
