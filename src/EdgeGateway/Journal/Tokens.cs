using System.Collections.Immutable;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>The hubs' tokens, by uid first.</summary>
internal sealed class Tokens(Writer writer, Readers readers) : ITokens
{
    /// <summary>Tokens in one piece of work: others get their turn between two.</summary>
    private const int BatchLimit = 500;

    private const string Columns = """
        select uid, hub, country_code, party_id, type, contract_id, visual_number, issuer, group_id, valid, whitelist, language, last_updated,
               default_profile, energy_supplier, energy_contract from token 
        """;

    /// <summary>An older one changes nothing (TK2), the same one neither: then nothing is written.</summary>
    private const string Upsert = """
        insert into token (uid, hub, country_code, party_id, type, contract_id, visual_number, issuer, group_id, valid, whitelist, language, last_updated,
                           default_profile, energy_supplier, energy_contract)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (uid, hub, country_code, party_id, type) do update set
            uid = excluded.uid, country_code = excluded.country_code, party_id = excluded.party_id, contract_id = excluded.contract_id,
            visual_number = excluded.visual_number, issuer = excluded.issuer, group_id = excluded.group_id, valid = excluded.valid,
            whitelist = excluded.whitelist, language = excluded.language, last_updated = excluded.last_updated,
            default_profile = excluded.default_profile, energy_supplier = excluded.energy_supplier, energy_contract = excluded.energy_contract
        where excluded.last_updated >= last_updated
          and (excluded.contract_id, excluded.visual_number, excluded.issuer, excluded.group_id, excluded.valid, excluded.whitelist,
               excluded.language, excluded.last_updated, excluded.default_profile, excluded.energy_supplier, excluded.energy_contract)
              is not (contract_id, visual_number, issuer, group_id, valid, whitelist, language, last_updated, default_profile, energy_supplier,
                      energy_contract)
        """;

    private ImmutableArray<Action<TokenNews>> _watchers = [];

    public async ValueTask<IReadOnlyList<Token>> FindAsync(string uid, CancellationToken cancellationToken) =>
        await readers.ReadAsync(database => database.Prepared(Columns + "where uid = ? order by hub, country_code, party_id, type").Bind(uid).All(Map), cancellationToken);

    /// <summary>Reads all tokens: contracts are shown by few vehicles, and an index would cost each token that comes.</summary>
    public async ValueTask<IReadOnlyList<Token>> FindByContractAsync(string contractId, CancellationToken cancellationToken)
    {
        const string sameCore = "where substr(upper(replace(replace(contract_id, '-', ''), '*', '')), 1, 14) = ? order by hub, country_code, party_id, type limit 16";
        var core = ContractIds.Core(contractId);
        return await readers.ReadAsync(database => database.Prepared(Columns + sameCore).Bind(core.Length > 14 ? core[..14] : core).All(Map), cancellationToken);
    }

    public ValueTask<Token?> GetAsync(string hub, Party owner, string uid, TokenType type, CancellationToken cancellationToken) => readers.ReadAsync(
        database => database.Prepared(Columns + "where uid = ? and hub = ? and country_code = ? and party_id = ? and type = ?")
            .Bind(uid).Bind(hub).Bind(owner.CountryCode).Bind(owner.PartyId).Bind(type.ToString()).First(Map),
        cancellationToken);

    public async Task<int> StoreAsync(IReadOnlyList<Token> tokens, CancellationToken cancellationToken)
    {
        var news = new TokenNews();
        try
        {
            for (var start = 0; start < tokens.Count; start += BatchLimit)
            {
                var batch = tokens.Skip(start).Take(BatchLimit).ToArray();
                var (changed, revoked) = await writer.DoAsync(transaction => StoreAll(transaction, batch), cancellationToken);
                news = new(news.Changed + changed, news.Revoked || revoked);
            }
            return news.Changed;
        }
        finally
        {
            // What is on disk of a page that failed half way is news all the same.
            if (news.Changed > 0)
            {
                foreach (var watcher in _watchers)
                    watcher(news);
            }
        }
    }

    public async ValueTask<IReadOnlyList<Token>> OfflineAsync(int most, CancellationToken cancellationToken) => await readers.ReadAsync(
        database => database.Prepared(Columns + "where valid = 1 and type = 'Rfid' and whitelist <> 'Never' order by last_updated desc, uid limit ?").Bind(most).All(Map),
        cancellationToken);

    public void Watch(Action<TokenNews> watcher) => ImmutableInterlocked.Update(ref _watchers, static (all, one) => all.Add(one), watcher);

    public async ValueTask<long> CountAsync(string hub, CancellationToken cancellationToken) =>
        await readers.ReadAsync(database => database.Prepared("select count(*) from token where hub = ?").Bind(hub).Scalar()!.Value, cancellationToken);

    private static (int Changed, bool Revoked) StoreAll(Transaction transaction, Token[] batch)
    {
        var (changed, revoked) = (0, false);
        foreach (var token in batch)
        {
            // Only a token that is no longer good can have been revoked, and most are good: so few are looked up first.
            var wasGood = !IsGood(token) && IsGoodOnDisk(transaction, token);
            var stored = Store(transaction, token);
            changed += stored;
            revoked |= wasGood && stored > 0;
        }
        return (changed, revoked);
    }

    private static bool IsGood(Token token) => token.Valid && token.Whitelist is not Whitelist.Never;

    private static bool IsGoodOnDisk(Transaction transaction, Token t) => transaction
        .Prepared("select count(*) from token where uid = ? and hub = ? and country_code = ? and party_id = ? and type = ? and valid = 1 and whitelist <> 'Never'")
        .Bind(t.Uid).Bind(t.Hub).Bind(t.Owner.CountryCode).Bind(t.Owner.PartyId).Bind(t.Type.ToString()).Scalar() > 0;

    private static int Store(Transaction transaction, Token t) => transaction.Prepared(Upsert)
        .Bind(t.Uid).Bind(t.Hub ?? throw new ArgumentException("The site's own tokens live in its configuration.", nameof(t)))
        .Bind(t.Owner.CountryCode).Bind(t.Owner.PartyId).Bind(t.Type.ToString()).Bind(t.ContractId).Bind(t.VisualNumber).Bind(t.Issuer)
        .Bind(t.GroupId).Bind(t.Valid).Bind(t.Whitelist.ToString()).Bind(t.Language).Bind(t.LastUpdated)
        .Bind(t.DefaultProfile).Bind(t.EnergySupplier).Bind(t.EnergyContractId).Run();

    private static Token Map(Statement row)
    {
        var (uid, hub) = (row.Text(), row.Text());
        return new()
        {
            Uid = uid,
            Hub = hub,
            Owner = new(row.Text(), row.Text()),
            Type = row.Word<TokenType>(),
            ContractId = row.TextOrNull(),
            VisualNumber = row.TextOrNull(),
            Issuer = row.TextOrNull(),
            GroupId = row.TextOrNull(),
            Valid = row.Bool(),
            Whitelist = row.Word<Whitelist>(),
            Language = row.TextOrNull(),
            LastUpdated = row.Time(),
            DefaultProfile = row.TextOrNull(),
            EnergySupplier = row.TextOrNull(),
            EnergyContractId = row.TextOrNull(),
        };
    }
}
