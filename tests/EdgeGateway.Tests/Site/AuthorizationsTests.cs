using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Site;

/// <summary>What was decided for one session is not lent to another.</summary>
public sealed class AuthorizationsTests : IAsyncDisposable
{
    private const string Driver = "DRIVER1";
    private readonly MemoryJournal _journal = new();
    private readonly ManualClock _clock = new();
    private readonly AskedHub _hub = new();
    private readonly SiteEngine _engine;
    private readonly Authorizations _authorizations;

    public AuthorizationsTests()
    {
        var configuration = ExampleSite.Create() with { UnknownStations = UnknownStations.Accept };
        configuration = configuration with { Stations = [configuration.Stations[0], configuration.Stations[1] with { Publish = Audience.Only("another") }] };
        _engine = new(SiteState.Restore(configuration, _journal.Load()), _journal, _clock);
        _engine.Start(new NoChargers());
        _authorizations = new(_engine, _hub, _hub, _clock);
    }

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task The_card_that_ends_a_session_opens_no_other_one_on_the_same_reference()
    {
        // TK6: one answer of the hub, one session.
        Assert.Equal("REF-1", (await _authorizations.AdmitAsync("CP-1", Driver, CancellationToken.None)).Reference);
        var first = await BeginAsync(evse: 1);
        Assert.Equal(("REF-1", 1), (first.Authorization.Reference, _hub.Asked));

        Assert.Equal(AuthorizationStatus.Accepted, (await _authorizations.AdmitAsync("CP-1", Driver, CancellationToken.None)).Status); // to stop
        Assert.Equal(1, _hub.Asked);
        await _engine.ReportAsync(new SessionEnded("CP-1", first.Number, Driver, _clock.GetUtcNow(), 1, "Local", [], null), CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("REF-2", (await BeginAsync(evse: 1)).Authorization.Reference);
    }

    [Fact]
    public async Task A_second_session_beside_the_first_is_the_hubs_to_decide()
    {
        await BeginAsync(evse: 1);
        Assert.Equal("REF-2", (await BeginAsync(evse: 2)).Authorization.Reference);
    }

    [Fact]
    public async Task The_same_start_again_asks_nobody_again()
    {
        var told = _clock.GetUtcNow();
        await _authorizations.DecideStartAsync(SiteUnderTest.At(), Driver, told, CancellationToken.None);
        await BeginAsync(evse: 1);
        var asked = _hub.Asked;
        await _authorizations.DecideStartAsync(SiteUnderTest.At(), Driver, told, CancellationToken.None);
        Assert.Equal(asked, _hub.Asked);
    }

    [Fact]
    public async Task At_a_station_of_no_configuration_no_hubs_driver_charges()
    {
        // Nobody could be billed for it.
        Assert.Equal(AuthorizationStatus.Invalid, (await _authorizations.DecideAsync("NEW-1", Driver, CancellationToken.None)).Status);
        Assert.Equal(AuthorizationStatus.Accepted, (await _authorizations.DecideAsync("NEW-1", ExampleSite.Card, CancellationToken.None)).Status);
        Assert.Equal(0, _hub.Asked);
    }

    [Fact]
    public async Task Who_shares_the_group_of_a_running_session_may_stop_it_and_start_none_unasked()
    {
        _hub.Known = [Member(Driver, "FLEET"), Member("MATE1", "FLEET"), Member("STRANGER1", "OTHERS")];
        await BeginAsync(evse: 1);
        Assert.Equal(1, _hub.Asked);
        var mate = await _authorizations.AdmitAsync("CP-1", "MATE1", CancellationToken.None);
        Assert.Equal((AuthorizationStatus.Accepted, "MATE1", "FLEET"), (mate.Status, mate.Token!.Uid, mate.Token.GroupId));
        Assert.Equal(1, _hub.Asked);
        await _authorizations.AdmitAsync("CP-1", "STRANGER1", CancellationToken.None);
        Assert.Equal(2, _hub.Asked);
        await _authorizations.DecideStartAsync(SiteUnderTest.At(2), "MATE1", _clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(3, _hub.Asked);
    }

    [Fact]
    public async Task Where_a_hub_is_not_shown_the_station_its_drivers_do_not_charge()
    {
        _hub.Known = [Member(Driver, "FLEET") with { Whitelist = Whitelist.Always }];
        Assert.Equal(AuthorizationStatus.Accepted, (await _authorizations.DecideAsync("CP-1", Driver, CancellationToken.None)).Status);
        Assert.Equal(AuthorizationStatus.NotAllowed, (await _authorizations.DecideAsync("CP-2", Driver, CancellationToken.None)).Status);
        Assert.Equal(AuthorizationStatus.NotAllowed, (await _authorizations.DecideAsync("CP-2", "UNKNOWN1", CancellationToken.None)).Status);
    }

    private static Token Member(string uid, string group) =>
        new() { Uid = uid, Owner = new("DE", "MSP"), ContractId = "DE-MSP-C1", GroupId = group, Hub = ExampleSite.Hub, Whitelist = Whitelist.Never };

    private async Task<SessionBegun> BeginAsync(int evse)
    {
        var at = SiteUnderTest.At(evse);
        var authorization = await _authorizations.DecideStartAsync(at, Driver, _clock.GetUtcNow(), CancellationToken.None);
        return await _engine.ReportAsync(new SessionBegan(at, Driver, _clock.GetUtcNow(), 0, authorization), CancellationToken.None);
    }

    private sealed class AskedHub : IHubAuthorizer, ITokens
    {
        public int Asked { get; private set; }

        public IReadOnlyList<Token> Known { get; set; } = [];

        public Task<Authorization?> AskAsync(string uid, Token? known, string station, CancellationToken cancellationToken) =>
            Task.FromResult<Authorization?>(new()
            {
                Status = AuthorizationStatus.Accepted, Token = known ?? ExampleSite.Accepted(uid).Token, Method = AuthMethod.AuthRequest, Reference = $"REF-{++Asked}",
            });

        public ValueTask<IReadOnlyList<Token>> FindAsync(string uid, CancellationToken cancellationToken) =>
            new([.. Known.Where(t => Uid.Same(t.Uid, uid))]);

        public ValueTask<IReadOnlyList<Token>> FindByContractAsync(string contractId, CancellationToken cancellationToken) => new([]);

        public ValueTask<Token?> GetAsync(string hub, Party owner, string uid, TokenType type, CancellationToken cancellationToken) => new((Token?)null);

        public Task<int> StoreAsync(IReadOnlyList<Token> tokens, CancellationToken cancellationToken) => Task.FromResult(0);

        public ValueTask<long> CountAsync(string hub, CancellationToken cancellationToken) => new(0);

        public ValueTask<IReadOnlyList<Token>> OfflineAsync(int most, CancellationToken cancellationToken) => new((IReadOnlyList<Token>)[]);

        public void Watch(Action<TokenNews> watcher)
        {
            // Nothing ever changes.
        }
    }

    private sealed class NoChargers : IChargers
    {
        public Task<OrderResult> CarryOutAsync(EdgeGateway.Site.Requests.Order order, CancellationToken cancellationToken) =>
            Task.FromResult(new OrderResult(OrderOutcome.Offline));
    }
}
