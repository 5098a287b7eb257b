using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>Messages as they leave, written down and reviewed by hand: <c>Hubs/Dialects/Golden/{version}/{name}.json</c>. A difference of a character,
/// or of the order of members, is a difference.</summary>
public static class Golden
{
    private static readonly JsonSerializerOptions Shape = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void AssertSame(string version, string name, ReadOnlySpan<byte> json)
    {
        var actual = JsonNode.Parse(json)!.ToJsonString(Shape).ReplaceLineEndings("\n");
        var file = Path.Combine(Folder(), version, $"{name}.json");
        Assert.True(File.Exists(file), $"{file} is missing; what would be sent is\n{actual}");
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n").TrimEnd(), actual);
    }

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
