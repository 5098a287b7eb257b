using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Configuration;

/// <summary>The form a text must have, and how that is said to people.</summary>
internal sealed record Form(Regex Pattern, string Expected);

/// <summary>
/// One object of the file. Reads typed values, tells every fault with its path, and remembers which keys were asked for, so that those
/// nobody asked for can be told. Keys compare without case; numbers and booleans may stand in quotes, as environment variables bring them.
/// </summary>
internal sealed class Section(JsonObject? json, string path, Findings findings)
{
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Section> _children = [];

    public bool IsPresent => json is not null;
    public string Path { get; } = path;
    public Findings Findings { get; } = findings;

    public string At(string key) => Path.Length == 0 ? key : $"{Path}:{key}";

    public bool Has(string key) => Get(key) is not null;

    /// <summary>Null when absent (a fault if <paramref name="required"/>) or wrong (a fault). An empty text counts as absent.</summary>
    public string? Text(string key, int max, Form? form = null, bool required = false, bool secret = false)
    {
        var expected = form?.Expected ?? $"text of at most {max} characters";
        var value = Get(key);
        var text = value is null ? null : Scalar(value);
        if (value is not null && text is null)
            return Fault(key, value.ToJsonString(), expected, secret);
        if (string.IsNullOrEmpty(text))
            return required ? Fault(key, text, expected, secret) : null;
        if (text.Length > max || text.AsSpan().ContainsAny('\r', '\n', '\t') || (form is not null && !form.Pattern.IsMatch(text)))
            return Fault(key, text, form is not null && form.Pattern.IsMatch(text) ? $"{expected}, {max} characters at most" : expected, secret);
        return text;
    }

    public int? Integer(string key, int min, int max, bool required = false)
    {
        var expected = $"a whole number from {min} to {max}";
        if (Get(key) is not { } value)
        {
            if (required)
                Findings.Fault(At(key), null, expected);
            return null;
        }
        if (int.TryParse(Scalar(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        Findings.Fault(At(key), Shown(value), expected);
        return null;
    }

    public decimal? Number(string key, decimal min, decimal max, bool required = false)
    {
        var expected = $"a number from {min} to {max}";
        if (Get(key) is not { } value)
        {
            if (required)
                Findings.Fault(At(key), null, expected);
            return null;
        }
        if (decimal.TryParse(Scalar(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        Findings.Fault(At(key), Shown(value), expected);
        return null;
    }

    public TimeSpan Seconds(string key, TimeSpan fallback, int min, int max) =>
        Integer(key, min, max) is { } seconds ? TimeSpan.FromSeconds(seconds) : fallback;

    public bool Flag(string key, bool fallback)
    {
        if (Get(key) is not { } value)
            return fallback;
        if (bool.TryParse(Scalar(value), out var flag))
            return flag;
        Findings.Fault(At(key), Shown(value), "true or false");
        return fallback;
    }

    /// <summary>One of the names, in the spelling of the list.</summary>
    public string? Choice(string key, IReadOnlyCollection<string> names, bool required = false)
    {
        var expected = $"one of {string.Join(", ", names)}";
        if (Get(key) is not { } value)
        {
            if (required)
                Findings.Fault(At(key), null, expected);
            return null;
        }
        var found = names.FirstOrDefault(n => n.Equals(Scalar(value), StringComparison.OrdinalIgnoreCase));
        if (found is null)
            Findings.Fault(At(key), Shown(value), expected);
        return found;
    }

    public T Choice<T>(string key, T fallback) where T : struct, Enum =>
        Choice(key, Enum.GetNames<T>()) is { } name ? Enum.Parse<T>(name) : fallback;

    /// <summary>A list of texts; a single text is a list of one, as an environment variable gives it.</summary>
    public IReadOnlyList<(string Text, string Path)> Texts(string key, string expected)
    {
        switch (Get(key))
        {
            case null:
                return [];
            case JsonArray list:
                var texts = new List<(string, string)>();
                for (var i = 0; i < list.Count; i++)
                {
                    if (list[i] is { } item && Scalar(item) is { Length: > 0 } text)
                        texts.Add((text, $"{At(key)}:{i}"));
                    else
                        Findings.Fault($"{At(key)}:{i}", Shown(list[i]), expected);
                }
                return texts;
            case var value when Scalar(value) is { Length: > 0 } text:
                return [(text, At(key))];
            case var value:
                Findings.Fault(At(key), Shown(value), expected);
                return [];
        }
    }

    /// <summary>true (also when absent), false, or a list of hubs by name.</summary>
    public Audience Audience(string key, IReadOnlyCollection<string> hubs)
    {
        var value = Get(key);
        if (value is null || (value is JsonValue && bool.TryParse(Scalar(value), out _)))
            return Flag(key, true);
        var expected = $"true, false, or names of hubs in Gateway:Hubs{(hubs.Count == 0 ? "" : $": {string.Join(", ", hubs)}")}";
        var named = Texts(key, expected);
        foreach (var (name, path) in named)
        {
            if (!hubs.Contains(name, StringComparer.OrdinalIgnoreCase))
                Findings.Fault(path, name, expected);
        }
        return Site.Model.Audience.Only(named.Select(n => n.Text));
    }

    public Section Child(string key)
    {
        // The same object each time: what one reader asked for is known to all.
        if (_children.Find(c => c.Path == At(key)) is { } known)
            return known;
        var value = Get(key);
        if (value is not null and not JsonObject)
            Findings.Fault(At(key), Shown(value), "a section { … }");
        return Keep(new(value as JsonObject, At(key), Findings));
    }

    public IReadOnlyList<Section> Children(string key)
    {
        var value = Get(key);
        if (value is null)
            return [];
        if (value is not JsonArray list)
        {
            Findings.Fault(At(key), Shown(value), "a list [ … ]");
            return [];
        }
        var children = new List<Section>(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is JsonObject item)
                children.Add(Keep(new(item, $"{At(key)}:{i}", Findings)));
            else
                Findings.Fault($"{At(key)}:{i}", Shown(list[i]), "a section { … }");
        }
        return children;
    }

    /// <summary>The members of an object whose keys are free.</summary>
    public IEnumerable<(string Key, string? Value)> Members()
    {
        foreach (var (key, value) in json ?? [])
        {
            _asked.Add(key);
            yield return (key, value is null ? null : Scalar(value));
        }
    }

    /// <summary>The value as it stands, for parts that others read. Its keys are theirs.</summary>
    public JsonNode? Raw(string key) => Get(key);

    /// <summary>Tells the keys that nobody asked for, here and below; called once, when all has been read.</summary>
    public void TellUnknownKeys()
    {
        foreach (var (key, _) in json ?? [])
        {
            if (!_asked.Contains(key))
                Findings.UnknownKey(At(key), _asked.Count == 0 ? "no key here" : $"one of {string.Join(", ", _asked)}");
        }
        foreach (var child in _children)
            child.TellUnknownKeys();
    }

    private Section Keep(Section child)
    {
        _children.Add(child);
        return child;
    }

    private JsonNode? Get(string key)
    {
        _asked.Add(key);
        if (json is null)
            return null;
        if (json.TryGetPropertyValue(key, out var exact))
            return exact;
        foreach (var (name, value) in json)
        {
            if (name.Equals(key, StringComparison.OrdinalIgnoreCase))
                return value;
        }
        return null;
    }

    private string? Fault(string key, string? found, string expected, bool secret)
    {
        if (secret)
            Findings.SecretFault(At(key), found, expected);
        else
            Findings.Fault(At(key), found, expected);
        return null;
    }

    private static string? Scalar(JsonNode value) => value is JsonValue scalar
        ? scalar.GetValueKind() == JsonValueKind.String ? scalar.GetValue<string>() : scalar.ToJsonString()
        : null;

    private static string? Shown(JsonNode? value) => value is null ? null : Scalar(value) ?? value.ToJsonString();
}
