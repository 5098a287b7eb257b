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
