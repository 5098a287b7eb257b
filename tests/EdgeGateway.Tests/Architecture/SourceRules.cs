using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdgeGateway.Tests.Architecture;

/// <summary>One of our files: where it lies, with slashes, and what it says.</summary>
public sealed record SourceFile(string Path, string Text)
{
    /// <summary>Without comments: a comment may name what code must not use.</summary>
    public string Code => Regex.Replace(Regex.Replace(Text, @"/\*.*?\*/", "", RegexOptions.Singleline, Limit), @"(?<![:""])//[^\n]*", "", RegexOptions.None, Limit);

    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}

/// <summary>The rules of the house as functions from a file to what is wrong with it, so that each can be shown to fail.</summary>
public static class SourceRules
{
    public const int LineLimit = 400;

    /// <summary>Adapters; they meet in Configuration (which fills their options), Hosting, Cli and Program only.</summary>
    private static readonly string[] Adapters = ["Chargers", "Meters", "Hubs", "Mqtt", "Journal", "Admin", "Certificates"];
    private static readonly string[] Joiners = ["Configuration", "Hosting", "Cli"];

    private static readonly Dictionary<string, string[]> References = new()
    {
        ["EdgeGateway.Site"] = [],
        ["EdgeGateway.Protocols"] = [],
        ["EdgeGateway.Simulators"] = ["EdgeGateway.Protocols"],
        ["EdgeGateway"] = ["EdgeGateway.Site", "EdgeGateway.Protocols", "EdgeGateway.Simulators"],
    };

    public static string? ProjectKnowsOnlyItsOwn(SourceFile project)
    {
        var name = Path.GetFileNameWithoutExtension(project.Path);
        var foreign = XDocument.Parse(project.Text).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))
            .Except(References.GetValueOrDefault(name) ?? []).ToList();
        return foreign.Count == 0 ? null : $"{project.Path} must not reference {string.Join(", ", foreign)}";
    }

    public static string? AdaptersDoNotKnowEachOther(SourceFile file)
    {
        var own = Array.Find([.. Adapters, .. Joiners], a => file.IsIn($"src/EdgeGateway/{a}"));
        string[] forbidden = own is null ? [] : Adapters.Contains(own) ? [.. Adapters.Append("Configuration").Append("Hosting").Append("Cli")]
            : own == "Configuration" ? ["Hosting", "Cli"] : own == "Hosting" ? ["Cli"] : [];
        return Found(file, @$"\bEdgeGateway\.({string.Join('|', forbidden.Where(f => f != own).DefaultIfEmpty("-"))})\b");
    }

    public static string? SqlIsTheJournalsAlone(SourceFile file) => file.IsIn("src/EdgeGateway/Journal")
        ? null
        : Found(file, @"\b(using Dapper|Microsoft\.Data\.Sqlite|SQLitePCL)\b")
            ?? Found(file, @"""[^""\n]*\b(select\s[^""\n]+\sfrom\s|insert\s+into\s|delete\s+from\s|update\s+\w+\s+set\s|create\s+table\s|pragma\s)", RegexOptions.IgnoreCase);

    public static string? NativeImportsAreProtocolsOrJournal(SourceFile file) =>
        file.IsIn("src/EdgeGateway.Protocols") || file.IsIn("src/EdgeGateway/Journal") ? null : Found(file, @"\[\s*(DllImport|LibraryImport)\b");

    public static string? TheSiteKnowsNoProtocol(SourceFile file) =>
        file.IsIn("src/EdgeGateway.Site") ? Found(file, @"\b(Ocpp|Ocpi|Modbus|Mqtt)\w*|EdgeGateway\.Protocols") : null;

    public static string? TheSiteHasNoWayOut(SourceFile file) =>
        file.IsIn("src/EdgeGateway.Site") ? Found(file, @"\bSystem\.(IO|Net|Data|Diagnostics\.Process)\b|\bMicrosoft\.(AspNetCore|Extensions)\b|\bFile\.|\bRandom\b|\bGuid\.NewGuid\b") : null;

    public static string? FilesStayReadable(SourceFile file) =>
        file.Text.Count(c => c == '\n') is var lines && lines > LineLimit ? $"{file.Path} has {lines} lines, more than {LineLimit}" : null;

    // Assembled, so that this file does not break its own rule.
    public static string? NoPathOfAMachine(SourceFile file) => Regex.Match(file.Text, "(?<![\\w.])(/wor" + "k/|/tmp/w" + "t/|/roo" + "t/|/hom" + "e/[a-z]+/|[A-Z]:\\\\Users\\\\)", RegexOptions.ExplicitCapture, SourceFile.Limit) is { Success: true } found
        ? $"{file.Path} names a path of a machine: {found.Value}"
        : null;

    private static string? Found(SourceFile file, string pattern, RegexOptions options = RegexOptions.None) =>
        Regex.Match(file.Code, pattern, options | RegexOptions.ExplicitCapture, SourceFile.Limit) is { Success: true } found ? $"{file.Path} says {found.Value.Trim()}" : null;
}
