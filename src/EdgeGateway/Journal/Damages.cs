using System.Collections.Concurrent;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>Records that were found to be damaged: each is told once, as an event and in the log, and never billed (I17).</summary>
internal sealed partial class Damages(ILogger<Store> logger)
{
    /// <summary>Records that are told one by one.</summary>
    private const int Limit = 1_000;

    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    /// <summary>Set once the writer runs; what was found before waits for it.</summary>
    public Writer? Writer
    {
        get;
        set
        {
            field = value;
            foreach (var record in _told.Keys)
                Raise(record);
        }
    }

    public void Found(CorruptRecordException damage)
    {
        if (_told.Count >= Limit || !_told.TryAdd(damage.Record, true))
            return;
        LogDamage(damage);
        Raise(damage.Record);
    }

    private void Raise(string record) => _ = Writer?.DoAsync(
        transaction => transaction.Raise(Severity.Error, "RecordDamaged", record, "The record on disk is not what was written; it is left out and not billed."),
        CancellationToken.None);

    [LoggerMessage(EventId = 20, Level = LogLevel.Error, Message = "A billing record is damaged on disk and is left out")]
    private partial void LogDamage(CorruptRecordException damage);
}
