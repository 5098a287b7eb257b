using System.Globalization;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Journal;

/// <summary>The numbered migrations that lead from an empty file to the newest form. Each is one transaction: one that fails leaves the old form in use (I22).</summary>
internal sealed class Schema(IReadOnlyList<string> migrations)
{
    /// <summary><c>EdGw</c>: tells our database from another program's.</summary>
    public const int ApplicationId = 0x45644777;

    /// <summary>The embedded ones, in order of their numbers.</summary>
    public static Schema Embedded { get; } = new(ReadEmbedded());

    public IReadOnlyList<string> Migrations { get; } = migrations;

    /// <summary>The form that this program writes.</summary>
    public int Version => Migrations.Count;

    /// <exception cref="StorageException">The file is of a newer program, or a migration failed.</exception>
    /// <param name="upTo">Null: to the newest form.</param>
    public void Migrate(Database database, int? upTo = null)
    {
        var version = database.Scalar<int>("pragma user_version");
        Refuse(version);
        for (var next = version + 1; next <= (upTo ?? Version); next++)
        {
            try
            {
                database.Begin();
                database.Execute(Migrations[next - 1]);
                database.Execute(string.Create(CultureInfo.InvariantCulture, $"pragma user_version = {next}; pragma application_id = {ApplicationId}"));
                database.Commit();
            }
            catch (SqliteException e) when (!Trouble.IsDamage(e))
            {
                database.RollBack();
                throw new StorageException($"The database could not be brought from version {next - 1} to {next}; it is unchanged, the former program still works with it. {e.Message}", e);
            }
        }
    }

    public void Refuse(int version)
    {
        if (version > Version)
            throw new StorageException($"The database is of a newer program (version {version}, this one knows {Version}). Install that program again, or restore a backup.");
    }

    private static string[] ReadEmbedded()
    {
        var assembly = typeof(Schema).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(static name => name.Contains(".Migrations.", StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return reader.ReadToEnd();
            })
            .ToArray();
    }
}
