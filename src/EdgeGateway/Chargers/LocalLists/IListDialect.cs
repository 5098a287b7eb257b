namespace EdgeGateway.Chargers.LocalLists;

/// <summary>Local lists and caches in the words of one family of OCPP. A charger that does not answer is heard again later.</summary>
public interface IListDialect
{
    /// <summary>What the charger can hold. Null: it has no list. Throws <see cref="ListUnansweredException"/>.</summary>
    Task<ListLimits?> AskListLimitsAsync(ChargerLine line, CancellationToken cancellationToken);

    /// <summary>The version of the charger's list; 0 when it is empty, null when it has none. Throws <see cref="ListUnansweredException"/>.</summary>
    Task<int?> AskListVersionAsync(ChargerLine line, CancellationToken cancellationToken);

    Task<ListVerdict> SendListAsync(ChargerLine line, ListUpdate update, CancellationToken cancellationToken);

    /// <summary>Whether the charger has forgotten what it accepted before; null when it has nothing to forget. Throws <see cref="ListUnansweredException"/>.</summary>
    Task<bool?> ClearCacheAsync(ChargerLine line, CancellationToken cancellationToken);
}

/// <summary>The charger did not answer, so that nothing is known.</summary>
public sealed class ListUnansweredException(string message) : Exception(message);
