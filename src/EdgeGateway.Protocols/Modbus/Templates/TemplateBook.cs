using System.Collections.Immutable;
using System.Reflection;
using EdgeGateway.Protocols.Modbus.Templates.Files;

namespace EdgeGateway.Protocols.Modbus.Templates;

/// <summary>Something to be said of a device file.</summary>
/// <param name="Source">The file.</param>
/// <param name="Line">From 1; 0: the file as a whole.</param>
/// <param name="Text">What is wrong, and what is expected.</param>
/// <param name="IsNotice">The file is used all the same (it stands for a built-in one).</param>
public sealed record TemplateFault(string Source, int Line, string Text, bool IsNotice = false)
{
    public override string ToString() => Line > 0 ? $"{Source}:{Line}: {Text}" : $"{Source}: {Text}";
}

/// <summary>All devices that are known: built in, and the installer's own, which go before them. A refused file takes nothing from the others.</summary>
public sealed class TemplateBook
{
    /// <summary>Files of one folder; more is a mistaken folder.</summary>
    public const int FolderLimit = 500;

    private const string Folder = ".Modbus.Templates.Devices.";

    private static readonly Lazy<ImmutableArray<DeviceTemplate>> s_embedded = new(ReadEmbedded);

    private readonly Dictionary<string, DeviceTemplate> _byId = new(StringComparer.Ordinal);

    private TemplateBook()
    {
    }

    /// <summary>Those of the program alone.</summary>
    public static TemplateBook Embedded { get; } = Load([], out _);

    /// <summary>By id.</summary>
    public IReadOnlyList<DeviceTemplate> All { get; private set; } = [];

    /// <summary>Reads <c>*.json</c> of each folder, in the order of names. Among the installer's files the first with an id counts, over the built-in one.</summary>
    /// <param name="folders">A folder that is not there is a fault: leave out one that may be absent.</param>
    public static TemplateBook Load(IEnumerable<string> folders, out IReadOnlyList<TemplateFault> faults)
    {
        var book = new TemplateBook();
        var found = new List<TemplateFault>();
        foreach (var file in folders.SelectMany(f => Files(f, found)))
            book.Add(file, found);
        foreach (var template in s_embedded.Value)
        {
            if (book._byId.TryGetValue(template.Id, out var own))
                found.Add(new(own.Source, 0, $"stands for the built-in device {template.Id}", IsNotice: true));
            else
                book._byId.Add(template.Id, template);
        }
        book.All = [.. book._byId.Values.OrderBy(static t => t.Id, StringComparer.Ordinal)];
        faults = found;
        return book;
    }

    public DeviceTemplate? Find(string id) => _byId.GetValueOrDefault(id);

    private void Add(string path, List<TemplateFault> faults)
    {
        try
        {
            if (new FileInfo(path) is { Length: > TemplateFile.SizeLimit })
            {
                faults.Add(new(path, 0, $"a device file has at most {TemplateFile.SizeLimit / 1024} KiB"));
                return;
            }
            var template = TemplateFile.Read(File.ReadAllBytes(path), path, out var own);
            faults.AddRange(own);
            if (template is not null && !_byId.TryAdd(template.Id, template))
                faults.Add(new(path, 0, $"id {template.Id} is that of {_byId[template.Id].Source} already"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            faults.Add(new(path, 0, "cannot be read: " + unreadable.Message));
        }
    }

    private static string[] Files(string folder, List<TemplateFault> faults)
    {
        try
        {
            string[] files = [.. Directory.EnumerateFiles(folder, "*.json").Take(FolderLimit + 1).Order(StringComparer.Ordinal)];
            if (files.Length <= FolderLimit)
                return files;
            faults.Add(new(folder, 0, $"more than {FolderLimit} device files; none of them is used"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            faults.Add(new(folder, 0, "cannot be read: " + unreadable.Message));
        }
        return [];
    }

    private static ImmutableArray<DeviceTemplate> ReadEmbedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var templates = ImmutableArray.CreateBuilder<DeviceTemplate>();
        foreach (var name in assembly.GetManifestResourceNames().Where(static n => n.Contains(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var source = "built-in " + name[(name.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..];
            templates.Add(TemplateFile.Read(bytes, source, out var faults) ?? throw new InvalidOperationException(faults[0].ToString()));
        }
        return templates.ToImmutable();
    }
}
