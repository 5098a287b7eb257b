using EdgeGateway.Site;

namespace EdgeGateway.Journal;

/// <summary>Small named things.</summary>
internal sealed class Documents(Writer writer, Readers readers) : IDocuments
{
    public ValueTask<string?> ReadAsync(string name, CancellationToken cancellationToken) =>
        readers.ReadAsync(database => database.Prepared("select json from document where name = ?").Bind(name).First(static row => row.Text()), cancellationToken);

    public Task WriteAsync(string name, string? json, CancellationToken cancellationToken) => writer.DoAsync(
        transaction =>
        {
            if (json is null)
                transaction.Prepared("delete from document where name = ?").Bind(name).Run();
            else
                transaction.Prepared("insert or replace into document (name, json, updated) values (?, ?, ?)").Bind(name).Bind(json).Bind(transaction.Now).Run();
        },
        cancellationToken);
}
