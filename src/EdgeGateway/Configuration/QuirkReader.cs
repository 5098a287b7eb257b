using System.Collections.Immutable;
using EdgeGateway.Chargers.Quirks;

namespace EdgeGateway.Configuration;

/// <summary>The installer's own quirk files, and settings that chargers are brought to.</summary>
internal static class QuirkReader
{
    /// <summary>Settings in one place of the file.</summary>
    public const int SettingLimit = 100;

    private const string Expected = "a path, with * and ? in its last part";

    /// <summary>The pages of all files of <c>QuirkFiles</c>, in the order of their names; a fault is told with the file and the path in it.</summary>
    public static ImmutableArray<QuirkPage> Pages(Section ocpp, string folder)
    {
        var pages = ImmutableArray.CreateBuilder<QuirkPage>();
        foreach (var (pattern, path) in ocpp.Texts("QuirkFiles", Expected))
        {
            var files = TariffReader.Matching(pattern, folder);
            if (files.Count == 0)
                ocpp.Findings.Fault(path, pattern, "a path that at least one file matches");
            foreach (var file in files)
                pages.AddRange(Read(file, ocpp.Findings));
        }
        return pages.ToImmutable();
    }

    /// <summary>The files that <c>QuirkFiles</c> names now.</summary>
    public static IEnumerable<string> Files(Section ocpp, string folder) => ocpp.Texts("QuirkFiles", "").SelectMany(t => TariffReader.Matching(t.Text, folder));

    /// <summary>An object of 1.6 keys or of <c>Component.Variable</c> names of 2.x; the value is a text, a number, true or false.</summary>
    public static ImmutableSortedDictionary<string, string> Settings(Section section)
    {
        var settings = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in section.Members())
        {
            // What is kept and shown of a charger's settings is no place for secrets (S11).
            if (QuirkFile.IsSecret(key))
                section.Findings.SecretFault(section.At(key), value, "a setting that is no password; a station's password is its key Password, and is changed by station password");
            else if (key.Length > 100 || value is null or { Length: > QuirkFile.ValueChars })
                section.Findings.Fault(section.At(key), value, $"a text, a number, true or false, of at most {QuirkFile.ValueChars} characters");
            else if (settings.Count < SettingLimit)
                settings[key] = value;
            else
                section.Findings.Fault(section.At(key), value, $"at most {SettingLimit} settings");
        }
        return settings.ToImmutable();
    }

    private static ImmutableArray<QuirkPage> Read(string file, Findings findings)
    {
        try
        {
            if (new FileInfo(file).Length > Sources.FileLimit)
            {
                findings.Fault(file, "a larger file", $"at most {Sources.FileLimit / 1024 / 1024} MB");
                return [];
            }
            var read = QuirkFile.Read(File.ReadAllBytes(file), Path.GetFileName(file));
            foreach (var fault in read.Faults)
                findings.Fault(fault.Path.Length == 0 ? file : $"{file}:{fault.Path}", fault.Found, fault.Expected);
            return read.Pages;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            findings.Fault(file, fault.Message, "a file that can be read");
            return [];
        }
    }
}
