using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>Where a charger cannot reserve, the gateway says yes to the hub and no to other drivers.</summary>
public sealed class KeptByGatewayTests : IAsyncDisposable
{
    private static readonly Token Driver = new() { Uid = "APP-USER-1", Type = TokenType.AppUser, Owner = new("DE", "MSP"), ContractId = "C", Hub = ExampleSite.Hub, Whitelist = Whitelist.Never };
    private readonly MemoryJournal _journal = new();
    private readonly ManualClock _clock = new();
    private readonly SiteEngine _engine;
    private readonly Authorizations _authorizations;

    public KeptByGatewayTests()
    {
        _engine = new(SiteState.Restore(ExampleSite.Create(), _journal.Load()), _journal, _clock);
        _engine.Start(new CannotReserve());
        _authorizations = new(_engine, new Nobody(), new Nobody(), _clock);
    }

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Its_driver_is_let_in_without_a_question_and_others_are_turned_away()
    {
        await _engine.ReportAsync(new StationConnected("CP-1", "OCPP 1.6", "127.0.0.1"), CancellationToken.None);
        await ReserveAsync("R-1", "CP-1-1");

        var driver = await _authorizations.DecideStartAsync(SiteUnderTest.At(), Driver.Uid, null, CancellationToken.None);
        Assert.Equal((AuthorizationStatus.Accepted, AuthMethod.Command, "REF-R-1"), (driver.Status, driver.Method, driver.Reference));
        Assert.Equal(AuthorizationStatus.NotAllowed, (await _authorizations.DecideStartAsync(SiteUnderTest.At(), ExampleSite.Card, null, CancellationToken.None)).Status);
        Assert.Equal(AuthorizationStatus.Accepted, (await _authorizations.DecideStartAsync(SiteUnderTest.At(2), ExampleSite.Card, null, CancellationToken.None)).Status);

        // A 1.6 Authorize does not say where: only when every place is kept free is there none for others.
        Assert.Equal(AuthorizationStatus.Accepted, (await _authorizations.AdmitAsync("CP-1", ExampleSite.Card, CancellationToken.None)).Status);
        await ReserveAsync("R-2", "CP-1-2");
        Assert.Equal(AuthorizationStatus.NotAllowed, (await _authorizations.AdmitAsync("CP-1", ExampleSite.Card, CancellationToken.None)).Status);
        Assert.Equal(AuthorizationStatus.Accepted, (await _authorizations.AdmitAsync("CP-1", Driver.Uid, CancellationToken.None)).Status);
    }

    private async Task ReserveAsync(string id, string evse)
    {
        var grant = await _engine.RequestAsync(
            new Reserve(ExampleSite.Hub, new("DE", "MSP"), id, Driver, _clock.GetUtcNow().AddHours(1), "BER01", evse, null, $"REF-{id}", null), CancellationToken.None);
        Assert.Equal(OrderOutcome.Accepted, (await _engine.OutcomeAsync(grant.OrderId!.Value, CancellationToken.None)).Outcome);
    }

    private sealed class CannotReserve : IChargers
    {
        public Task<OrderResult> CarryOutAsync(Order order, CancellationToken cancellationToken) => Task.FromResult(new OrderResult(OrderOutcome.NotSupported));
    }

    private sealed class Nobody : ITokens, IHubAuthorizer
    {
        public ValueTask<IReadOnlyList<Token>> FindAsync(string uid, CancellationToken cancellationToken) => new([]);

        public ValueTask<IReadOnlyList<Token>> FindByContractAsync(string contractId, CancellationToken cancellationToken) => new([]);

        public ValueTask<Token?> GetAsync(string hub, Party owner, string uid, TokenType type, CancellationToken cancellationToken) => new((Token?)null);

        public Task<int> StoreAsync(IReadOnlyList<Token> tokens, CancellationToken cancellationToken) => Task.FromResult(0);

        public ValueTask<long> CountAsync(string hub, CancellationToken cancellationToken) => new(0);

        public ValueTask<IReadOnlyList<Token>> OfflineAsync(int most, CancellationToken cancellationToken) => new((IReadOnlyList<Token>)[]);

        public void Watch(Action<TokenNews> watcher)
        {
            // Nothing ever changes.
        }

        public Task<Authorization?> AskAsync(string uid, Token? known, string station, CancellationToken cancellationToken) => Task.FromResult<Authorization?>(null);
    }
}
