using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Chargers.LocalLists;

public sealed class ListKeeperTests
{
    private readonly ManualClock _clock = new();
    private readonly ListedTokens _tokens = new();
    private readonly MemoryDocuments _documents = new();

    [Fact]
    public async Task A_charger_gets_the_cards_of_the_site_and_of_the_hubs_and_hears_of_changes_as_differences()
    {
        _tokens.Cards = [Hub("HUB1"), Hub("HUB2", group: "FLEET")];
        await using var host = await StartAsync();
        await using var charger = await ListCharger.ConnectAsync(host, _clock);

        await charger.UntilAsync(() => charger.List.Count == 3);
        Assert.Equal(["CARD", "HUB1", "HUB2"], charger.List.Keys.Order());
        Assert.Equal("FLEET", charger.List["HUB2"]);
        Assert.Contains("Full 1", charger.Sent);

        _tokens.Set([Hub("HUB2", group: "FLEET"), Hub("HUB3")], revoked: true);
        await charger.UntilAsync(() => charger.List.ContainsKey("HUB3"));
        Assert.Equal(["CARD", "HUB2", "HUB3"], charger.List.Keys.Order());
        Assert.Equal("Differential 2", charger.Sent[^1]);
        Assert.Equal(1, charger.CachesCleared);
    }

    [Fact]
    public async Task A_line_that_comes_again_to_a_charger_in_step_sends_nothing_and_one_that_lost_its_list_gets_all_of_it()
    {
        await using var host = await StartAsync();
        int version;
        await using (var charger = await ListCharger.ConnectAsync(host, _clock))
        {
            await charger.UntilAsync(() => charger.List.Count == 1);
            version = charger.Version;
        }
        await using (var again = await ListCharger.ConnectAsync(host, _clock, c => (c.Version, c.List["CARD"]) = (version, null)))
        {
            await again.UntilAsync(() => again.Asked.Contains("GetLocalListVersion"));
            await again.RestAsync();
            Assert.Empty(again.Sent);
            // The limits of a model and firmware are asked for once.
            Assert.DoesNotContain("GetConfiguration LocalAuthListEnabled", again.Asked);
        }
        await using var wiped = await ListCharger.ConnectAsync(host, _clock);
        await wiped.UntilAsync(() => wiped.List.Count == 1);
        Assert.Equal([$"Full {version + 1}"], wiped.Sent);
    }

    [Fact]
    public async Task What_a_charger_can_hold_is_kept_to_and_the_site_cards_come_first()
    {
        _tokens.Cards = [.. Enumerable.Range(0, 30).Select(n => Hub($"HUB{n:00}"))];
        await using var host = await StartAsync();
        await using var charger = await ListCharger.ConnectAsync(host, _clock, c => (c.Entries, c.PerMessage) = (12, 5));

        await charger.UntilAsync(() => charger.List.Count == 12);
        await charger.RestAsync();
        Assert.Equal(12, charger.List.Count);
        Assert.Contains("CARD", charger.List.Keys);
        Assert.Equal(["Full 1", "Differential 2", "Differential 3"], charger.Sent);
        Assert.All(charger.Lengths, length => Assert.InRange(length, 1, 5));
    }

    [Fact]
    public async Task A_difference_that_a_charger_does_not_take_is_followed_by_the_whole_list_once()
    {
        await using var host = await StartAsync();
        await using var charger = await ListCharger.ConnectAsync(host, _clock, c => c.Refuses = "Differential");
        await charger.UntilAsync(() => charger.List.Count == 1);

        _tokens.Set([Hub("HUB1")], revoked: false);
        await charger.UntilAsync(() => charger.List.Count == 2);
        Assert.Equal(["Full 1", "Differential 2", "Full 2"], charger.Sent);

        charger.Refuses = "l";
        _tokens.Set([], revoked: false);
        await charger.UntilAsync(() => host.HasEvent("LocalListRefused", "CP-1"));
        var tries = charger.Sent.Count;
        await charger.RestAsync();
        Assert.Equal(tries, charger.Sent.Count);
    }

    [Fact]
    public async Task A_card_whose_hub_wants_to_be_asked_is_not_given_to_a_charger_that_would_not_ask()
    {
        _tokens.Cards = [Hub("HUB1") with { Whitelist = Whitelist.AllowedOffline }, Hub("HUB2")];
        await using var host = await StartAsync();
        await using (var charger = await ListCharger.ConnectAsync(host, _clock, c => c.PreAuthorizes = true))
        {
            await charger.UntilAsync(() => charger.List.ContainsKey("HUB2"));
            Assert.DoesNotContain("HUB1", charger.List.Keys);
        }
        await using var host2 = await StartAsync(documents: new());
        await using var asking = await ListCharger.ConnectAsync(host2, _clock);
        await asking.UntilAsync(() => asking.List.ContainsKey("HUB1"));
    }

    [Fact]
    public async Task A_charger_without_a_list_is_asked_once_and_a_card_of_a_hub_that_is_not_shown_the_station_is_on_no_list()
    {
        await using var host = await StartAsync();
        await using (var charger = await ListCharger.ConnectAsync(host, _clock, c => c.Entries = 0))
        {
            await charger.UntilAsync(() => charger.Asked.Any(a => a.StartsWith("GetConfiguration LocalAuthListEnabled", StringComparison.Ordinal)));
            await charger.RestAsync();
            Assert.Empty(charger.Sent);
        }

        _tokens.Cards = [Hub("HUB1"), Hub("OTHER") with { Hub = "another" }];
        await using var shown = await StartAsync(documents: new());
        await using var second = await ListCharger.ConnectAsync(shown, _clock);
        await second.UntilAsync(() => second.List.ContainsKey("HUB1"));
        Assert.DoesNotContain("OTHER", second.List.Keys);
    }

    [Fact]
    public async Task A_card_of_the_site_that_is_taken_off_the_file_leaves_the_list_and_the_cache()
    {
        await using var host = await StartAsync();
        await using var charger = await ListCharger.ConnectAsync(host, _clock);
        await charger.UntilAsync(() => charger.List.Count == 1);

        await host.Engine.RequestAsync(new Configure(host.Engine.State.Configuration with { LocalTokens = [] }), default);

        await charger.UntilAsync(() => charger.List.Count == 0 && charger.CachesCleared == 1);
    }

    [Fact]
    public async Task A_smaller_number_in_the_edited_file_shortens_the_list()
    {
        _tokens.Cards = [Hub("HUB1"), Hub("HUB2")];
        await using var host = await StartAsync();
        await using var charger = await ListCharger.ConnectAsync(host, _clock);
        await charger.UntilAsync(() => charger.List.Count == 3);

        host.Options = host.Options with { LocalListEntries = 2 };

        await charger.UntilAsync(() => charger.List.Count == 2);
    }

    [Fact]
    public async Task A_technician_sends_the_list_anew_and_reads_what_is_there()
    {
        await using var host = await StartAsync();
        await using var charger = await ListCharger.ConnectAsync(host, _clock);
        await charger.UntilAsync(() => charger.List.Count == 1);
        charger.List.Clear();

        var sent = await charger.WhileAsync(host.Care.DoAsync("CP-1", new SendLocalList(Full: true), "test", default));
        Assert.Equal(CareOutcome.Done, sent.Outcome);
        Assert.Single(charger.List);

        var told = await charger.WhileAsync(host.Care.DoAsync("CP-1", new ReadLocalList(), "test", default));
        Assert.Equal(CareOutcome.Done, told.Outcome);
        Assert.Contains(told.Values, v => v is { Name: "Version", Value: "2" });
    }

    private Task<ChargersHost> StartAsync(MemoryDocuments? documents = null) => ChargersHost.StartAsync(
        o => o with { LocalListEntries = 100, QuietSeconds = 5, MeterValueSeconds = 0 }, _clock,
        site => site with { LocalTokens = [new() { Uid = "CARD", Owner = new("DE", "ABC") }] },
        documents ?? _documents, _tokens);

    private static Token Hub(string uid, string? group = null) => new() { Uid = uid, Owner = new("DE", "EMP"), Hub = ExampleSite.Create().Hubs[0].Name, GroupId = group };

    private sealed class ListedTokens : ITokens
    {
        private Action<TokenNews>? _watcher;

        public IReadOnlyList<Token> Cards { get; set; } = [];

        public void Set(IReadOnlyList<Token> cards, bool revoked)
        {
            Cards = cards;
            _watcher!(new(1, revoked));
        }

        public ValueTask<IReadOnlyList<Token>> FindAsync(string uid, CancellationToken cancellationToken) => new([.. Cards.Where(c => Uid.Same(c.Uid, uid))]);

        public ValueTask<IReadOnlyList<Token>> FindByContractAsync(string contractId, CancellationToken cancellationToken) => new([]);

        public ValueTask<Token?> GetAsync(string hub, Party owner, string uid, TokenType type, CancellationToken cancellationToken) => new((Token?)null);

        public Task<int> StoreAsync(IReadOnlyList<Token> tokens, CancellationToken cancellationToken) => Task.FromResult(0);

        public ValueTask<long> CountAsync(string hub, CancellationToken cancellationToken) => new(Cards.Count);

        public ValueTask<IReadOnlyList<Token>> OfflineAsync(int most, CancellationToken cancellationToken) => new([.. Cards.Take(most)]);

        public void Watch(Action<TokenNews> watcher) => _watcher += watcher;
    }

    /// <summary>A 1.6 charger with a list, by hand; the gateway's clock moves only while it is listened to.</summary>
    private sealed class ListCharger : IAsyncDisposable
    {
        private readonly RawCharger _wire;
        private readonly ManualClock _clock;
        private Task<JsonElement?> _next;

        private ListCharger(RawCharger wire, ManualClock clock)
        {
            (_wire, _clock) = (wire, clock);
            _next = wire.ReceiveAsync(TimeSpan.FromMinutes(1));
        }

        public Dictionary<string, string?> List { get; } = new(StringComparer.OrdinalIgnoreCase);
        public List<string> Asked { get; } = [];
        public List<string> Sent { get; } = [];
        public List<int> Lengths { get; } = [];
        public int Version { get; set; }
        public int Entries { get; set; } = 50;
        public int PerMessage { get; set; } = 20;
        public bool PreAuthorizes { get; set; }
        public int CachesCleared { get; private set; }

        /// <summary>Updates whose kind contains it fail.</summary>
        public string? Refuses { get; set; }

        public static async Task<ListCharger> ConnectAsync(ChargersHost host, ManualClock clock, Action<ListCharger>? configure = null)
        {
            var wire = await host.ConnectAsync();
            await wire.BootAsync();
            var charger = new ListCharger(wire, clock);
            configure?.Invoke(charger);
            return charger;
        }

        public async Task UntilAsync(Func<bool> condition)
        {
            for (var i = 0; i < 3000 && !condition(); i++)
                await StepAsync();
            Assert.True(condition(), $"asked: {string.Join("; ", Asked)}; sent: {string.Join("; ", Sent)}");
        }

        /// <summary>Time in which the gateway could do what it is not to do.</summary>
        public async Task RestAsync()
        {
            for (var i = 0; i < 60; i++)
                await StepAsync();
        }

        public async Task<T> WhileAsync<T>(Task<T> task)
        {
            while (!task.IsCompleted)
                await StepAsync();
            return await task;
        }

        public ValueTask DisposeAsync() => _wire.DisposeAsync();

        private async Task StepAsync()
        {
            if (await Task.WhenAny(_next, Task.Delay(5)) != _next)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return;
            }
            var frame = await _next;
            Assert.NotNull(frame);
            _next = _wire.ReceiveAsync(TimeSpan.FromMinutes(1));
            if (frame.Value[0].GetInt32() == 2)
                await _wire.SendAsync($"[3,\"{frame.Value[1].GetString()}\",{Answer(frame.Value[2].GetString()!, frame.Value[3])}]");
        }

        private string Answer(string action, JsonElement payload)
        {
            Asked.Add(action == "GetConfiguration" ? $"{action} {payload.GetProperty("key")[0].GetString()}" : action);
            switch (action)
            {
                case "GetConfiguration" when payload.GetProperty("key")[0].GetString() == "LocalAuthListEnabled":
                    return Entries == 0
                        ? """{"unknownKey":["LocalAuthListEnabled"]}"""
                        : $$"""
                          {"configurationKey":[{"key":"LocalAuthListEnabled","readonly":false,"value":"true"},{"key":"LocalAuthListMaxLength","readonly":true,"value":"{{Entries}}"},
                          {"key":"SendLocalListMaxLength","readonly":true,"value":"{{PerMessage}}"},{"key":"LocalPreAuthorize","readonly":false,"value":"{{(PreAuthorizes ? "True" : "false")}}"}]}
                          """;
                case "GetLocalListVersion":
                    return $$"""{"listVersion":{{Version}}}""";
                case "SendLocalList":
                    return Take(payload);
                case "ClearCache":
                    CachesCleared++;
                    return """{"status":"Accepted"}""";
                default:
                    return """{"status":"Accepted"}""";
            }
        }

        private string Take(JsonElement payload)
        {
            var (kind, version) = (payload.GetProperty("updateType").GetString()!, payload.GetProperty("listVersion").GetInt32());
            Sent.Add($"{kind} {version}");
            if (Refuses is { } refused && kind.Contains(refused, StringComparison.Ordinal))
                return """{"status":"Failed"}""";
            if (kind == "Full")
                List.Clear();
            var entries = payload.GetProperty("localAuthorizationList").EnumerateArray().ToList();
            Lengths.Add(entries.Count);
            foreach (var entry in entries)
            {
                var uid = entry.GetProperty("idTag").GetString()!;
                if (entry.TryGetProperty("idTagInfo", out var info))
                    List[uid] = info.TryGetProperty("parentIdTag", out var group) ? group.GetString() : null;
                else
                    List.Remove(uid);
            }
            Version = version;
            return """{"status":"Accepted"}""";
        }
    }
}
