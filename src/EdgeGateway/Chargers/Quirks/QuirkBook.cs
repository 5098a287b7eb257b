using System.Collections.Immutable;
using System.Reflection;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Quirks;

/// <summary>What is known of vendors' models (FIELD-NOTES' twelfth): a small file each, built into the program. The installer's own files go before it.</summary>
public static class QuirkBook
{
    private const string Folder = ".Chargers.Quirks.Models.";

    private static readonly Lazy<ImmutableArray<QuirkPage>> s_pages = new(ReadEmbedded);

    /// <summary>All pages, in the order of their files' names; within a file the first that fits goes before the others.</summary>
    public static ImmutableArray<QuirkPage> Embedded => s_pages.Value;

    /// <summary>The pages about a device; none while it has not said what it is.</summary>
    public static IEnumerable<QuirkPage> Of(this ImmutableArray<QuirkPage> pages, StationIdentity? identity) =>
        identity is null || pages.IsDefaultOrEmpty ? [] : pages.Where(p => p.IsOf(identity));

    private static ImmutableArray<QuirkPage> ReadEmbedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var pages = ImmutableArray.CreateBuilder<QuirkPage>();
        foreach (var name in assembly.GetManifestResourceNames().Where(static n => n.Contains(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var read = QuirkFile.Read(bytes, name[(name.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..]);
            if (read.Faults is [var fault, ..])
                throw new InvalidOperationException($"{name}: {fault}");
            pages.AddRange(read.Pages);
        }
        return pages.ToImmutable();
    }
}
