using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeGateway.Site;

namespace EdgeGateway.Chargers;

/// <summary>What a station told last of a kind, word for word, for people who ask for it later: one document a station and kind.</summary>
public sealed class StationPapers(IDocuments documents, TimeProvider clock)
{
    /// <summary>Of one paper, in UTF-8; parts beyond are left out, and it says so.</summary>
    public const int MostBytes = 512 * 1024;

    public const string Monitors = "monitors";
    public const string ChargingProfiles = "charging-profiles";
    public const string DisplayMessages = "display-messages";
    public const string DerControls = "der-controls";
    public const string ChargingLimit = "charging-limit";
    public const string ChargingNeeds = "charging-needs";
    public const string ChargingSchedule = "charging-schedule";
    public const string Settlement = "settlement";
    public const string BatterySwap = "battery-swap";
    public const string EventStream = "event-stream";

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        [Monitors, ChargingProfiles, DisplayMessages, DerControls, ChargingLimit, ChargingNeeds, ChargingSchedule, Settlement, BatterySwap, EventStream];

    /// <returns>JSON: <c>{"told":"…","isCut":false,"parts":[…]}</c>, the parts as they came; null where it never told.</returns>
    public ValueTask<string?> ReadAsync(string station, string kind, CancellationToken cancel) => documents.ReadAsync(DocumentOf(station, kind), cancel);

    /// <param name="parts">JSON objects in UTF-8.</param>
    public Task KeepAsync(string station, string kind, IEnumerable<ReadOnlyMemory<byte>> parts, CancellationToken cancel) =>
        documents.WriteAsync(DocumentOf(station, kind), Written(parts), cancel);

    private string Written(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            var isCut = false;
            json.WriteStartObject();
            json.WriteString("told", clock.GetUtcNow());
            json.WriteStartArray("parts");
            foreach (var part in parts)
            {
                if (isCut = text.WrittenCount + json.BytesPending + part.Length > MostBytes)
                    break;
                json.WriteRawValue(part.Span);
            }
            json.WriteEndArray();
            json.WriteBoolean("isCut", isCut);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static string DocumentOf(string station, string kind) => $"charger/{station.ToLowerInvariant()}/told/{kind}";
}
