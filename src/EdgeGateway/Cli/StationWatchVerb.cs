using System.CommandLine;
using System.Text;
using System.Text.Json;
using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

/// <summary>What a technician needs first: what the charger says and is told, as it happens.</summary>
internal static class StationWatchVerb
{
    public static Command Create()
    {
        var id = StationCareVerbs.Id();
        var json = new Option<bool>("--json") { Description = "One JSON object a line, for programs" };
        var raw = new Option<bool>("--raw") { Description = "Frames as they are on the wire" };
        var once = new Option<bool>("--once") { Description = "Only what was; do not wait for more" };
        var recent = new Option<int>("--recent") { Description = "Begin with this many of the newest messages", DefaultValueFactory = _ => 20, HelpName = "N" };
        return new Command("watch", "Follows a station's messages live, refused attempts to connect too, until Ctrl+C") { id, raw, json, recent, once }
            .Asks(async (parsed, gateway, terminal, cancellationToken) =>
            {
                var station = parsed.GetRequiredValue(id);
                var (isJson, isOnce) = (parsed.GetValue(json), parsed.GetValue(once));
                var path = $"{StationCareVerbs.PathOf(station)}/frames?follow={(isOnce ? "false" : "true")}&limit={parsed.GetValue(recent)}";
                var teller = new FrameTeller(terminal, parsed.GetValue(raw));
                if (!isJson && !isOnce)
                    terminal.Line($"{station}: → from the charger, ← to it, · the line itself. Times are UTC. Ctrl+C ends.");
                var isSilent = true;
                await foreach (var line in gateway.FollowAsync(path, cancellationToken))
                {
                    isSilent = false;
                    if (isJson)
                        terminal.Raw(line);
                    else if (JsonSerializer.Deserialize(line, AdminJson.Default.FrameView) is { } frame)
                        teller.Tell(frame);
                }
                // Who tried to connect under a name that nobody has is heard here too, so a name that nobody has is no fault.
                if (isOnce && !isJson && isSilent)
                    terminal.Line($"Nothing was heard of {station}.");
                return isOnce ? 0 : terminal.Fail("The gateway ended the connection.");
            });
    }
}

/// <summary>Frames as people read them: what an answer answers is named, a payload is a row of words.</summary>
internal sealed class FrameTeller(Terminal terminal, bool isRaw)
{
    /// <summary>Questions that wait for an answer; the oldest are forgotten.</summary>
    private const int MostOpen = 256;

    private readonly Dictionary<string, (string Action, DateTimeOffset At)> _open = [];
    private DateOnly _day;

    public void Tell(FrameView frame)
    {
        var day = DateOnly.FromDateTime(frame.At.UtcDateTime);
        if (day != _day)
            terminal.Line($"{day:yyyy-MM-dd}");
        _day = day;
        var (arrow, style) = frame.Direction switch { "In" => ("→", "green"), "Out" => ("←", "blue"), _ => ("·", "grey") };
        var (head, rest, isBad) = frame.Direction == "Line" ? (frame.Text, frame.Note ?? "", IsTrouble(frame)) : isRaw ? ("", frame.Text, false) : Read(frame);
        if (frame.Direction != "Line" && frame.Note is { } note)
            rest = $"{rest}  ({note})";
        terminal.Row($"{frame.At.ToUniversalTime():HH:mm:ss.fff}", arrow, style, head, isBad, rest, isRaw);
    }

    private (string Head, string Words, bool IsBad) Read(FrameView frame)
    {
        try
        {
            var json = JsonDocument.Parse(frame.Text).RootElement;
            var id = json[1].ToString();
            var asked = $"{(frame.Direction == "In" ? "Out" : "In")} {id}";
            switch (json[0].GetInt32())
            {
                case 2 or 6:
                    if (_open.Count >= MostOpen)
                        _open.Clear();
                    _open[$"{frame.Direction} {id}"] = (json[2].ToString(), frame.At);
                    return (json[2].ToString(), Words(json[3]), false);
                case 3:
                    return ($"{Answered(asked, frame.At)} ok", Words(json[2]), false);
                default:
                    return ($"{Answered(asked, frame.At)} ERROR", $"{json[2]} {json[3]} {Words(json[4])}".TrimEnd(), true);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            return ("", frame.Text, true);
        }
    }

    private string Answered(string asked, DateTimeOffset at) =>
        _open.Remove(asked, out var question) ? $"{question.Action} {(at - question.At).TotalMilliseconds:0} ms" : "answer";

    private static bool IsTrouble(FrameView frame) => frame.Text is "refused" or "set-up failed" || frame.Text.EndsWith("Failed", StringComparison.Ordinal) || frame.Text.StartsWith("Malformed", StringComparison.Ordinal);

    /// <summary><c>key=value</c>; what lies within is in brackets.</summary>
    internal static string Words(JsonElement json)
    {
        var words = new StringBuilder();
        Put(words, json, isOuter: true);
        return words.ToString();
    }

    private static void Put(StringBuilder words, JsonElement json, bool isOuter)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                words.Append(isOuter ? "" : "{");
                var isFirst = true;
                foreach (var member in json.EnumerateObject())
                {
                    words.Append(isFirst ? "" : " ").Append(member.Name).Append('=');
                    Put(words, member.Value, isOuter: false);
                    isFirst = false;
                }
                words.Append(isOuter ? "" : "}");
                break;
            case JsonValueKind.Array:
                words.Append('[');
                foreach (var (i, item) in json.EnumerateArray().Index())
                {
                    words.Append(i == 0 ? "" : ", ");
                    Put(words, item, isOuter: false);
                }
                words.Append(']');
                break;
            case JsonValueKind.String:
                var text = json.GetString()!;
                words.Append(text.Length == 0 || text.Contains(' ', StringComparison.Ordinal) ? $"\"{text}\"" : text);
                break;
            default:
                words.Append(json.GetRawText());
                break;
        }
    }
}
