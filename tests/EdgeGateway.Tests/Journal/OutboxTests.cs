using EdgeGateway.Site;

namespace EdgeGateway.Tests.Journal;

public sealed class OutboxTests : IAsyncLifetime
{
    private const string Hub = "hub";
    private static readonly HashSet<long> Nothing = [];
    private readonly StoreFixture _fixture = new();

    private IOutbox Outbox => _fixture.Store.Outbox;

    public async ValueTask InitializeAsync() => await _fixture.OpenAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Tariffs_and_the_location_go_before_sessions_that_were_owed_after_them()
    {
        await OweAsync((DeliveryKind.Session, "old"));
        await OweAsync((DeliveryKind.Location, "BER01"), (DeliveryKind.Session, "s1"), (DeliveryKind.Tariff, "AC"));

        // An older one waits too: the location may be owed because the hub is new and knows no place yet.
        Assert.Equal(["Tariff AC", "Location BER01"], await NextAsync());

        await SettleAsync("AC", new Settlement.Delivered(null));
        Assert.Equal(["Location BER01"], await NextAsync());
        await SettleAsync("BER01", new Settlement.TryLater(_fixture.Clock.GetUtcNow(), "503"));
        Assert.Equal(["Location BER01"], await NextAsync());
        for (var tries = 1; tries < Owed.TriesBeforeOthers; tries++)
            await SettleAsync("BER01", new Settlement.TryLater(_fixture.Clock.GetUtcNow().AddMinutes(tries / (Owed.TriesBeforeOthers - 1)), "503"));
        Assert.Equal(["Session old", "Session s1"], await NextAsync());
    }

    [Fact]
    public async Task An_untried_location_in_flight_still_holds_back_its_sessions()
    {
        await OweAsync((DeliveryKind.Location, "BER01"), (DeliveryKind.Session, "s1"));
        var location = (await Outbox.NextAsync(Hub, 10, Nothing, default))[0];

        Assert.Empty(await Outbox.NextAsync(Hub, 10, new HashSet<long> { location.Id }, default));
    }

    [Fact]
    public async Task A_cdr_waits_until_its_session_is_gone_or_refused()
    {
        await OweAsync((DeliveryKind.Cdr, "s1"), (DeliveryKind.Session, "s1"), (DeliveryKind.Session, "s2"), (DeliveryKind.Cdr, "s2"), (DeliveryKind.Cdr, "s3"));

        Assert.Equal(["Session s1", "Session s2", "Cdr s3"], await NextAsync());
        await SettleAsync("s1", new Settlement.Delivered(null));
        await SettleAsync("s2", new Settlement.Refused("2001"));
        Assert.Equal(["Cdr s1", "Cdr s2", "Cdr s3"], await NextAsync());
    }

    [Fact]
    public async Task Credits_and_corrected_cdrs_go_one_after_the_other_whatever_becomes_of_those_before()
    {
        var s = new string('a', 36);
        var other = new string('a', 35) + "b";
        await OweAsync((DeliveryKind.Cdr, s));
        await SettleAsync(s, new Settlement.TryLater(_fixture.Clock.GetUtcNow().AddMinutes(5), "503"));
        await OweAsync((DeliveryKind.Cdr, s + "-C"), (DeliveryKind.Cdr, s + "-2"), (DeliveryKind.Cdr, other));

        Assert.Equal([$"Cdr {other}"], await NextAsync());
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([$"Cdr {s}", $"Cdr {other}"], (await NextAsync()).Order(StringComparer.Ordinal));
        await SettleAsync(other, new Settlement.Delivered(null));
        await SettleAsync(s, new Settlement.Delivered(null));
        Assert.Equal([$"Cdr {s}-C"], await NextAsync());

        // A hub that refuses the credit and takes what is billed instead would have the energy twice.
        await SettleAsync(s + "-C", new Settlement.Refused("2001"));
        Assert.Empty(await NextAsync());
        var refused = Assert.Single(await Outbox.ListAsync(Hub, OwedState.Refused, 10, default));
        Assert.True(await Outbox.DiscardAsync(refused.Id, default));
        Assert.Equal([$"Cdr {s}-2"], await NextAsync());
        await OweAsync((DeliveryKind.Cdr, s + "-2C"));
        Assert.Equal([$"Cdr {s}-2"], await NextAsync());
        await SettleAsync(s + "-2", new Settlement.Delivered(null));
        Assert.Equal([$"Cdr {s}-2C"], await NextAsync());
    }

    [Fact]
    public async Task A_refused_credit_that_is_tried_again_by_hand_overtakes_nothing_of_its_session()
    {
        var s = new string('a', 36);
        await OweAsync((DeliveryKind.Cdr, s), (DeliveryKind.Cdr, s + "-C"));
        await SettleAsync(s, new Settlement.Refused("2001"));
        var original = Assert.Single(await Outbox.ListAsync(Hub, OwedState.Refused, 10, default));
        Assert.True(await Outbox.DiscardAsync(original.Id, default));
        await SettleAsync(s + "-C", new Settlement.Refused("2001"));
        var credit = Assert.Single(await Outbox.ListAsync(Hub, OwedState.Refused, 10, default));
        await OweAsync((DeliveryKind.Cdr, s + "-2"));

        Assert.True(await Outbox.RetryAsync(credit.Id, default));

        // The one behind it does not keep it back; it keeps that one back.
        Assert.Equal([$"Cdr {s}-C"], await NextAsync());
    }

    [Fact]
    public async Task A_cdr_still_waits_when_its_session_was_owed_anew_while_it_was_sent()
    {
        await OweAsync((DeliveryKind.Session, "s1"), (DeliveryKind.Cdr, "s1"));
        var sent = (await Outbox.NextAsync(Hub, 10, Nothing, default)).Single();
        await OweAsync((DeliveryKind.Session, "s1"));
        await Outbox.SettleAsync(sent, new Settlement.Delivered(null), default);

        Assert.Equal(["Session s1"], await NextAsync());
    }

    [Fact]
    public async Task A_refused_cdr_that_is_tried_again_by_hand_waits_for_its_session_all_the_same()
    {
        await OweAsync((DeliveryKind.Session, "s1"), (DeliveryKind.Cdr, "s1"));
        await SettleAsync("s1", new Settlement.Refused("2003"));
        await SettleAsync("s1", new Settlement.Refused("2003"));
        foreach (var refused in await Outbox.ListAsync(null, OwedState.Refused, 10, default))
            Assert.True(await Outbox.RetryAsync(refused.Id, default));

        Assert.Equal(["Session s1"], await NextAsync()); // I6
        await SettleAsync("s1", new Settlement.Delivered(null));
        Assert.Equal(["Cdr s1"], await NextAsync());
    }

    [Fact]
    public async Task A_location_that_changes_all_the_time_holds_back_sessions_only_until_the_hub_has_it()
    {
        await OweAsync((DeliveryKind.Location, "BER01"), (DeliveryKind.Session, "s1"));
        var put = (await Outbox.NextAsync(Hub, 10, Nothing, default)).Single();
        await OweAsync((DeliveryKind.EvseStatus, "CP-1-1"));
        await Outbox.SettleAsync(put, new Settlement.Delivered(null), default);

        Assert.Equal(["Location BER01", "Session s1"], await NextAsync());
    }

    [Fact]
    public async Task What_is_owed_twice_is_sent_once_and_never_lost_while_in_flight()
    {
        await OweAsync((DeliveryKind.Session, "s1"));
        await OweAsync((DeliveryKind.Session, "s1"));
        var sent = (await Outbox.NextAsync(Hub, 10, Nothing, default)).Single();
        Assert.Equal(2, sent.Version);

        await OweAsync((DeliveryKind.Session, "s1"));
        Assert.Empty(await Outbox.NextAsync(Hub, 10, new HashSet<long> { sent.Id }, default));
        await Outbox.SettleAsync(sent, new Settlement.Delivered(null), default);
        var again = (await Outbox.NextAsync(Hub, 10, Nothing, default)).Single();
        Assert.Equal(3, again.Version);
        await Outbox.SettleAsync(again, new Settlement.Delivered(null), default);
        Assert.Empty(await Outbox.NextAsync(Hub, 10, Nothing, default));
    }

    [Fact]
    public async Task The_whole_location_swallows_the_status_of_its_evses()
    {
        await OweAsync((DeliveryKind.EvseStatus, "CP-1-1"));
        var patch = (await Outbox.NextAsync(Hub, 10, Nothing, default)).Single();
        await OweAsync((DeliveryKind.Location, "BER01"));
        await OweAsync((DeliveryKind.EvseStatus, "CP-1-2"));

        Assert.Empty(await Outbox.NextAsync(Hub, 10, new HashSet<long> { patch.Id }, default)); // P4: the PUT waits for the PATCH under way
        Assert.Equal(["Location BER01"], await NextAsync());
        var put = (await Outbox.NextAsync(Hub, 10, Nothing, default)).Single();
        await OweAsync((DeliveryKind.EvseStatus, "CP-1-2"));
        await Outbox.SettleAsync(put, new Settlement.Delivered(null), default);
        Assert.Equal(["Location BER01"], await NextAsync()); // the status changed while the PUT was under way
        await SettleAsync("BER01", new Settlement.Delivered(null));
        Assert.Empty(await NextAsync());
    }

    [Fact]
    public async Task A_status_behind_a_location_in_backoff_holds_back_no_session()
    {
        await OweAsync((DeliveryKind.EvseStatus, "CP-1-1"), (DeliveryKind.Location, "BER01"), (DeliveryKind.Session, "s1"));
        for (var tries = 0; tries < Owed.TriesBeforeOthers; tries++)
            await SettleAsync("BER01", new Settlement.TryLater(_fixture.Clock.GetUtcNow().AddMinutes(tries / (Owed.TriesBeforeOthers - 1)), "503"));

        Assert.Equal(["Session s1"], await NextAsync());
    }

    [Fact]
    public async Task Retries_wait_for_their_time_and_what_is_refused_is_kept_until_a_person_decides()
    {
        await OweAsync((DeliveryKind.Session, "s1"), (DeliveryKind.Session, "s2"));
        var due = _fixture.Clock.GetUtcNow().AddMinutes(3);
        await SettleAsync("s1", new Settlement.TryLater(due, "HTTP 503"));
        await SettleAsync("s2", new Settlement.Refused("2001 no such EVSE"));

        Assert.Empty(await NextAsync());
        Assert.Equal(due, await Outbox.NextDueAsync(Hub, default));
        Assert.Equal(new(1, 1, _fixture.Clock.GetUtcNow(), null), await Outbox.FiguresAsync(Hub, default));
        var refused = (await Outbox.ListAsync(null, OwedState.Refused, 10, default)).Single();
        Assert.Equal(("s2", 1, "2001 no such EVSE"), (refused.Object, refused.Attempts, refused.LastError));

        _fixture.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(["Session s1"], await NextAsync());
        Assert.True(await Outbox.RetryAsync(refused.Id, default));
        Assert.Equal(["Session s1", "Session s2"], await NextAsync());
        Assert.False(await Outbox.DiscardAsync(refused.Id, default));
        await SettleAsync("s2", new Settlement.Refused("again"));
        Assert.True(await Outbox.DiscardAsync(refused.Id, default));
        Assert.Null(await Outbox.GetAsync(refused.Id, default));
        Assert.False(await Outbox.RetryAsync(refused.Id, default));
    }

    [Fact]
    public async Task A_frozen_cdr_keeps_its_first_bytes_for_ever()
    {
        await OweAsync((DeliveryKind.Cdr, "s1"));
        var owed = (await Outbox.NextAsync(Hub, 1, Nothing, default)).Single();
        var first = await Outbox.FreezeAsync(owed, "2.2.1", () => "first"u8.ToArray(), default);
        await _fixture.ReopenAsync();
        var second = await Outbox.FreezeAsync(owed, "2.2.1", () => "second"u8.ToArray(), default);

        Assert.Equal("first"u8.ToArray(), first);
        Assert.Equal(first, second);
        Assert.Equal(first, await _fixture.Store.History.FrozenCdrAsync(Hub, "s1", "2.2.1", default));
        await Outbox.SettleAsync(owed, new Settlement.Delivered("https://hub/cdrs/1"), default);
        Assert.Equal("https://hub/cdrs/1", _fixture.Ask<string>("select receipt from cdr_delivered where id = 's1'"));
    }

    [Fact]
    public async Task A_waiting_loop_wakes_with_a_delivery_even_if_it_came_before_the_wait()
    {
        Assert.Empty(await NextAsync());
        var waiting = Outbox.WaitAsync(Hub, TimeSpan.FromHours(1), default);
        Assert.False(waiting.IsCompleted);
        await OweAsync((DeliveryKind.Session, "s1"));
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));

        await OweAsync((DeliveryKind.Session, "s2"));
        await Outbox.WaitAsync(Hub, TimeSpan.FromHours(1), default).WaitAsync(TimeSpan.FromSeconds(10)); // it came before the wait
        var again = Outbox.WaitAsync(Hub, TimeSpan.FromSeconds(30), default);
        await _fixture.CommitAsync([], [new("other", DeliveryKind.Session, "s3")]);
        Assert.False(again.IsCompleted); // each change wakes once: a loop that cannot look now does not spin
        _fixture.Clock.Advance(TimeSpan.FromSeconds(31));
        await again.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_clock_that_jumps_back_ten_years_leaves_nothing_waiting_for_ten_years()
    {
        await OweAsync((DeliveryKind.Session, "s1"));
        await SettleAsync("s1", new Settlement.TryLater(_fixture.Clock.GetUtcNow().AddMinutes(5), "503"));
        _fixture.Clock.Jump(TimeSpan.FromDays(-3650));

        Assert.Equal(["Session s1"], await NextAsync());
    }

    private Task OweAsync(params (DeliveryKind Kind, string Object)[] owed) => _fixture.OweAsync([.. owed.Select(o => new Delivery(Hub, o.Kind, o.Object))]);

    private async Task<string[]> NextAsync() => [.. (await Outbox.NextAsync(Hub, 10, Nothing, default)).Select(o => $"{o.Kind} {o.Object}")];

    private async Task SettleAsync(string @object, Settlement settlement)
    {
        var owed = (await Outbox.NextAsync(Hub, 100, Nothing, default)).First(o => o.Object == @object);
        await Outbox.SettleAsync(owed, settlement, default);
    }
}
