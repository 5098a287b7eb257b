using EdgeGateway.Site.Model;

namespace EdgeGateway.Site;

/// <summary>The hubs' tokens: too many for memory, found by an index (TK4).</summary>
public interface ITokens
{
    /// <summary>All tokens with this uid (without case), of whatever hub, party and type (TK1).</summary>
    ValueTask<IReadOnlyList<Token>> FindAsync(string uid, CancellationToken cancellationToken);

    /// <summary>The tokens of a contract, a few at most; it is compared as <see cref="ContractIds"/> does.</summary>
    ValueTask<IReadOnlyList<Token>> FindByContractAsync(string contractId, CancellationToken cancellationToken);

    /// <summary>One token by its full key, or null.</summary>
    ValueTask<Token?> GetAsync(string hub, Party owner, string uid, TokenType type, CancellationToken cancellationToken);

    /// <summary>Stores those that are new or not older than what is stored (TK2); returns how many changed anything.</summary>
    Task<int> StoreAsync(IReadOnlyList<Token> tokens, CancellationToken cancellationToken);

    ValueTask<long> CountAsync(string hub, CancellationToken cancellationToken);

    /// <summary>Cards that may be accepted where nobody can be asked (valid, RFID, whitelist other than NEVER), the newest first.</summary>
    ValueTask<IReadOnlyList<Token>> OfflineAsync(int most, CancellationToken cancellationToken);

    /// <summary>Called after tokens were stored that changed something; must be quick and must not throw.</summary>
    void Watch(Action<TokenNews> watcher);
}

/// <param name="Changed">How many.</param>
/// <param name="Revoked">One of them was acceptable before and is no more.</param>
public readonly record struct TokenNews(int Changed, bool Revoked);
