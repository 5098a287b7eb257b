using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>The settings that a 1.6 charger is brought to: keys, one ChangeConfiguration each.</summary>
internal sealed class V16Keys : IChargerSettings
{
    public static readonly V16Keys Instance = new();

    public int MostWrites => 1;

    public async Task<IReadOnlyDictionary<string, SettingTold>?> ReadAsync(ChargerLine line, IReadOnlyList<string> names, CancellationToken cancel)
    {
        var told = new Dictionary<string, SettingTold>(StringComparer.OrdinalIgnoreCase);
        var waiting = new Queue<IReadOnlyList<string>>(names.Chunk(V16Settings.KeysAtOnce));
        while (waiting.TryDequeue(out var keys))
        {
            var answer = await line.Rpc.CallAsync(V16Actions.GetConfiguration, new() { Key = keys }, cancel);
            if (answer.Outcome is CallUnanswered)
                return null;
            foreach (var key in answer.Response?.ConfigurationKey ?? [])
                told[key.Key] = new(key.Value, key.Readonly);
            foreach (var unknown in answer.Response?.UnknownKey ?? [])
                told[unknown] = new(null, IsKnown: false);
            // Some answer only as many as they like; others refuse to be asked for more than they like (GetConfigurationMaxKeys).
            string[] missing = [.. keys.Where(k => !told.ContainsKey(k))];
            if (answer.Outcome is CallRefused && keys.Count > 1)
            {
                waiting.Enqueue([.. keys.Take(keys.Count / 2)]);
                waiting.Enqueue([.. keys.Skip(keys.Count / 2)]);
            }
            else if (missing.Length > 0 && missing.Length < keys.Count)
                waiting.Enqueue(missing);
        }
        return told;
    }

    public async Task<IReadOnlyDictionary<string, SettingAnswer>?> WriteAsync(ChargerLine line, IReadOnlyDictionary<string, string> values, CancellationToken cancel)
    {
        var answers = new Dictionary<string, SettingAnswer>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in values)
        {
            var answer = await line.Rpc.CallAsync(V16Actions.ChangeConfiguration, new() { Key = key, Value = value }, cancel);
            if (answer.Outcome is CallUnanswered { Why: not CallFailure.Unreadable and not CallFailure.NotSendable })
                return null;
            answers[key] = answer.Response?.Status switch
            {
                ConfigurationStatus.Accepted => SettingAnswer.Accepted,
                ConfigurationStatus.RebootRequired => SettingAnswer.AfterRestart,
                ConfigurationStatus.NotSupported => SettingAnswer.NotKnown,
                null when answer.Outcome is CallRefused => SettingAnswer.NotKnown,
                _ => SettingAnswer.Refused,
            };
        }
        return answers;
    }
}
