using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Tests.Protocols.Ocpi;

/// <summary>The specification's own examples, in <c>../shared</c> beside the checkout; tests are skipped where they are absent.</summary>
internal static class OcpiExamples
{
    public static string? Folder { get; } = Find("spec/ocpi");

    public static string Require(string relative)
    {
        if (Folder is null)
            Assert.Skip("../shared/spec/ocpi is absent");
        return Path.Combine(Folder, relative);
    }

    public static JsonElement Read(string version, string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Require($"{version}/examples/{name}.json")));
        return document.RootElement.Clone();
    }

    /// <summary>Equal as JSON values: 2.00 and 2 are one number, the order of members does not count.</summary>
    public static void AssertSame(JsonElement expected, ReadOnlySpan<byte> actual)
    {
        var one = JsonNode.Parse(expected.GetRawText());
        var other = JsonNode.Parse(actual);
        Assert.True(JsonNode.DeepEquals(one, other), $"expected {one!.ToJsonString()}\nbut got  {other!.ToJsonString()}");
    }

    internal static string? Find(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "..", "shared", relative);
            if (File.Exists(Path.Combine(folder.FullName, "EdgeGateway.sln")))
                return Directory.Exists(candidate) ? Path.GetFullPath(candidate) : null;
        }

        return null;
    }
}
