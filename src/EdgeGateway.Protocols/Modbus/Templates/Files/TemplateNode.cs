using System.Text;
using System.Text.Json;

namespace EdgeGateway.Protocols.Modbus.Templates.Files;

/// <summary>One value of a device file and the line it begins in: who wrote a file by hand is told where to look.</summary>
internal sealed class TemplateNode
{
    /// <summary>Objects and lists within each other.</summary>
    private const int DepthLimit = 8;

    public required int Line { get; init; }

    /// <summary>StartObject, StartArray, String, Number, True, False or Null.</summary>
    public required JsonTokenType Kind { get; init; }

    /// <summary>Of a string what it says, of a number as it is written.</summary>
    public string Text { get; init; } = "";
    public List<(string Name, TemplateNode Value)> Members { get; } = [];
    public List<TemplateNode> Items { get; } = [];

    /// <summary>JSON with comments and trailing commas. A fault gives its line, counted from 1.</summary>
    public static TemplateNode? Read(ReadOnlySpan<byte> utf8, Action<int, string> fault)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = DepthLimit });
        try
        {
            reader.Read();
            var root = Value(ref reader, utf8, fault);
            while (reader.Read()) { }
            return root;
        }
        catch (JsonException broken)
        {
            fault((int)(broken.LineNumber ?? 0) + 1, "this is not JSON: " + Sentence(broken.Message));
            return null;
        }
        catch (InvalidOperationException)
        {
            fault(LineAt(utf8, reader.TokenStartIndex), "this text is not UTF-8");
            return null;
        }
    }

    private static TemplateNode Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, Action<int, string> fault)
    {
        var node = new TemplateNode
        {
            Line = LineAt(utf8, reader.TokenStartIndex),
            Kind = reader.TokenType,
            Text = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => "",
            },
        };
        while (node.Kind is JsonTokenType.StartArray && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            node.Items.Add(Value(ref reader, utf8, fault));
        while (node.Kind is JsonTokenType.StartObject && reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (name, line) = (reader.GetString()!, LineAt(utf8, reader.TokenStartIndex));
            reader.Read();
            if (node.Members.Exists(m => m.Name == name))
                fault(line, $"{name} is here twice");
            node.Members.Add((name, Value(ref reader, utf8, fault)));
        }
        return node;
    }

    private static int LineAt(ReadOnlySpan<byte> utf8, long index) => utf8[..(int)Math.Min(index, utf8.Length)].Count((byte)'\n') + 1;

    // The serializer's own text ends with its path and position; the line is said in front.
    private static string Sentence(string message) => message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0].TrimEnd('.', ' ');
}
