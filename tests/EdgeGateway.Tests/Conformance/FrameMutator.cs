using System.Text;

namespace EdgeGateway.Tests.Conformance;

/// <summary>Turns frames that are right into frames that are not, in the ways in which bytes go wrong and in those in which firmware does.</summary>
internal sealed class FrameMutator(IReadOnlyList<byte[]> frames, int seed)
{
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "-", "1e999", "-1e-999", "99999999999999999999999999", "0.1e+400", "-0", "00",
            "\\ud800", "\\u0000", "\"\":", "{}", "[]", "NaN", "\"\"", "'", "//", "\u2028", "\uFEFF", "-1", "2147483648", "1.7976931348623157E309",
        }.Select(Encoding.UTF8.GetBytes),
        // No UTF-8: a lone continuation, an overlong slash, half a character, a Latin-1 letter, a byte order mark of UTF-16.
        [0x80], [0xC0, 0xAF], [0xE2, 0x82], [0xE9], [0xFF, 0xFE], [0x00],
    ];

    private readonly Random _chance = new(seed);

    /// <summary>The next frame; up to three things are wrong with it, sometimes nothing.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        var frame = new List<byte>(Any());
        for (var n = _chance.Next(4); n > 0 && frame.Count > 0; n--) Mutate(frame);
        return frame.ToArray();
    }

    private byte[] Any() => frames[_chance.Next(frames.Count)];

    private void Mutate(List<byte> frame)
    {
        var at = _chance.Next(frame.Count);
        var length = Math.Min(_chance.Next(1, 20), frame.Count - at);
        switch (_chance.Next(14))
        {
            case 0: frame[at] ^= (byte)(1 << _chance.Next(8)); break;
            case 1: frame[at] = (byte)_chance.Next(256); break;
            case 2: frame.RemoveRange(at, frame.Count - at); break;
            case 3: frame.RemoveRange(at, length); break;
            case 4: frame.InsertRange(at, frame.GetRange(at, length)); break;
            case 5: frame.Reverse(at, length); break;
            case 6: frame.InsertRange(at, Tokens[_chance.Next(Tokens.Length)]); break;
            case 7: Value(frame, at, Tokens[_chance.Next(Tokens.Length)]); break;
            case 8: Member(frame, at); break;
            case 9: frame.InsertRange(at, Enumerable.Repeat((byte)(_chance.Next(2) == 0 ? '[' : '{'), _chance.Next(1, 200))); break;
            case 10: Splice(frame, at); break;
            case 11: Type(frame); break;
            case 12: Value(frame, at, Encoding.ASCII.GetBytes($"\"{new string('x', _chance.Next(400) == 0 ? 70_000 : _chance.Next(300))}\"")); break;
            default: Swap(frame, at); break;
        }
    }

    /// <summary>Another value behind the next colon.</summary>
    private static void Value(List<byte> frame, int at, byte[] value)
    {
        var begin = frame.IndexOf((byte)':', at) + 1;
        if (begin == 0) return;
        var end = frame.FindIndex(begin, b => b is (byte)',' or (byte)'}');
        if (end < 0) return;
        frame.RemoveRange(begin, end - begin);
        frame.InsertRange(begin, value);
    }

    /// <summary>The next member a second time.</summary>
    private static void Member(List<byte> frame, int at)
    {
        var begin = frame.IndexOf((byte)'"', at);
        var end = begin < 0 ? -1 : frame.IndexOf((byte)',', begin);
        if (end > 0) frame.InsertRange(begin, frame.GetRange(begin, end + 1 - begin));
    }

    private void Splice(List<byte> frame, int at)
    {
        var other = Any();
        var from = _chance.Next(other.Length);
        frame.RemoveRange(at, frame.Count - at);
        frame.AddRange(other[from..]);
    }

    // Another message type, or none.
    private void Type(List<byte> frame)
    {
        if (frame.Count > 1) frame[1] = (byte)"0123456789-n"[_chance.Next(12)];
    }

    private void Swap(List<byte> frame, int at)
    {
        var other = _chance.Next(frame.Count);
        (frame[at], frame[other]) = (frame[other], frame[at]);
    }
}
