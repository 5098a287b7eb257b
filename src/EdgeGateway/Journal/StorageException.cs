namespace EdgeGateway.Journal;

/// <summary>The store cannot be used, and a person can do something about it. The message is one line, fit for the console.</summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
