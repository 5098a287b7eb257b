using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace EdgeGateway.Chargers.Quirks;

/// <summary>Reads a quirk file: a JSON object, or a list of them. All faults are told in one go, each with its path; a file with a fault has no pages.</summary>
public static class QuirkFile
{
    public const int PageLimit = 200;
    public const int TextLimit = 1000;
    public const int SettingLimit = 100;

    /// <summary>A value of ChangeConfiguration (1.6) and of a variable (2.x) that is written.</summary>
    public const int ValueChars = 500;

    private static readonly string[] Protocols = ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"];
    private static readonly JsonDocumentOptions Form = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 8 };

    /// <param name="source">The file's name, kept on each page.</param>
    public static QuirkFileRead Read(ReadOnlyMemory<byte> json, string source)
    {
        var faults = new List<QuirkFault>();
        var pages = ImmutableArray.CreateBuilder<QuirkPage>();
        try
        {
            using var document = JsonDocument.Parse(json, Form);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                Take(document.RootElement, "");
            else if (document.RootElement.GetArrayLength() > PageLimit)
                faults.Add(new("", $"{document.RootElement.GetArrayLength()} entries", $"at most {PageLimit}"));
            else
            {
                var i = 0;
                foreach (var item in document.RootElement.EnumerateArray())
                    Take(item, $"{i++}");
            }
        }
        catch (JsonException fault)
        {
            faults.Add(new("", fault.Message, "JSON: an object with Vendor, Model or Firmware, what they need, and Because; or a list of them"));
        }
        return faults.Count > 0 ? new([], [.. faults]) : new(pages.ToImmutable(), []);

        void Take(JsonElement item, string path)
        {
            if (new Entry(item, path, faults).Read(source) is { } page)
                pages.Add(page);
        }
    }

    /// <summary>Passwords are no settings: what is wanted of those is kept and shown (S11).</summary>
    public static bool IsSecret(string setting) =>
        setting.Equals("AuthorizationKey", StringComparison.OrdinalIgnoreCase) || setting.EndsWith("BasicAuthPassword", StringComparison.OrdinalIgnoreCase);

    /// <summary>One object on its way to a page.</summary>
    private readonly struct Entry(JsonElement json, string path, List<QuirkFault> faults)
    {
        private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

        public QuirkPage? Read(string source)
        {
            if (json.ValueKind != JsonValueKind.Object)
            {
                faults.Add(new(path, json.ToString(), "an object { … }"));
                return null;
            }
            var (vendor, model, firmware) = (Text("Vendor"), Text("Model"), Text("Firmware"));
            if (vendor is null && model is null)
                faults.Add(new(At("Vendor"), null, "a pattern for the vendor or the Model, such as \"ABB*\""));
            var quirks = new ModelQuirks
            {
                AssumeProtocol = Choice("AssumeProtocol", Protocols),
                Compression = Flag("Compression"),
                PingSeconds = Integer("PingSeconds", 0, 3600),
                IdTagSuffix = Text("IdTagSuffix", 36),
                Measurands = Texts("Measurands"),
                Ladder = Ladder(),
                MeterBase = Choice("MeterBase", Enum.GetNames<MeterBase>()) is { } name ? Enum.Parse<MeterBase>(name) : null,
                WhDeclaredAsKwh = Flag("WhDeclaredAsKwh"),
                NeverAsked = Flag("NeverAsked"),
                Settings = Settings(),
                Because = Text("Because", TextLimit),
            };
            if (quirks.Because is null && Get("Because") is null)
                faults.Add(new(At("Because"), null, "the device and who found it out"));
            foreach (var member in json.EnumerateObject())
            {
                if (!_asked.Contains(member.Name))
                    faults.Add(new(At(member.Name), "an unknown key", $"one of {string.Join(", ", _asked)}"));
            }
            return new(source, vendor, model, firmware, quirks);
        }

        private ImmutableArray<LimitWay> Ladder()
        {
            var ways = ImmutableArray.CreateBuilder<LimitWay>();
            foreach (var (item, at) in Items("Ladder", "a list of { Unit, Kind, StackLevel, Purpose }"))
            {
                var way = new Entry(item, at, faults);
                if (item.ValueKind != JsonValueKind.Object)
                {
                    faults.Add(new(at, item.ToString(), "{ \"Unit\": \"A\", \"Kind\": \"Absolute\", \"StackLevel\": 0 }"));
                    continue;
                }
                ways.Add(new(
                    way.Choice("Unit", ["A", "W"], required: true) ?? "A", way.Choice("Kind", ["Absolute", "Relative"], required: true) ?? "Absolute",
                    way.Integer("StackLevel", 0, 1000, required: true) ?? 0, way.Choice("Purpose", ["TxProfile", "TxDefaultProfile"]) ?? "TxProfile"));
            }
            return ways.ToImmutable();
        }

        private ImmutableSortedDictionary<string, string> Settings()
        {
            var settings = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
            if (Get("Settings") is not { } value)
                return settings.ToImmutable();
            if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() > SettingLimit)
            {
                faults.Add(new(At("Settings"), value.ToString(), $"an object {{ \"Key\": \"value\" }} of at most {SettingLimit}"));
                return settings.ToImmutable();
            }
            foreach (var member in value.EnumerateObject())
            {
                if (IsSecret(member.Name))
                    faults.Add(new($"{At("Settings")}:{member.Name}", "a password", "a setting that is no password"));
                else if (Scalar(member.Value) is { } text && text.Length <= ValueChars && member.Name.Length is > 0 and <= 100)
                    settings[member.Name] = text;
                else
                    faults.Add(new($"{At("Settings")}:{member.Name}", member.Value.ToString(), $"a text, a number, true or false, of at most {ValueChars} characters"));
            }
            return settings.ToImmutable();
        }

        private ImmutableArray<string> Texts(string key)
        {
            var texts = ImmutableArray.CreateBuilder<string>();
            foreach (var (item, at) in Items(key, "a list of texts"))
            {
                if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 and <= 100 } text)
                    texts.Add(text);
                else
                    faults.Add(new(at, item.ToString(), "a text of at most 100 characters"));
            }
            return texts.ToImmutable();
        }

        private IEnumerable<(JsonElement Item, string Path)> Items(string key, string expected)
        {
            if (Get(key) is not { } list)
                return [];
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > SettingLimit)
            {
                faults.Add(new(At(key), list.ToString(), $"{expected}, 1 to {SettingLimit}"));
                return [];
            }
            var at = At(key);
            return list.EnumerateArray().Select((item, i) => (item, $"{at}:{i}"));
        }

        private string? Text(string key, int most = 100)
        {
            if (Get(key) is not { } value)
                return null;
            if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length <= most && !text.Any(char.IsControl))
                return text;
            faults.Add(new(At(key), value.ToString(), $"a text of at most {most} characters"));
            return null;
        }

        private string? Choice(string key, IReadOnlyCollection<string> names, bool required = false)
        {
            var found = Get(key) is { ValueKind: JsonValueKind.String } value ? names.FirstOrDefault(n => n.Equals(value.GetString(), StringComparison.OrdinalIgnoreCase)) : null;
            if (found is null && (required || Get(key) is not null))
                faults.Add(new(At(key), Get(key)?.ToString(), $"one of {string.Join(", ", names)}"));
            return found;
        }

        private bool? Flag(string key)
        {
            if (Get(key) is not { } value)
                return null;
            if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
                return value.GetBoolean();
            faults.Add(new(At(key), value.ToString(), "true or false"));
            return null;
        }

        private int? Integer(string key, int min, int max, bool required = false)
        {
            var value = Get(key);
            if (value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var found) && found >= min && found <= max)
                return found;
            if (value is not null || required)
                faults.Add(new(At(key), value?.ToString(), $"a whole number from {min.ToString(CultureInfo.InvariantCulture)} to {max.ToString(CultureInfo.InvariantCulture)}"));
            return null;
        }

        private JsonElement? Get(string key)
        {
            _asked.Add(key);
            foreach (var member in json.EnumerateObject())
            {
                if (member.Name.Equals(key, StringComparison.OrdinalIgnoreCase))
                    return member.Value;
            }
            return null;
        }

        private string At(string key) => path.Length == 0 ? key : $"{path}:{key}";

        private static string? Scalar(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => null,
        };
    }
}
