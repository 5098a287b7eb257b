using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.Messages;

/// <summary>
/// One pass over a payload beside its shape. It notes flaws, and the edits that turn what chargers write into what the generated
/// serialisers read; a payload without flaws, which is nearly every one, needs no edit and is read as it came.
/// </summary>
internal sealed partial class ShapeWalk
{
    // Instead of a member's index.
    private const int CustomData = -2;

    [ThreadStatic]
    private static ShapeWalk? s_spare;

    private readonly List<(string? Name, int Index)> _path = [];
    private Tolerance _tolerance;
    private bool _strict;

    public List<Flaw> Flaws { get; } = [];

    /// <summary>In the order of their places in the text.</summary>
    public List<Edit> Edits { get; } = [];

    /// <summary>What could not be tolerated (not set when Strict, where every flaw counts).</summary>
    public Flaw? Fault { get; private set; }

    /// <summary>Instead of the bytes from Start to End, this text.</summary>
    public readonly record struct Edit(int Start, int End, string Text);

    public static ShapeWalk Begin(Tolerance tolerance)
    {
        var walk = s_spare ?? new();
        s_spare = null;
        walk._tolerance = tolerance;
        walk._strict = tolerance == Tolerance.Strict;
        return walk;
    }

    public void End()
    {
        _path.Clear();
        Flaws.Clear();
        Edits.Clear();
        Fault = null;
        s_spare = this;
    }

    /// <summary>False if the message cannot be read; when Strict, if it has a flaw.</summary>
    public bool Walk(ReadOnlySpan<byte> payload, ObjectShape shape)
    {
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = FrameLimits.Depth });
            reader.Read();
            return Value(ref reader, shape) && !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Broken JSON never comes out of a frame, but out of a technician's shell; the other is an escape that is half a character.
            return Bad(OcppErrorCode.FormatViolation, "is no JSON");
        }
    }

    public void WriteRepaired(ReadOnlySpan<byte> payload, IBufferWriter<byte> repaired)
    {
        var copied = 0;
        foreach (var edit in Edits)
        {
            repaired.Write(payload[copied..edit.Start]);
            Encoding.UTF8.GetBytes(edit.Text, repaired);
            copied = edit.End;
        }
        repaired.Write(payload[copied..]);
    }

    // The reader stands on the value's first token and is left on its last, also when the value is bad.
    private bool Value(ref Utf8JsonReader reader, Shape shape)
    {
        var start = reader;
        var good = shape switch
        {
            ObjectShape s => Object(ref reader, s),
            ListShape s => List(ref reader, s),
            TextShape s => Text(ref reader, s),
            EnumShape s => Enumerated(ref reader, s),
            IntegerShape s => Integer(ref reader, s),
            DecimalShape s => Decimal(ref reader, s),
            TimeShape => Time(ref reader),
            BooleanShape => Boolean(ref reader),
            AnyShape => Anything(ref reader),
            _ => throw new InvalidOperationException($"no such shape: {shape}"),
        };
        if (good) return true;
        reader = start;
        reader.Skip();
        return false;
    }

    private bool Object(ref Utf8JsonReader reader, ObjectShape shape)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return EmptyListForObject(ref reader, shape);
        var good = true;
        var empty = true;
        var next = 0;
        ulong named = 0, filled = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            empty = false;
            var index = Find(ref reader, shape, next);
            if (index < 0)
            {
                good &= !_strict || index == CustomData;
                reader.Skip();
                continue;
            }
            next = index + 1;
            named |= 1UL << index;
            reader.Read();
            _path.Add((shape.Members[index].Name, 0));
            var member = Member(ref reader, shape.Members[index]);
            _path.RemoveAt(_path.Count - 1);
            if (member == Outcome.Filled) filled |= 1UL << index;
            else if (member == Outcome.Bad && !_strict) return false;
            else good &= member != Outcome.Bad;
            // A bad member is no missing one.
            if (_strict) filled |= 1UL << index;
        }
        var missing = (_strict ? shape.MandatoryBits : shape.ExpectedBits) & ~filled;
        return missing == 0 ? good : Missing(missing, named, empty, shape, (int)reader.TokenStartIndex) && good;
    }

    // Languages whose empty map is an empty list send [] for {}.
    private bool EmptyListForObject(ref Utf8JsonReader reader, ObjectShape shape)
    {
        var start = reader;
        if (_strict || reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.EndArray)
        {
            reader = start;
            return Bad(OcppErrorCode.TypeConstraintViolation, "is no object");
        }
        Tolerate(OcppErrorCode.TypeConstraintViolation, "is an empty list for an object");
        Edits.Add(new((int)start.TokenStartIndex, (int)reader.BytesConsumed - 1, "{"));
        if (shape.ExpectedBits != 0 && !Missing(shape.ExpectedBits, 0, empty: true, shape, (int)reader.BytesConsumed - 1)) return false;
        Edits.Add(new((int)reader.BytesConsumed - 1, (int)reader.BytesConsumed, "}"));
        return true;
    }

    private int Find(ref Utf8JsonReader reader, ObjectShape shape, int next)
    {
        string? name = null;
        var readable = !reader.ValueIsEscaped || TryDecode(ref reader, out name);
        var index = readable ? shape.IndexOf(ref reader, next) : -1;
        if (index >= 0) return index;
        if (shape.HasCustomData && reader.ValueTextEquals("customData"u8)) return CustomData;
        name ??= Raw(ref reader);
        if (!readable) Replace(ref reader, Quoted(name));
        if (!_strict) index = shape.IndexOfIgnoringCase(name.Trim());
        if (index < 0)
        {
            Flawed(OcppErrorCode.FormatViolation, $"has a member that is not in the standard: {Quote(name)}");
            return -1;
        }
        Tolerate(OcppErrorCode.FormatViolation, $"has a member {Quote(name)} for {shape.Members[index].Name}");
        Replace(ref reader, Quoted(shape.Members[index].Name));
        return index;
    }

    private Outcome Member(ref Utf8JsonReader reader, MemberShape member)
    {
        var start = (int)reader.TokenStartIndex;
        var mark = Edits.Count;
        if (reader.TokenType == JsonTokenType.Null)
        {
            if (_strict)
            {
                Bad(OcppErrorCode.TypeConstraintViolation, "is null");
                return Outcome.Bad;
            }
            Tolerate(OcppErrorCode.TypeConstraintViolation, "is null");
            if (member.Shape is ListShape && !member.Nullable) Replace(ref reader, "[]");
            return Outcome.Empty;
        }
        if (Value(ref reader, member.Shape)) return Outcome.Filled;
        if (_strict) return Outcome.Bad;

        var spared = member.Required ? MayBeMissing(member) : !member.Vital;
        if (!spared) return Outcome.Bad;
        Forgive("left out");
        Edits.RemoveRange(mark, Edits.Count - mark);
        Edits.Add(new(start, (int)reader.BytesConsumed, member.Shape is ListShape && !member.Nullable ? "[]" : "null"));
        return Outcome.Filled;
    }

    private bool Missing(ulong missing, ulong named, bool empty, ObjectShape shape, int end)
    {
        var comma = empty ? "" : ",";
        for (var i = 0; i < shape.Members.Length; i++)
        {
            if ((missing >> i & 1) == 0) continue;
            var member = shape.Members[i];
            _path.Add((member.Name, 0));
            var spared = MayBeMissing(member);
            if (spared) Tolerate(OcppErrorCode.OccurrenceConstraintViolation, "is missing");
            else Bad(OcppErrorCode.OccurrenceConstraintViolation, "is missing");
            _path.RemoveAt(_path.Count - 1);
            if (!spared && !_strict) return false;
            if (!spared || (named >> i & 1) != 0) continue;
            Edits.Add(new(end, end, $"{comma}{Quoted(member.Name)}:{(member.Nullable ? "null" : "[]")}"));
            comma = ",";
        }
        return !_strict;
    }

    private bool MayBeMissing(MemberShape member) =>
        !member.Required && !_strict || _tolerance == Tolerance.BestEffort && (member.Nullable || member.Shape is ListShape);

    private bool List(ref Utf8JsonReader reader, ListShape shape)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return OneForList(ref reader, shape);
        var good = true;
        var index = 0;
        reader.Read();
        while (reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            var mark = Edits.Count;
            _path.Add((null, index++));
            var understood = reader.TokenType == JsonTokenType.Null
                ? Bad(OcppErrorCode.TypeConstraintViolation, "is null")
                : Value(ref reader, shape.Element);
            if (!understood && !_strict) Forgive("left out");
            _path.RemoveAt(_path.Count - 1);
            reader.Read();
            if (understood) continue;
            good = false;
            if (_strict) continue;
            // With the comma behind it, if there is one; a comma left before the end does not disturb the serialisers.
            Edits.RemoveRange(mark, Edits.Count - mark);
            Edits.Add(new(start, (int)reader.TokenStartIndex, ""));
        }
        if (_strict && shape.AtLeastOne && index == 0) return Bad(OcppErrorCode.OccurrenceConstraintViolation, "is an empty list");
        if (index > shape.AtMost)
        {
            var what = $"has {index} elements, {shape.AtMost} are allowed";
            if (_strict) return Bad(OcppErrorCode.OccurrenceConstraintViolation, what);
            Tolerate(OcppErrorCode.OccurrenceConstraintViolation, what);
        }
        return good || !_strict;
    }

    private bool OneForList(ref Utf8JsonReader reader, ListShape shape)
    {
        var fits = reader.TokenType == (shape.Element is ObjectShape ? JsonTokenType.StartObject : JsonTokenType.String);
        if (_strict || !fits) return Bad(OcppErrorCode.TypeConstraintViolation, "is no list");
        var start = (int)reader.TokenStartIndex;
        Edits.Add(new(start, start, "["));
        if (!Value(ref reader, shape.Element)) return false;
        Tolerate(OcppErrorCode.TypeConstraintViolation, "is one element without its list");
        Edits.Add(new((int)reader.BytesConsumed, (int)reader.BytesConsumed, "]"));
        return true;
    }

    private enum Outcome
    {
        Filled,
        Empty,
        Bad,
    }
}
