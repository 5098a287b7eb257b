namespace EdgeGateway.Site;

/// <summary>Small things an adapter has to remember across restarts (a hub's credentials, what a charger's model was found to need), each under a name.</summary>
public interface IDocuments
{
    ValueTask<string?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Returns when it is on disk.</summary>
    Task WriteAsync(string name, string? json, CancellationToken cancellationToken);
}
