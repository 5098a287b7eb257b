using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Journal;

public sealed class TokensTests : IAsyncLifetime
{
    private readonly StoreFixture _fixture = new();
    private readonly Drawn _drawn = new(21);

    public async ValueTask InitializeAsync() => await _fixture.OpenAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Tokens_are_found_by_uid_without_case_and_kept_as_sent()
    {
        var token = _drawn.Token("04aBcD") with { Type = TokenType.Rfid };
        var other = token with { Type = TokenType.AppUser };
        Assert.Equal(2, await _fixture.Store.Tokens.StoreAsync([token, other], default));

        var found = await _fixture.Store.Tokens.FindAsync("04ABCD", default);
        Assert.Equal([other, token], found.OrderBy(t => t.Type.ToString(), StringComparer.Ordinal));
        Assert.Equal(token, await _fixture.Store.Tokens.GetAsync("hub", new(token.Owner.CountryCode.ToLowerInvariant(), token.Owner.PartyId), "04ABCD", TokenType.Rfid, default));
        Assert.Null(await _fixture.Store.Tokens.GetAsync("hub2", token.Owner, "04ABCD", TokenType.Rfid, default));
    }

    [Fact]
    public async Task An_older_token_changes_nothing_and_the_same_one_neither()
    {
        var token = _drawn.Token("T1") with { Valid = true };
        await _fixture.Store.Tokens.StoreAsync([token], default);

        Assert.Equal(0, await _fixture.Store.Tokens.StoreAsync([token], default));
        Assert.Equal(0, await _fixture.Store.Tokens.StoreAsync([token with { Valid = false, LastUpdated = token.LastUpdated.AddSeconds(-1) }], default));
        Assert.Equal(token, (await _fixture.Store.Tokens.FindAsync("t1", default)).Single());
        Assert.Equal(1, await _fixture.Store.Tokens.StoreAsync([token with { Valid = false }], default));
        Assert.False((await _fixture.Store.Tokens.FindAsync("t1", default)).Single().Valid);
    }

    [Fact]
    public async Task Cards_for_chargers_without_a_line_are_the_good_ones_and_a_revocation_is_told()
    {
        var told = new List<TokenNews>();
        _fixture.Store.Tokens.Watch(told.Add);
        var first = _drawn.Token("T1") with { Valid = true, Type = TokenType.Rfid, Whitelist = Whitelist.Allowed, LastUpdated = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var newer = first with { Uid = "T2", Whitelist = Whitelist.AllowedOffline, LastUpdated = first.LastUpdated.AddDays(1) };
        await _fixture.Store.Tokens.StoreAsync(
            [first, newer, first with { Uid = "T3", Whitelist = Whitelist.Never }, first with { Uid = "T4", Valid = false }, first with { Uid = "T5", Type = TokenType.AppUser }], default);

        Assert.Equal(["T2", "T1"], (await _fixture.Store.Tokens.OfflineAsync(10, default)).Select(t => t.Uid));
        Assert.Equal(["T2"], (await _fixture.Store.Tokens.OfflineAsync(1, default)).Select(t => t.Uid));
        Assert.Equal([new(5, false)], told);

        told.Clear();
        await _fixture.Store.Tokens.StoreAsync([first], default);
        Assert.Empty(told);
        await _fixture.Store.Tokens.StoreAsync([first with { Valid = false, LastUpdated = first.LastUpdated.AddSeconds(-1) }], default);
        Assert.Empty(told);
        await _fixture.Store.Tokens.StoreAsync([first with { Valid = false }], default);
        await _fixture.Store.Tokens.StoreAsync([newer with { Whitelist = Whitelist.Never }], default);
        Assert.Equal([new(1, true), new(1, true)], told);
    }

    [Fact]
    public async Task Thirty_thousand_tokens_are_stored_in_batches_and_counted()
    {
        var tokens = Enumerable.Range(0, 30_000).Select(n => _drawn.Token($"U{n}")).ToArray();
        Assert.Equal(30_000, await _fixture.Store.Tokens.StoreAsync(tokens, default));

        Assert.Equal(30_000, await _fixture.Store.Tokens.CountAsync("hub", default));
        Assert.Equal(0, await _fixture.Store.Tokens.CountAsync("other", default));
        Assert.Single(await _fixture.Store.Tokens.FindAsync("u29999", default));
    }

    [Fact]
    public async Task Documents_are_written_replaced_and_removed()
    {
        var documents = _fixture.Store.Documents;
        Assert.Null(await documents.ReadAsync("hub:enapi", default));
        await documents.WriteAsync("hub:enapi", "{\"token\":\"a\"}", default);
        await documents.WriteAsync("hub:enapi", "{\"token\":\"b\"}", default);
        await using (var cut = _fixture.Cut())
            Assert.Equal("{\"token\":\"b\"}", await (await cut.OpenAsync()).Documents.ReadAsync("hub:enapi", default));
        await documents.WriteAsync("hub:enapi", null, default);
        Assert.Null(await documents.ReadAsync("hub:enapi", default));
    }
}
