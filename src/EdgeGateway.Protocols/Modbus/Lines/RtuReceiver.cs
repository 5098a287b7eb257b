namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>Finds the awaited answer in what comes over a serial line: behind noise, between frames of other units, in any pieces. Frames are known by length and check sum, not by
/// silences, which neither USB adapters nor networks keep.</summary>
internal sealed class RtuReceiver(LineWitness witness)
{
    /// <summary>More than two of the longest frames (256 bytes).</summary>
    private const int Limit = 640;

    private readonly byte[] _bytes = new byte[Limit];
    private int _length;

    public Span<byte> Room => _bytes.AsSpan(_length);

    /// <summary>What may still become a frame.</summary>
    public ReadOnlySpan<byte> Pending => _bytes.AsSpan(0, _length);

    /// <summary>Bytes since <see cref="Begin"/> that were part of no frame.</summary>
    public int Noise { get; private set; }

    /// <summary>Since <see cref="Begin"/> something came that was an answer but for its check sum.</summary>
    public bool Spoilt { get; private set; }

    /// <summary>The adapter hears what it sends.</summary>
    public bool Echoes { get; private set; }

    /// <summary>What was asked last without an answer: should it come yet, it is late, and nobody else's.</summary>
    public ModbusRequest? Unanswered { get; set; }

    /// <summary>A new question: what is left of before is none of its answer.</summary>
    public void Begin()
    {
        Stray(_length, "noise");
        (Noise, Spoilt) = (0, false);
    }

    public void Add(int count) => _length += count;

    /// <summary>The answer, once it is there whole. All that cannot be it is dropped and counted.</summary>
    /// <param name="awaited">Null: nothing is awaited, all is stray.</param>
    public byte[]? Take(ModbusRequest? awaited)
    {
        while (_length > 0)
        {
            if (awaited is not null && AnswerAt(0, awaited) is var length and > 0)
            {
                var answer = _bytes.AsSpan(0, length).ToArray();
                Drop(length);
                return answer;
            }
            var (whole, grows) = Judge(Pending);
            if (whole > 0)
                Foreign(whole, awaited);
            else if (!grows)
                Stray(NextBeginning(), Spoilt ? "wrong check sum" : "noise");
            else if (awaited is not null && AnswerBehind(awaited) is var noise and > 0)
                Stray(noise, "noise");
            else
                return null;
        }
        return null;
    }

    private int AnswerAt(int start, ModbusRequest awaited)
    {
        var bytes = Pending[start..];
        if (bytes.Length < 5 || !awaited.BeginsAnswer(bytes))
            return 0;
        var length = awaited.LengthOf(bytes);
        if (bytes.Length < length)
            return 0;
        if (CheckSum.Holds(bytes[..length]))
            return length;
        Spoilt = true;
        return 0;
    }

    /// <summary>Noise can look like the beginning of a long frame: what is behind it must not wait for the rest.</summary>
    private int AnswerBehind(ModbusRequest awaited)
    {
        for (var start = 1; start <= _length - 5; start++)
        {
            if (AnswerAt(start, awaited) > 0)
                return start;
        }
        return 0;
    }

    private int NextBeginning()
    {
        for (var start = 1; start < _length; start++)
        {
            if (Judge(Pending[start..]) is { Whole: > 0 } or { Grows: true })
                return start;
        }
        return _length;
    }

    private void Foreign(int length, ModbusRequest? awaited)
    {
        var frame = Pending[..length];
        if (awaited is not null && frame.SequenceEqual(awaited.ToFrame()))
        {
            Echoes = true;
            witness.Saw(false, frame, "echo");
            Drop(length);
        }
        else if (frame[0] == awaited?.Unit || Unanswered?.BeginsAnswer(frame) == true)
        {
            Unanswered = null;
            witness.Late();
            Stray(length, "late");
        }
        else
        {
            Stray(length, $"foreign unit {frame[0]}");
        }
    }

    /// <summary>Whether a frame with its check sum begins here, and whether what is here could yet grow into one.</summary>
    private static (int Whole, bool Grows) Judge(ReadOnlySpan<byte> bytes)
    {
        const int Exception = 5, Short = 8;
        if (bytes[0] > 247)
            return (0, false);
        if (bytes.Length < 2)
            return (0, true);
        switch (bytes[1])
        {
            case 1 or 2 or 3 or 4:
                var answer = bytes.Length < 3 ? int.MaxValue : bytes[2] is > 0 and <= 250 ? 5 + bytes[2] : 0;
                return Either(bytes, Short, answer);
            case 5 or 6:
                return Either(bytes, Short, 0);
            case 15 or 16:
                return Either(bytes, Short, bytes.Length < 7 ? int.MaxValue : bytes[6] is > 0 and <= 246 ? 9 + bytes[6] : 0);
            case >= 0x81 and <= 0x86 or 0x8F or 0x90:
                return Either(bytes, Exception, 0);
            default:
                return (0, false);
        }
    }

    private static (int Whole, bool Grows) Either(ReadOnlySpan<byte> bytes, int one, int other)
    {
        if (bytes.Length >= one && CheckSum.Holds(bytes[..one]))
            return (one, false);
        if (other > 0 && bytes.Length >= other && CheckSum.Holds(bytes[..other]))
            return (other, false);
        return (0, bytes.Length < one || bytes.Length < other);
    }

    private void Stray(int count, string remark)
    {
        if (remark is "noise" or "wrong check sum")
            Noise += count;
        witness.Stray(Pending[..count], remark);
        Drop(count);
    }

    private void Drop(int count)
    {
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _length -= count;
    }
}
