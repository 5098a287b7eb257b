using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Tests.Hubs.Dialects;

/// <summary>Messages as they were reviewed by hand: <c>Golden/{version}/{name}.json</c>. A change of a single character is to be seen and judged.
/// With EDGE_GATEWAY_GOLDEN=write the files are written anew; git shows then what to review.</summary>
internal static class GoldenFiles
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static bool Writes => Environment.GetEnvironmentVariable("EDGE_GATEWAY_GOLDEN") == "write";

    /// <summary>Null when the message is what the file says, else what to look at.</summary>
    public static string? Compare(string version, string name, byte[] message)
    {
        // Parsed and laid out for readers: order and spelling of every member and number stay as they were sent.
        var text = JsonSerializer.Serialize(JsonNode.Parse(message), Layout).ReplaceLineEndings("\n") + "\n";
        var file = Path.Combine(Folder(), version, name + ".json");
        if (Writes)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return null;
        }
        if (!File.Exists(file))
            return $"{version}/{name}: there is no such file";
        return File.ReadAllText(file).ReplaceLineEndings("\n") == text ? null : $"{version}/{name}: now it is\n{text}";
    }

    public static IEnumerable<string> Names(string version) =>
        Directory.EnumerateFiles(Path.Combine(Folder(), version), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!);

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EdgeGateway.sln")))
                return Path.Combine(folder.FullName, "tests", "EdgeGateway.Tests", "Hubs", "Dialects", "Golden");
        }
        throw new InvalidOperationException("no EdgeGateway.sln above the tests");
    }
}
