using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>
/// Reads frames as chargers write them: with or without a byte order mark, spaces, trailing zero bytes, a type or id of the wrong JSON
/// type. Whatever else is wrong makes a <see cref="FaultyFrame"/>, never an exception (FIELD-NOTES 7).
/// </summary>
public static class FrameReader
{
    private static readonly JsonReaderOptions Limits = new() { MaxDepth = FrameLimits.Depth };

    public static Frame Read(ReadOnlyMemory<byte> message, OcppVersion version)
    {
        if (message.Length > FrameLimits.MessageBytes) return Fault("the message is too long", default);
        message = Trim(message);
        if (!Utf8.IsValid(message.Span)) message = Repair(message.Span);
        var known = default(Known);
        try
        {
            var reader = new Utf8JsonReader(message.Span, Limits);
            return Read(ref reader, message, version, ref known);
        }
        catch (JsonException)
        {
            // Behind the action it is the payload that is broken; before it, there is no frame.
            return Fault("no JSON, or nested too deeply", known, known.Action is null ? OcppErrorCode.RpcFrameworkError : OcppErrorCode.FormatViolation);
        }
        catch (InvalidOperationException)
        {
            // An escape that is half a surrogate pair.
            return Fault("a text that is no Unicode", known, known.Action is null ? OcppErrorCode.RpcFrameworkError : OcppErrorCode.FormatViolation);
        }
    }

    private static Frame Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> message, OcppVersion version, ref Known known)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return Fault("no JSON array", known);
        reader.Read();
        if (!TryReadNumber(ref reader, out var type)) return Fault("the message type is no number", known);
        known.Type = type is >= (int)FrameType.Call and <= (int)FrameType.Send ? (FrameType)type : null;
        if (known.Type is FrameType.CallResultError or FrameType.Send && !version.HasSend) known.Type = null;

        reader.Read();
        if (!TryReadText(ref reader, FrameLimits.MessageIdChars, out var id)) return Fault("the message id is missing, no text or too long", known);
        known.MessageId = id;
        if (known.Type is null)
            return new FaultyFrame(id, null, null, OcppErrorCode.MessageTypeNotSupported, "unknown message type");

        return known.Type switch
        {
            FrameType.Call or FrameType.Send => ReadCall(ref reader, message, version, ref known),
            FrameType.CallResult => TryReadObject(ref reader, message, out var payload) && Ends(ref reader)
                ? new ResultFrame(id, payload)
                : Fault("the payload is no object", known),
            _ => ReadError(ref reader, message, known),
        };
    }

    private static Frame ReadCall(ref Utf8JsonReader reader, ReadOnlyMemory<byte> message, OcppVersion version, ref Known known)
    {
        reader.Read();
        if (!TryReadText(ref reader, FrameLimits.ActionChars, out var action)) return Fault("the action is missing, no text or too long", known);
        known.Action = action;
        // Part 4, table 8 calls it a ProtocolError when the payload is not of the PDU's structure; in 1.6 that is a FormationViolation too.
        if (!TryReadObject(ref reader, message, out var payload) || !Ends(ref reader))
            return Fault("the payload is no object", known, version.KeepsOldErrorSpelling ? OcppErrorCode.FormatViolation : OcppErrorCode.ProtocolError);
        return new CallFrame(known.MessageId!, action, payload, known.Type == FrameType.Call);
    }

    // Code, description and details may each be missing: an error is an error.
    private static ErrorFrame ReadError(ref Utf8JsonReader reader, ReadOnlyMemory<byte> message, Known known)
    {
        string code = nameof(OcppErrorCode.GenericError), description = "";
        ReadOnlyMemory<byte> details = "{}"u8.ToArray();
        if (reader.Read() && TryReadText(ref reader, FrameLimits.ActionChars, out var read)) code = read;
        if (reader.TokenType != JsonTokenType.EndArray && reader.Read() && reader.TokenType == JsonTokenType.String)
            description = reader.GetString()!;
        if (reader.TokenType != JsonTokenType.EndArray && TryReadObject(ref reader, message, out var payload)) details = payload;
        if (description.Length > FrameLimits.DescriptionChars) description = description[..FrameLimits.DescriptionChars];
        return new(known.MessageId!, code, description, details, known.Type == FrameType.CallResultError);
    }

    // An empty array or null for an empty object comes from languages without one; the message's own reader sorts it out.
    private static bool TryReadObject(ref Utf8JsonReader reader, ReadOnlyMemory<byte> message, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (!reader.Read() || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.Null)) return false;
        var start = (int)reader.TokenStartIndex;
        var isList = reader.TokenType == JsonTokenType.StartArray;
        if (isList && (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)) return false;
        reader.Skip();
        payload = message[start..(int)reader.BytesConsumed];
        return true;
    }

    // Elements too many are passed over; what follows the array is not.
    private static bool Ends(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) reader.Skip();
        return !reader.Read();
    }

    private static bool TryReadNumber(ref Utf8JsonReader reader, out int number)
    {
        number = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out number)
            || reader.TokenType == JsonTokenType.String && int.TryParse(reader.ValueSpan, out number);
    }

    private static bool TryReadText(ref Utf8JsonReader reader, int maxChars, out string text)
    {
        text = "";
        // An escape takes at most twelve bytes a character, so longer texts need no decoding to be too long.
        if (reader.ValueSpan.Length > maxChars * 12) return false;
        if (reader.TokenType == JsonTokenType.String) text = reader.GetString()!;
        else if (reader.TokenType == JsonTokenType.Number) text = Encoding.UTF8.GetString(reader.ValueSpan);
        else return false;
        return text.Length <= maxChars;
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> message)
    {
        if (message.Span.StartsWith("\uFEFF"u8)) message = message[3..];
        return message.TrimEnd((byte)0);
    }

    private static ReadOnlyMemory<byte> Repair(ReadOnlySpan<byte> latin) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(latin));

    private static FaultyFrame Fault(string what, Known known, OcppErrorCode code = OcppErrorCode.RpcFrameworkError) =>
        new(known.MessageId, known.Type, known.Action, code, what);

    private struct Known
    {
        public FrameType? Type;
        public string? MessageId;
        public string? Action;
    }
}
