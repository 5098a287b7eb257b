using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site;

/// <summary>Counts messages of chargers that could not be recorded, by their content. A charger says one of these again and again, drops its line each time,
/// and never comes to the messages behind it: after so many times it is set aside. On the engine's loop only.</summary>
/// <remarks>What a full disk cannot record is not the message's fault: such a one counts only while others are recorded.</remarks>
internal sealed class Poison(TimeProvider clock)
{
    /// <summary>So often a message may fail.</summary>
    public const int FailureLimit = 5;

    /// <summary>Messages that are remembered; the oldest go first.</summary>
    private const int Limit = 256;

    /// <summary>Longer ago is another story: a station that was mended, another program of ours.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly OrderedDictionary<string, Entry> _failed = new(StringComparer.Ordinal);

    /// <summary>What it was answered when it was set aside; null as long as it was not.</summary>
    public object? AnswerOf(SiteInput input) => ContentOf(input) is (_, var content) && _failed.TryGetValue(content, out var entry) ? entry.Answer : null;

    /// <returns>The message, to be set aside; null when it may be tried again.</returns>
    public MessageFailed? Count(SiteInput input, Exception failure, bool isOurs, long turns)
    {
        if (ContentOf(input) is not (var station, var content))
            return null;
        if (!_failed.TryGetValue(content, out var entry) || clock.GetElapsedTime(entry.First) > Memory)
        {
            _failed.Remove(content);
            if (_failed.Count >= Limit)
                _failed.RemoveAt(0);
            entry = _failed[content] = new(clock.GetTimestamp(), turns);
        }
        entry.Failures++;
        return entry.Failures >= FailureLimit && (isOurs || turns - entry.Turns >= FailureLimit) ? new(input, station, content, $"{failure.GetType().Name}: {failure.Message}") : null;
    }

    public void Parked(MessageFailed parked, object answer)
    {
        if (_failed.TryGetValue(parked.Content, out var entry))
            entry.Answer = answer;
    }

    /// <summary>Null for what no charger says again until it is answered.</summary>
    private static (string Station, string Content)? ContentOf(SiteInput input) => input switch
    {
        SessionBegan it => (it.At.Station, Hash($"StartTransaction {it.At} {it.IdTag} {it.Told:O} {it.MeterStartWh}")),
        SessionEnded it => (it.Station, Hash($"StopTransaction {it.Station} {it.Number} {it.IdTag} {it.Told:O} {it.MeterStopWh}")),
        Metered it => (it.At.Station, Hash($"MeterValues {it.At} {it.Number} {Text(it.Readings)}")),
        TransactionTold it => (it.Station, Hash($"TransactionEvent {it.Station} {it.Transaction} {it.Phase} {it.Sequence} {it.Told:O} {Text(it.Readings)}")),
        ConnectorReported it => (it.At.Station, Hash($"StatusNotification {it.At} {it.State} {it.Told:O}")),
        _ => null,
    };

    /// <summary>As the charger told them: what the site's meter showed differs each time that it is looked up.</summary>
    private static string Text(ImmutableArray<Reading> readings) => readings.IsDefault ? "" : string.Join('|', readings.Select(static r => r with { SiteMeter = null }));

    /// <summary>The kind stays readable; tags do not (S11).</summary>
    private static string Hash(FormattableString content)
    {
        var text = content.ToString(CultureInfo.InvariantCulture);
        return $"{text[..text.IndexOf(' ', StringComparison.Ordinal)]} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16))}";
    }

    private sealed class Entry(long first, long turns)
    {
        public long First { get; } = first;
        public long Turns { get; } = turns;
        public int Failures { get; set; }
        public object? Answer { get; set; }
    }
}
