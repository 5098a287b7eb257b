using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Protocols.Ocpi.Shapes;

/// <summary>How strictly a message is judged.</summary>
internal sealed record ShapeRules
{
    /// <summary>A peer's object: unknown members and explicit nulls for optional ones pass (T8).</summary>
    public static readonly ShapeRules Incoming = new();

    /// <summary>Ours: no empty strings either (T9), and no word that an older peer cannot know.</summary>
    public static readonly ShapeRules Outgoing = new() { NoEmptyText = true, NoLaterValues = true };

    /// <summary>A person's: a misspelt member would silently change a price, and a configuration reader may hand numbers over as text.</summary>
    public static readonly ShapeRules Configured = new() { NoEmptyText = true, NoUnknownMembers = true, NumbersAsText = true };

    /// <summary>A fragment: what a PATCH carries.</summary>
    public static readonly ShapeRules Fragment = new() { MembersOptional = true };

    public bool NoEmptyText { get; init; }

    public bool NoLaterValues { get; init; }

    public bool NoUnknownMembers { get; init; }

    public bool NumbersAsText { get; init; }

    public bool MembersOptional { get; init; }
}

/// <summary>Compares a message with a shape and lists the faults, at most <see cref="MaxFaults"/> of them.</summary>
internal sealed partial class ShapeJudge(ShapeRules rules)
{
    public const int MaxFaults = 20;

    public const int MaxUrlLength = 255;

    private readonly List<OcpiFault> _faults = [];

    public IReadOnlyList<OcpiFault> Judge(JsonElement json, Shape shape)
    {
        Judge(json, shape, member: null, path: "");
        return _faults;
    }

    /// <summary>What stands there, short enough for a log line.</summary>
    public static string Found(JsonElement json)
    {
        var text = json.ValueKind switch
        {
            JsonValueKind.Undefined => "nothing",
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => $"a list of {json.GetArrayLength()}",
            _ => json.GetRawText(),
        };
        return text.Length <= OcpiFault.MaxFoundLength ? text : text[..OcpiFault.MaxFoundLength] + "…";
    }

    private void Judge(JsonElement json, Shape shape, ShapeMember? member, string path)
    {
        if (_faults.Count >= MaxFaults)
            return;
        switch (shape.Kind)
        {
            case ShapeKind.Object:
                JudgeObject(json, shape, path);
                break;
            case ShapeKind.List:
                JudgeList(json, shape, member, path);
                break;
            case ShapeKind.Text or ShapeKind.OpenEnum:
                JudgeText(json, shape, member, path);
                break;
            default:
                if (!Fits(json, shape, member))
                    Fault(path, json, Expected(shape, member));
                break;
        }
    }

    private void JudgeObject(JsonElement json, Shape shape, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Fault(path, json, shape.Name);
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            if (shape.Members.TryGetValue(property.Name, out var member))
            {
                if (property.Value.ValueKind == JsonValueKind.Null && (!member.Required || rules.MembersOptional))
                    continue;
                seen.Add(member.Name);
                Judge(property.Value, member.Shape, member, At(path, member.Name));
            }
            else if (rules.NoUnknownMembers)
            {
                Fault(At(path, property.Name), property.Value, $"one of {string.Join(", ", shape.Members.Keys)}");
            }
        }

        if (rules.MembersOptional)
            return;
        foreach (var member in shape.Members.Values)
        {
            if (member.Required && !seen.Contains(member.Name))
                Fault(At(path, member.Name), default, Expected(member.Shape, member));
        }
    }

    private void JudgeList(JsonElement json, Shape shape, ShapeMember? member, string path)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            Fault(path, json, "a list");
            return;
        }

        if (member is { AtLeastOne: true } && json.GetArrayLength() == 0)
            Fault(path, json, "a list with at least one element");
        var index = 0;
        foreach (var element in json.EnumerateArray())
            Judge(element, shape.Element!, member, $"{path}[{index++}]");
    }

    private void JudgeText(JsonElement json, Shape shape, ShapeMember? member, string path)
    {
        if (json.ValueKind != JsonValueKind.String)
        {
            Fault(path, json, Expected(shape, member));
            return;
        }

        var text = json.GetString()!;
        if (Fault(text, shape, member) is { } expected)
            Fault(path, json, expected);
    }

    /// <summary>Null when the text is right, else what was expected.</summary>
    private string? Fault(string text, Shape shape, ShapeMember? member)
    {
        if (shape.Kind == ShapeKind.OpenEnum)
            return (rules.NoUnknownMembers && !shape.Values.Contains(text)) || (rules.NoLaterValues && shape.Later.Contains(text)) ? shape.Name : text.Length is 0 or > MaxUrlLength ? shape.Name : null;
        if (member?.Form is { } form)
            return IsOfForm(text, form) || text.Length == 0 && !member.Required && !rules.NoEmptyText ? null : Expected(shape, member);
        if (member?.CiString is { } ci)
        {
            // An absent id that a peer writes as "" is absent (T8); an id that is needed is never empty.
            if (text.Length == 0 && !member.Required && !rules.NoEmptyText)
                return null;
            return text.Length < ci.Min || text.Length > ci.Max || text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? Expected(shape, member) : null;
        }

        if (rules.NoEmptyText && text.Length == 0)
            return Expected(shape, member);
        return member?.Text is { } bound && Length(text) > bound.Max ? Expected(shape, member) : null;
    }

    private bool Fits(JsonElement json, Shape shape, ShapeMember? member) => shape.Kind switch
    {
        ShapeKind.Flag => json.ValueKind is JsonValueKind.True or JsonValueKind.False,
        ShapeKind.Integer => Number(json) is { } number && decimal.IsInteger(number) && number is >= int.MinValue and <= int.MaxValue && Within(number, member),
        ShapeKind.Number => Number(json) is { } number && Within(number, member),
        ShapeKind.Time => json.ValueKind == JsonValueKind.String && OcpiDateTime.TryRead(json.GetString(), out _),
        ShapeKind.ClosedEnum => json.ValueKind == JsonValueKind.String && shape.Values.Contains(json.GetString()!, StringComparer.OrdinalIgnoreCase),
        _ => true,
    };

    private decimal? Number(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Number)
            return json.TryGetDecimal(out var number) ? number : null;
        return rules.NumbersAsText && json.ValueKind == JsonValueKind.String
            && decimal.TryParse(json.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : null;
    }

    private static bool Within(decimal number, ShapeMember? member) => member?.Between is not { } bounds || (number >= bounds.Min && number <= bounds.Max);

    private static string Expected(Shape shape, ShapeMember? member)
    {
        if (member?.Form is { } form)
            return form switch
            {
                StringForm.Url => $"an absolute http or https url of at most {MaxUrlLength} characters",
                StringForm.Latitude => "degrees such as 52.520008",
                StringForm.Longitude => "degrees such as 13.404954",
                StringForm.TimeOfDay => "a time of day such as 08:30",
                _ => "a date such as 2026-03-01",
            };
        if (member?.CiString is { } ci)
            return ci.Min == ci.Max ? $"{ci.Max} printable ASCII characters" : $"{ci.Min} to {ci.Max} printable ASCII characters";
        if (member?.Text is { } text)
            return $"text of at most {text.Max} characters";
        return member?.Between is { } bounds ? $"{shape.Name} from {bounds.Min} to {bounds.Max}" : shape.Name;
    }

    private static bool IsOfForm(string text, StringForm form) => form switch
    {
        StringForm.Url => text.Length <= MaxUrlLength && OcpiUrl.IsHttp(text),
        StringForm.Latitude => LatitudePattern.IsMatch(text),
        StringForm.Longitude => LongitudePattern.IsMatch(text),
        StringForm.TimeOfDay => TimeOfDayPattern.IsMatch(text),
        _ => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
    };

    /// <summary>Characters as people count them: an emoji in a card's text is one, not two UTF-16 units.</summary>
    private static int Length(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
            length++;
        return length;
    }

    // Faults are logged and answered; a credentials token is neither (T3).
    private static bool IsSecret(string path, JsonElement json) => path == "token" && json.ValueKind == JsonValueKind.String;

    private static string At(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private void Fault(string path, JsonElement json, string expected)
    {
        if (_faults.Count < MaxFaults)
            _faults.Add(new OcpiFault(path, IsSecret(path, json) ? "a text that is kept secret" : Found(json), expected));
    }

    [GeneratedRegex(@"\A-?[0-9]{1,2}\.[0-9]{5,7}\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex LatitudePattern { get; }

    [GeneratedRegex(@"\A-?[0-9]{1,3}\.[0-9]{5,7}\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex LongitudePattern { get; }

    [GeneratedRegex(@"\A([01][0-9]|2[0-3]):[0-5][0-9]\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TimeOfDayPattern { get; }
}
