using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers;

/// <summary>What of a frame is nobody's business: secrets never reach the frame log, id tags never a screen in full (S11).</summary>
public static partial class FrameMasking
{
    private const string Mask = "***";
    private static readonly JsonWriterOptions AsOnTheWire = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The frame as it may be kept: passwords, keys and the user info of URLs are masked.</summary>
    /// <param name="action">Of the frame or of what it answers; null if unknown.</param>
    public static string ForLog(string? action, string text)
    {
        // The messages in which a secret can stand; the others, which are many, are not looked at.
        if (action is not ("ChangeConfiguration" or "GetConfiguration" or "DataTransfer" or "GetDiagnostics" or "UpdateFirmware" or "GetLog"
            or "SignedUpdateFirmware" or "SetVariables" or "GetVariables" or "SetNetworkProfile" or null))
            return text;
        if (!SecretWord().IsMatch(text) && !UserInfo().IsMatch(text))
            return text;
        try
        {
            var frame = JsonNode.Parse(text);
            MaskWithin(frame);
            return UserInfo().Replace(Written(frame!), $"://{Mask}@");
        }
        catch (JsonException)
        {
            return $"(a frame of {text.Length} characters that is no JSON and names a secret)";
        }
    }

    /// <summary>The frame as people are shown it: of an id tag only the beginning.</summary>
    public static Frame ForPeople(Frame frame) => frame with { Text = IdTag().Replace(frame.Text, static m => $"{m.Groups["name"].Value}{Uid.Mask(m.Groups["tag"].Value)}\"") };

    /// <summary>A setting of this name holds what is nobody's business.</summary>
    public static bool IsSecret(string name) => SecretWord().IsMatch(name);

    private static string Written(JsonNode node)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, AsOnTheWire))
            node.WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void MaskWithin(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list)
                    MaskWithin(item);
                break;

            case JsonObject members:
                var isSecretPair = members["key"] is JsonValue key && key.TryGetValue<string>(out var name) && SecretWord().IsMatch(name);
                var isSecretVariable = members["variable"] is JsonObject variable && variable["name"] is JsonValue called && called.TryGetValue<string>(out var of) && SecretWord().IsMatch(of);
                foreach (var (member, value) in members.ToArray())
                {
                    if (value is not JsonValue)
                        MaskWithin(value);
                    else if (SecretWord().IsMatch(member) || (isSecretPair && member == "value") || (isSecretVariable && member == "attributeValue"))
                        members[member] = Mask;
                    else if (member == "data" && value.GetValueKind() == JsonValueKind.String && SecretWord().IsMatch(value.GetValue<string>()))
                        members[member] = Mask;
                }
                break;
        }
    }

    [GeneratedRegex("authorizationkey|passw|secret|psk|passphrase|token", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 100)]
    private static partial Regex SecretWord();

    [GeneratedRegex(@"://[^/\s""@]+@", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"(?<name>""(idTag|parentIdTag|idToken)""\s*:\s*"")(?<tag>[^""]*)""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 100)]
    private static partial Regex IdTag();
}
