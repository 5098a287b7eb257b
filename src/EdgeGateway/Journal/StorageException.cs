namespace EdgeGateway.Journal;

/// <summary>The store cannot be used, and a person can do something about it. The message is one line, fit for the console.</summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A stored record is not what was written (I17). It must not be billed.</summary>
public sealed class CorruptRecordException(string record, string why) : Exception($"{record} is damaged on disk: {why}.")
{
    public string Record { get; } = record;
}
