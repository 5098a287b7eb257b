using System.Globalization;
using System.Text.Json;

namespace EdgeGateway.Protocols.Modbus.Templates.Files;

/// <summary>One object of a device file: members are asked for by name, each fault is noted with its line, and a member nobody asked for is one itself.</summary>
internal sealed class TemplateSection(TemplateNode node, string name, Action<int, string> fault)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public int Line => node.Line;

    /// <summary>What is wrong with the object as a whole.</summary>
    public void Fault(string text) => fault(node.Line, text);

    /// <summary>What is wrong with one member, or with its absence.</summary>
    public void Fault(string member, string text) => fault(Find(member)?.Line ?? node.Line, text);

    public bool Has(string member) => Find(member) is not null;

    /// <param name="needed">Its absence is a fault.</param>
    public TemplateNode? Node(string member, bool needed = false)
    {
        _asked.Add(member);
        if (Find(member) is { Kind: not JsonTokenType.Null } found)
            return found;
        if (needed)
            Fault($"{name} needs {member}");
        return null;
    }

    /// <param name="most">Characters.</param>
    public string? Text(string member, int most, bool needed = false)
    {
        if (Node(member, needed) is not { } found)
            return null;
        if (found.Kind == JsonTokenType.String && found.Text.Length > 0 && found.Text.Length <= most && !found.Text.Any(char.IsControl))
            return found.Text;
        Fault(member, $"{member} is a text of 1 to {most} characters");
        return null;
    }

    public decimal? Number(string member, bool needed = false) => Node(member, needed) is not { } found ? null : NumberOf(found, member);

    /// <summary>A whole number, decimal or as text with 0x before it.</summary>
    public long? Whole(string member, long least, long most, bool needed = false)
    {
        if (Node(member, needed) is not { } found || NumberOf(found, member) is not { } number)
            return null;
        if (number == decimal.Truncate(number) && number >= least && number <= most)
            return (long)number;
        Fault(member, $"{member} is a whole number from {least} to {most}, not {found.Text}");
        return null;
    }

    public bool? Flag(string member)
    {
        if (Node(member) is not { } found)
            return null;
        if (found.Kind is JsonTokenType.True or JsonTokenType.False)
            return found.Kind is JsonTokenType.True;
        Fault(member, $"{member} is true or false");
        return null;
    }

    /// <summary>One of a few words (numbers count as words).</summary>
    public T? Choice<T>(string member, IReadOnlyDictionary<string, T> words, bool needed = false) where T : struct
    {
        if (Node(member, needed) is not { } found)
            return null;
        if (found.Kind is JsonTokenType.String or JsonTokenType.Number && words.TryGetValue(found.Text, out var value))
            return value;
        Fault(member, $"{member} is {(found.Text.Length > 0 ? found.Text : "no word")}; it is one of {string.Join(", ", words.Keys)}");
        return null;
    }

    public TemplateSection? Section(string member, bool needed = false)
    {
        if (Node(member, needed) is not { } found)
            return null;
        if (found.Kind == JsonTokenType.StartObject)
            return new(found, member, fault);
        Fault(member, $"{member} is an object: {{ … }}");
        return null;
    }

    public List<TemplateSection> Sections(string member, string each, int most, bool needed = false)
    {
        var items = Items(member, most, needed);
        foreach (var item in items.Where(static i => i.Kind != JsonTokenType.StartObject))
            fault(item.Line, $"{each} is an object: {{ … }}");
        return [.. items.Where(static i => i.Kind == JsonTokenType.StartObject).Select(i => new TemplateSection(i, each, fault))];
    }

    public List<TemplateNode> Items(string member, int most, bool needed = false)
    {
        if (Node(member, needed) is not { } found)
            return [];
        if (found.Kind == JsonTokenType.StartArray && found.Items.Count <= most && (found.Items.Count > 0 || !needed))
            return found.Items;
        Fault(member, $"{member} is a list of {(needed ? 1 : 0)} to {most}: [ … ]");
        return [];
    }

    public List<decimal> Numbers(string member, int most)
    {
        var items = Items(member, most);
        List<decimal> numbers = [.. items.Select(i => NumberOf(i, member)).OfType<decimal>()];
        return numbers.Count == items.Count ? numbers : [];
    }

    /// <summary>Every member with its value, for tables whose keys are the device's own.</summary>
    public IEnumerable<(string Name, TemplateNode Value)> All()
    {
        _asked.UnionWith(node.Members.Select(static m => m.Name));
        return node.Members;
    }

    /// <summary>To be called when all is asked: what is left is unknown.</summary>
    public void Close()
    {
        foreach (var (unknown, value) in node.Members.Where(m => !_asked.Contains(m.Name)))
            fault(value.Line, $"{unknown} is unknown here; {name} knows {string.Join(", ", _asked)}");
    }

    private TemplateNode? Find(string member) => node.Members.Find(m => m.Name == member).Value;

    private decimal? NumberOf(TemplateNode found, string member)
    {
        if (found.Kind == JsonTokenType.Number && decimal.TryParse(found.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return number;
        if (found.Kind == JsonTokenType.String && found.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && ulong.TryParse(found.Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
            return hex;
        fault(found.Line, $"{member} is a number, or a text such as \"0x01A4\"");
        return null;
    }
}
