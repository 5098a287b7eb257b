using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Configuration;

/// <summary>Where settings come from, in rising order: one file, the environment, systemd's credentials (PRODUCT §1).</summary>
public sealed record Sources
{
    public const string SystemPath = "/etc/edge-gateway/appsettings.json";

    /// <summary>A configuration is read whole into memory; this is far beyond a thousand chargers.</summary>
    public const long FileLimit = 8 * 1024 * 1024;

    /// <summary>Deeper than tariffs ever are.</summary>
    public const int DepthLimit = 32;

    private const string Prefix = "Gateway__";

    public required string File { get; init; }

    /// <summary>Names and values; only those that begin with <c>Gateway__</c> are looked at.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public string? CredentialsDirectory { get; init; }

    /// <summary>The file that was asked for, else the system's, else the one beside the program; the process's own environment.</summary>
    public static Sources OfProcess(string? file)
    {
        var variables = System.Environment.GetEnvironmentVariables();
        return new()
        {
            File = file is not null ? Path.GetFullPath(file) : System.IO.File.Exists(SystemPath) ? SystemPath : Path.Combine(AppContext.BaseDirectory, "appsettings.json"),
            Environment = variables.Keys.Cast<string>().ToDictionary(k => k, k => variables[k]?.ToString() ?? "", StringComparer.Ordinal),
            CredentialsDirectory = System.Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY"),
        };
    }

    /// <summary>Everything that can change while the program runs, as bytes to compare: content, not file times, so that any way of editing is seen.</summary>
    public byte[] Fingerprint(IEnumerable<string> furtherFiles)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        var files = furtherFiles.Prepend(File).Concat(CredentialFiles());
        foreach (var file in files)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(file));
            hash.AppendData(Bytes(file) ?? [0]);
        }
        return hash.GetHashAndReset();
    }

    /// <summary>The merged tree; null when the file cannot be read, which is then told.</summary>
    internal JsonObject? Read(Findings findings)
    {
        var tree = ReadFile(findings);
        if (tree is null)
            return null;
        foreach (var (name, value) in Environment.OrderBy(e => e.Key, StringComparer.Ordinal))
            Overlay(tree, name, value, findings);
        foreach (var file in CredentialFiles())
            Overlay(tree, Path.GetFileName(file), System.Text.Encoding.UTF8.GetString(Bytes(file) ?? []).TrimEnd('\r', '\n'), findings);
        return tree;
    }

    private JsonObject? ReadFile(Findings findings)
    {
        if (!System.IO.File.Exists(File))
        {
            findings.Fault(File, null, "a configuration file");
            return null;
        }
        try
        {
            if (new FileInfo(File).Length > FileLimit)
            {
                findings.Fault(File, "a larger file", $"at most {FileLimit / 1024 / 1024} MB");
                return null;
            }
            using var stream = System.IO.File.OpenRead(File);
            using var document = JsonDocument.Parse(stream, new()
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                MaxDepth = DepthLimit,
                AllowDuplicateProperties = false,
            });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return JsonObject.Create(document.RootElement.Clone());
            findings.Fault(File, document.RootElement.ValueKind.ToString(), "a JSON object with the section \"Gateway\"");
        }
        catch (JsonException fault)
        {
            var where = fault.LineNumber is { } line ? $" at line {line + 1}, column {fault.BytePositionInLine + 1}" : "";
            findings.Fault(File, $"text that is no JSON{where}", "JSON, each key once; comments and trailing commas are allowed");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            findings.Fault(File, fault.Message, "a file that can be read");
        }
        return null;
    }

    /// <summary><c>Gateway__Hubs__0__RegistrationToken=…</c>: a list is addressed by number, the next free one appends.</summary>
    private static void Overlay(JsonObject tree, string name, string value, Findings findings)
    {
        if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return;
        var keys = name.Split("__");
        JsonNode at = tree;
        for (var i = 0; i < keys.Length; i++)
        {
            var isLast = i == keys.Length - 1;
            var next = isLast ? JsonValue.Create(value) : IsIndex(keys[i + 1]) ? new JsonArray() : (JsonNode)new JsonObject();
            if (Step(at, keys[i], next, replace: isLast) is not { } child)
            {
                findings.Fault(name, string.Join(':', keys[..(i + 1)]), "the name of a key, or the number of an entry that exists or is the next");
                return;
            }
            at = child;
        }
    }

    private static bool IsIndex(string key) => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static JsonNode? Step(JsonNode at, string key, JsonNode next, bool replace)
    {
        switch (at)
        {
            case JsonObject section:
                var name = section.FirstOrDefault(m => m.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Key ?? key;
                var existing = section[name];
                if (replace || existing is null or JsonValue)
                    section[name] = existing = next;
                return existing;
            case JsonArray list when int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= list.Count:
                if (index == list.Count)
                    list.Add(next);
                else if (replace || list[index] is null or JsonValue)
                    list[index] = next;
                return list[index];
            default:
                return null;
        }
    }

    private IEnumerable<string> CredentialFiles() =>
        CredentialsDirectory is { } folder && Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, Prefix + "*").OrderBy(f => f, StringComparer.Ordinal)
            : [];

    private static byte[]? Bytes(string file)
    {
        try
        {
            return new FileInfo(file).Length > FileLimit ? null : System.IO.File.ReadAllBytes(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
