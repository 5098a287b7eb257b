using System.Text;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Journal;

/// <summary>I4: until a hub was sent a CDR, an end that was told late takes its place in it; from then on it never changes.</summary>
public sealed class RevisionTests : IAsyncLifetime
{
    private readonly StoreFixture _fixture = new();
    private readonly Drawn _drawn = new(31);
    private Cdr _cdr = null!;

    public async ValueTask InitializeAsync()
    {
        await _fixture.OpenAsync();
        var session = _drawn.Session(1, SessionStatus.Completed) with { EndedAt = _drawn.Time() };
        _cdr = _drawn.Cdr(session) with { Created = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero) };
        await _fixture.CommitAsync([new SessionChanged(session, true), new CdrIssued(_cdr)], [Owes(_cdr)]);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task It_is_what_came_last_as_long_as_nobody_was_sent_it()
    {
        var revised = Revised(_cdr, 777);
        await _fixture.CommitAsync(new CdrRevised(revised));
        Assert.Equal(Drawn.Text(revised), Drawn.Text(await _fixture.Store.History.CdrAsync(_cdr.Id, default)));
        Assert.Equal(1, _fixture.Ask<long>("select count(*) from cdr"));
        Assert.Empty((await RecallAsync()).Frozen);
        await Assert.ThrowsAnyAsync<Exception>(() => _fixture.CommitAsync(new CdrRevised(revised with { Id = "of no session" })));
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("delivered")]
    [InlineData("credited")]
    public async Task Once_it_is_out_nothing_of_the_turn_is_written(string how)
    {
        var owed = (await _fixture.Store.Outbox.NextAsync("hub", 9, new HashSet<long>(), default)).Single(o => o.Kind is DeliveryKind.Cdr);
        switch (how)
        {
            case "frozen":
                await _fixture.Store.Outbox.FreezeAsync(owed, "2.2.1", () => [1], default);
                break;
            case "delivered":
                await _fixture.Store.Outbox.SettleAsync(owed, new Settlement.Delivered(null), default);
                break;
            default:
                await _fixture.CommitAsync(new CdrIssued(_drawn.Credit(_cdr).Credit));
                break;
        }
        Assert.Equal([1], (await RecallAsync()).Frozen);
        await Assert.ThrowsAsync<CdrFrozenException>(() => _fixture.CommitAsync(new CdrRevised(Revised(_cdr, 777)), new SessionChanged(_drawn.Session(2), true)));
        Assert.Equal(Drawn.Text(_cdr), Drawn.Text(await _fixture.Store.History.CdrAsync(_cdr.Id, default)));
        Assert.Null(await _fixture.Store.History.SessionByNumberAsync(2, default));
        Assert.Null((await _fixture.Store.FiguresAsync(default)).Trouble);
    }

    [Fact]
    public async Task Bytes_of_one_that_is_no_more_are_not_frozen()
    {
        var owed = new Owed(0, "hub", DeliveryKind.Cdr, _cdr.Id, 0, 0) { Issued = _cdr.Created };
        var revised = Revised(_cdr, 777);
        await _fixture.CommitAsync(new CdrRevised(revised));
        Assert.Null(await _fixture.Store.Outbox.FreezeAsync(owed, "2.2.1", () => [1], default));
        Assert.Null(await _fixture.Store.History.FrozenCdrAsync("hub", _cdr.Id, "2.2.1", default));
        Assert.Equal([2], await _fixture.Store.Outbox.FreezeAsync(owed with { Issued = revised.Created }, "2.2.1", () => [2], default));
    }

    [Fact]
    public async Task With_a_sender_and_a_late_stop_in_a_race_the_hub_has_what_is_on_disk_whoever_wins()
    {
        var random = new Random(7);
        var (revisions, refusals) = (0, 0);
        for (var n = 2; n < 150; n++)
        {
            var session = _drawn.Session(n, SessionStatus.Completed);
            var cdr = _drawn.Cdr(session) with { Created = _cdr.Created };
            await _fixture.CommitAsync([new SessionChanged(session, true), new CdrIssued(cdr)], [Owes(cdr)]);
            var (sendsAfter, stopsAfter) = (random.Next(200), random.Next(200));
            var sending = Task.Run(async () =>
            {
                Thread.SpinWait(sendsAfter * 100);
                while (true)
                {
                    var read = (await _fixture.Store.History.CdrAsync(cdr.Id, default))!;
                    var owed = new Owed(0, "hub", DeliveryKind.Cdr, cdr.Id, 0, 0) { Issued = read.Created };
                    if (await _fixture.Store.Outbox.FreezeAsync(owed, "2.2.1", () => Bytes(read), default) is { } sent)
                        return sent;
                }
            });
            var stopping = Task.Run(async () =>
            {
                Thread.SpinWait(stopsAfter * 100);
                for (var i = 1; i <= 3; i++)
                {
                    try
                    {
                        await _fixture.CommitAsync(new CdrRevised(Revised(cdr, i)));
                        Interlocked.Increment(ref revisions);
                    }
                    catch (CdrFrozenException)
                    {
                        Interlocked.Increment(ref refusals);
                    }
                }
            });
            var atHub = await sending;
            await stopping;
            await using var cut = n % 40 == 0 ? _fixture.Cut() : null;
            var store = cut is null ? _fixture.Store : await cut.OpenAsync();
            Assert.Equal(Encoding.UTF8.GetString(atHub), Encoding.UTF8.GetString(Bytes((await store.History.CdrAsync(cdr.Id, default))!)));
            Assert.Equal(atHub, await store.History.FrozenCdrAsync("hub", cdr.Id, "2.2.1", default));
        }
        Assert.True(revisions > 0 && refusals > 0, $"{revisions} revisions, {refusals} refusals: neither ever won");
    }

    private static Delivery Owes(Cdr cdr) => new("hub", DeliveryKind.Cdr, cdr.Id);

    private static Cdr Revised(Cdr cdr, int n) => cdr with { Created = cdr.Created.AddSeconds(n), Bill = cdr.Bill with { EnergyWh = n } };

    private static byte[] Bytes(Cdr cdr) => Encoding.UTF8.GetBytes($"{cdr.Created:O} {cdr.Bill.EnergyWh}");

    private async Task<Recalled> RecallAsync() => await _fixture.Store.Journal.RecallAsync([new SessionKey.ByNumber(1)], default);
}
