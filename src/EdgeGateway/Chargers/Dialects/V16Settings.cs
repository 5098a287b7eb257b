using System.Collections.Immutable;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site.Care;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>A 1.6 charger's configuration keys, as people read and write them.</summary>
internal static class V16Settings
{
    /// <summary>Keys asked for at once; a charger that takes fewer (GetConfigurationMaxKeys) is asked for half, and half of that.</summary>
    public const int KeysAtOnce = 20;

    private const string Hidden = "***";

    public static async Task<CareAnswer> ReadAsync(ChargerLine line, ReadSettings wanted, CancellationToken cancellationToken)
    {
        if (line.Quirks.NeverAsked == true)
            return CareAnswers.Invalid($"This model is not to be asked for its settings{(line.Quirks.Because is { } why ? $" ({why})" : "")}; if you must: station call {line.Station} GetConfiguration.");
        if (wanted.Names.IsDefaultOrEmpty)
        {
            var all = await line.Rpc.CallAsync(V16Actions.GetConfiguration, new(), cancellationToken);
            return CareAnswers.Read(all, static told => Answer([.. Values(told).OrderBy(static v => v.Name, StringComparer.OrdinalIgnoreCase)]));
        }
        var read = new List<CareValue>();
        var waiting = new Queue<IReadOnlyList<string>>(wanted.Names.Distinct(StringComparer.OrdinalIgnoreCase).Chunk(KeysAtOnce));
        while (waiting.TryDequeue(out var names))
        {
            var answer = await line.Rpc.CallAsync(V16Actions.GetConfiguration, new() { Key = names }, cancellationToken);
            if (answer.Response is { } told)
            {
                var values = Values(told).ToList();
                read.AddRange(values);
                // Some answer only as many as they like, and say nothing of the rest.
                string[] missing = [.. names.Where(n => !values.Exists(v => v.Name.Equals(n, StringComparison.OrdinalIgnoreCase)))];
                if (missing.Length > 0 && missing.Length < names.Count)
                    waiting.Enqueue(missing);
                else
                    read.AddRange(missing.Select(static n => new CareValue(n, null, "not told")));
            }
            else if (answer.Outcome is CallRefused && names.Count > 1)
            {
                waiting.Enqueue([.. names.Take(names.Count / 2)]);
                waiting.Enqueue([.. names.Skip(names.Count / 2)]);
            }
            else
            {
                return CareAnswers.Failed(answer.Outcome) with { Values = [.. read] };
            }
        }
        return Answer([.. wanted.Names.Select(n => read.Find(v => v.Name.Equals(n, StringComparison.OrdinalIgnoreCase))).OfType<CareValue>()]);
    }

    public static async Task<CareAnswer> WriteAsync(ChargerLine line, WriteSettings wanted, CancellationToken cancellationToken)
    {
        var written = ImmutableArray.CreateBuilder<CareValue>();
        CareAnswer? worst = null;
        foreach (var (name, value) in wanted.Values)
        {
            var answer = await line.Rpc.CallAsync(V16Actions.ChangeConfiguration, new() { Key = name, Value = value }, cancellationToken);
            var one = CareAnswers.Read(answer, static r => CareAnswers.Of(r.Status, r.Status switch
            {
                ConfigurationStatus.Accepted => CareOutcome.Done,
                ConfigurationStatus.RebootRequired => CareOutcome.Later,
                ConfigurationStatus.NotSupported => CareOutcome.NotSupported,
                _ => CareOutcome.Refused,
            }));
            written.Add(new(name, FrameMasking.IsSecret(name) ? Hidden : value, one.Text));
            worst = worst is null || one.Outcome > worst.Outcome ? one : worst;
            // Whoever does not answer this one does not answer the next.
            if (one.Outcome is CareOutcome.TimedOut or CareOutcome.Offline)
                break;
        }
        if (worst is null)
            return CareAnswers.Invalid("There is nothing to set.");
        var text = wanted.Values.Count == 1 ? worst.Text : $"{written.Count(static w => w.Note is "Accepted" or "RebootRequired")} of {wanted.Values.Count} taken";
        return new(worst.Outcome, worst.Outcome is CareOutcome.Later ? $"{text}; after a restart" : text, written.ToImmutable());
    }

    private static CareAnswer Answer(ImmutableArray<CareValue> values) =>
        new(CareOutcome.Done, values.Length == 1 ? "1 setting" : $"{values.Length} settings", values);

    private static IEnumerable<CareValue> Values(GetConfigurationResponse told)
    {
        foreach (var key in told.ConfigurationKey ?? [])
            yield return new(key.Key, key.Value is { Length: > 0 } && FrameMasking.IsSecret(key.Key) ? Hidden : key.Value, key.Readonly ? "read-only" : null);
        foreach (var unknown in told.UnknownKey ?? [])
            yield return new(unknown, null, "unknown");
    }
}
