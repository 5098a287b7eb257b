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

    /// <summary>An idToken of this type is a number that somebody typed in: who knows it charges (2.x).</summary>
    private const string TypedCode = "KeyCode";
    private static readonly JsonWriterOptions AsOnTheWire = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The frame as it may be kept: passwords, keys and the user info of URLs are masked.</summary>
    /// <param name="action">Of the frame or of what it answers; null if unknown.</param>
    public static string ForLog(string? action, string text)
    {
        // A person's data goes to who asked for it, and nowhere else (N09).
        if (action is "NotifyCustomerInformation")
            return CustomerData().Replace(text, $"${{name}}{Mask}\"");
        if (action is "Authorize" or "TransactionEvent" or "RequestStartTransaction" or "ReserveNow" or "SendLocalList" or "CustomerInformation" or "BatterySwap"
            or "RequestBatterySwap")
            return text.Contains(TypedCode, StringComparison.OrdinalIgnoreCase) ? Masked(text, MaskCodes) : text;
        // The messages in which a secret can stand; the others, which are many, are not looked at.
        if (action is not ("ChangeConfiguration" or "GetConfiguration" or "DataTransfer" or "GetDiagnostics" or "UpdateFirmware" or "GetLog"
            or "SignedUpdateFirmware" or "SetVariables" or "GetVariables" or "NotifyReport" or "NotifyEvent" or "SetNetworkProfile" or null))
            return text;
        // Whoever reads it could fetch the file, or bring another in the charger's place.
        text = OneTimeAddress().Replace(text, $"{Files.FileAddress.Path}/{Mask}");
        return SecretWord().IsMatch(text) || UserInfo().IsMatch(text) ? Masked(text, MaskWithin) : text;
    }

    private static string Masked(string text, Action<JsonNode?> mask)
    {
        try
        {
            var frame = JsonNode.Parse(text);
            mask(frame);
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
                MaskVariable(members);
                // A VPN's key stands beside its password (SetNetworkProfile).
                if (members.ContainsKey("password") && members.ContainsKey("key"))
                    members["key"] = Mask;
                foreach (var (member, value) in members.ToArray())
                {
                    if (value is not JsonValue)
                        MaskWithin(value);
                    else if (SecretWord().IsMatch(member) || (isSecretPair && member == "value"))
                        members[member] = Mask;
                    else if (member == "data" && value.GetValueKind() == JsonValueKind.String && SecretWord().IsMatch(value.GetValue<string>()))
                        members[member] = Mask;
                }
                break;
        }
    }

    /// <summary>2.x names a variable in one object and gives its value beside it: asked, set, reported or noticed.</summary>
    private static void MaskVariable(JsonObject members)
    {
        if (members["variable"] is not JsonObject variable || variable["name"] is not JsonValue name || !name.TryGetValue<string>(out var called) || !IsSecret(called))
            return;
        foreach (var member in (ReadOnlySpan<string>)["attributeValue", "actualValue"])
        {
            if (members.ContainsKey(member))
                members[member] = Mask;
        }
        foreach (var attribute in (members["variableAttribute"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (attribute.ContainsKey("value"))
                attribute["value"] = Mask;
        }
    }

    private static void MaskCodes(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list)
                    MaskCodes(item);
                break;

            case JsonObject members:
                var isCode = members["type"] is JsonValue type && type.TryGetValue<string>(out var kind) && kind.Trim().Equals(TypedCode, StringComparison.OrdinalIgnoreCase);
                foreach (var (member, value) in members.ToArray())
                {
                    if (isCode && value is JsonValue && member.EndsWith("idToken", StringComparison.OrdinalIgnoreCase))
                        members[member] = Mask;
                    else
                        MaskCodes(value);
                }
                break;
        }
    }

    [GeneratedRegex("authorizationkey|passw|secret|psk|passphrase|token", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 100)]
    private static partial Regex SecretWord();

    [GeneratedRegex("/files/[A-Za-z0-9_-]{43}", RegexOptions.CultureInvariant, 100)]
    private static partial Regex OneTimeAddress();

    [GeneratedRegex(@"://[^/\s""@]+@", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"(?<name>""data""\s*:\s*"")(\\.|[^""\\])*""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex CustomerData();

    [GeneratedRegex(@"(?<name>""(idTag|parentIdTag|idToken|additionalIdToken|customerIdentifier)""\s*:\s*"")(?<tag>[^""]*)""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 100)]
    private static partial Regex IdTag();
}
