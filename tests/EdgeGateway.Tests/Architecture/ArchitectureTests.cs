using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Architecture;

/// <summary>Our own sources, read as text, against the rules of the house; and each rule against a text that breaks it.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] TextEndings = [".cs", ".csproj", ".props", ".json", ".md", ".sh", ".service", ".sql", ".mjs", ".js", ".sln", ""];

    public static TheoryData<string> Rules => [.. Named.Keys];

    private static readonly Dictionary<string, (Func<SourceFile, string?> Rule, string Path, string Violation)> Named = new()
    {
        ["project references"] = (SourceRules.ProjectKnowsOnlyItsOwn, "src/EdgeGateway.Site/EdgeGateway.Site.csproj",
            """<Project><ItemGroup><ProjectReference Include="../EdgeGateway.Protocols/EdgeGateway.Protocols.csproj" /></ItemGroup></Project>"""),
        ["adapters"] = (SourceRules.AdaptersDoNotKnowEachOther, "src/EdgeGateway/Chargers/X.cs", "using EdgeGateway.Hubs;\n"),
        ["adapters below"] = (SourceRules.AdaptersDoNotKnowEachOther, "src/EdgeGateway/Hubs/Delivery/X.cs", "var x = new EdgeGateway.Journal.Store();"),
        ["adapters and joiners"] = (SourceRules.AdaptersDoNotKnowEachOther, "src/EdgeGateway/Admin/X.cs", "using EdgeGateway.Configuration;\n"),
        ["sqlite"] = (SourceRules.SqlIsTheJournalsAlone, "src/EdgeGateway/Hubs/X.cs", "using Microsoft.Data.Sqlite;\n"),
        ["sql"] = (SourceRules.SqlIsTheJournalsAlone, "src/EdgeGateway/Admin/X.cs", """var x = "select id from session where 1";"""),
        ["native"] = (SourceRules.NativeImportsAreProtocolsOrJournal, "src/EdgeGateway/Hosting/X.cs", """[LibraryImport("libc")] static partial int getpid();"""),
        ["protocols in the site"] = (SourceRules.TheSiteKnowsNoProtocol, "src/EdgeGateway.Site/X.cs", "public sealed record OcpiLocation;"),
        ["ways out of the site"] = (SourceRules.TheSiteHasNoWayOut, "src/EdgeGateway.Site/X.cs", "File.WriteAllText(a, b);"),
        ["lengths"] = (SourceRules.FilesStayReadable, "src/EdgeGateway/X.cs", new('\n', SourceRules.LineLimit + 1)),
        ["machine paths"] = (SourceRules.NoPathOfAMachine, "README.md", "see /hom" + "e/somebody/x"),
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Our_sources_keep_the_rule(string name)
    {
        var (rule, example, _) = Named[name];
        var files = example.EndsWith(".csproj", StringComparison.Ordinal) ? Files("src", ".csproj") : example == "README.md" ? Files(".", TextEndings) : Files("src", ".cs");
        Assert.NotEmpty(files);
        Assert.Empty(files.Select(rule).OfType<string>());
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_rule_notices_a_violation(string name)
    {
        var (rule, path, violation) = Named[name];
        Assert.NotNull(rule(new(path, violation)));
    }

    [Fact]
    public void A_comment_may_name_what_code_must_not_use() =>
        Assert.Null(SourceRules.TheSiteKnowsNoProtocol(new("src/EdgeGateway.Site/X.cs", "/// <summary>Like OcpiLocation.</summary>\nsealed record Place; // OcppThing")));

    [Fact]
    public void An_adapter_may_know_itself() =>
        Assert.Null(SourceRules.AdaptersDoNotKnowEachOther(new("src/EdgeGateway/Hubs/X.cs", "using EdgeGateway.Hubs.Delivery;\nusing EdgeGateway.Site;\n")));

    private static List<SourceFile> Files(string folder, params string[] endings)
    {
        var root = SiteFolder.Checkout;
        string[] built = ["artifacts", "node_modules", ".git", "bin", "obj"];
        var files = new List<SourceFile>();
        var folders = new Stack<string>([Path.GetFullPath(folder, root)]);
        while (folders.TryPop(out var current))
        {
            foreach (var below in Directory.EnumerateDirectories(current).Where(d => !built.Contains(Path.GetFileName(d))))
                folders.Push(below);
            files.AddRange(Directory.EnumerateFiles(current).Where(f => endings.Contains(Path.GetExtension(f)) && Path.GetFileName(f) != ".git")
                .Select(f => new SourceFile(Path.GetRelativePath(root, f).Replace('\\', '/'), File.ReadAllText(f))));
        }
        return files;
    }
}
