using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Chargers;

/// <summary>Notices what the frame reader passes over in silence. One for each line; only frames that came are shown to it.</summary>
internal sealed class FrameHabits
{
    /// <summary>So many of the newest message ids are remembered.</summary>
    public const int Ids = 64;

    private readonly Queue<string> _order = new(Ids);
    private readonly HashSet<string> _ids = new(Ids, StringComparer.Ordinal);

    public void Look(in TappedFrame frame, ChargerLine line)
    {
        var text = frame.Text.Span;
        if (text.Length == 0 || frame.Type is not { } type)
            return;
        if (text[0] != (byte)'[' || text[^1] != (byte)']')
            line.Tolerated(Tolerances.FrameMarks, text.StartsWith("\uFEFF"u8) ? "a byte order mark before a frame" : "blanks or zero bytes around a frame");
        var start = text.IndexOf((byte)'[') + 1;
        var comma = text[start..].IndexOf((byte)',');
        if (comma > 0 && (First(text[start..]) == '"' || First(text[(start + comma + 1)..]) != '"'))
            line.Tolerated(Tolerances.FrameForm, First(text[start..]) == '"' ? "the message type in quotes" : "a message id without quotes");
        if (type == FrameType.Call && frame.MessageId is { } id)
            Remember(id, line);
    }

    private void Remember(string id, ChargerLine line)
    {
        if (!_ids.Add(id))
        {
            line.Tolerated(Tolerances.MessageIdAgain, "a message id that was used on this line before");
            return;
        }
        _order.Enqueue(id);
        if (_order.Count > Ids)
            _ids.Remove(_order.Dequeue());
    }

    private static char First(ReadOnlySpan<byte> text)
    {
        var trimmed = text.TrimStart(" \t\r\n"u8);
        return trimmed.Length == 0 ? '\0' : (char)trimmed[0];
    }
}
