using System.Collections.Concurrent;
using NJsonSchema;

namespace EdgeGateway.Tests.Conformance;

/// <summary>The published schemas of 1.6, found in `../shared` beside the checkout.</summary>
internal static class OcppSchemas
{
    private static readonly ConcurrentDictionary<string, JsonSchema> Read = new(StringComparer.Ordinal);

    /// <summary>Null if this checkout has no `../shared`.</summary>
    public static string? Folder { get; } = Find();

    public static JsonSchema Get(string name)
    {
        if (Folder is null) Assert.Skip("no ../shared/spec/ocpp/1.6 beside this checkout");
        return Read.GetOrAdd(name, static n => JsonSchema.FromJsonAsync(File.ReadAllText(Path.Combine(Folder!, n + ".json"))).GetAwaiter().GetResult());
    }

    public static void MustAccept(string name, string json)
    {
        var errors = Get(name).Validate(json);
        Assert.True(errors.Count == 0, $"{name} refuses {json}:\n{string.Join('\n', errors)}");
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var schemas = Path.Combine(folder.FullName, "shared", "spec", "ocpp", "1.6");
            if (Directory.Exists(schemas)) return schemas;
        }
        return null;
    }
}
