using EdgeGateway.Chargers.LocalLists;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Local authorization lists and caches in 1.6 (5.4, 5.10, 5.15, profile LocalAuthListManagement).</summary>
public sealed partial class V16Dialect
{
    private const string ListEnabled = "LocalAuthListEnabled";
    private const string ListEntries = "LocalAuthListMaxLength";
    private const string ListPerMessage = "SendLocalListMaxLength";
    private const string PreAuthorizes = "LocalPreAuthorize";
    private const string Profiles = "SupportedFeatureProfiles";

    /// <summary>Of a charger that does not tell its limits: what each one that has a list takes.</summary>
    private const int UsualEntries = 100;
    private const int UsualPerMessage = 20;

    public async Task<ListLimits?> AskListLimitsAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        if (line.Quirks.NeverAsked is true)
            return null;
        var answer = await line.Rpc.CallAsync(
            V16Actions.GetConfiguration, new() { Key = [ListEnabled, ListEntries, ListPerMessage, PreAuthorizes, Profiles] }, cancellationToken);
        Heard(answer.Outcome);
        string? Value(string key) => answer.Response?.ConfigurationKey?.FirstOrDefault(k => string.Equals(k.Key, key, StringComparison.OrdinalIgnoreCase))?.Value?.Trim();
        int Number(string key, int usual) => int.TryParse(Value(key), out var number) && number > 0 ? number : usual;
        if (answer.Response is null || Value(ListEnabled) is null || (Value(Profiles) is { Length: > 0 } profiles && !profiles.Contains("LocalAuthListManagement", StringComparison.OrdinalIgnoreCase)))
            return null;
        if (!Is(Value(ListEnabled)))
        {
            var changed = await line.Rpc.CallAsync(V16Actions.ChangeConfiguration, new() { Key = ListEnabled, Value = "true" }, cancellationToken);
            if (changed.Response?.Status is not (ConfigurationStatus.Accepted or ConfigurationStatus.RebootRequired))
                return null;
        }
        var entries = Number(ListEntries, UsualEntries);
        return new(entries, Math.Min(entries, Number(ListPerMessage, UsualPerMessage)), MaxIdTagChars, Is(Value(PreAuthorizes)));
    }

    public async Task<int?> AskListVersionAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(V16Actions.GetLocalListVersion, new(), cancellationToken);
        Heard(answer.Outcome);
        // -1: it has no list (5.10).
        return answer.Response?.ListVersion is { } version and >= 0 ? version : null;
    }

    public async Task<ListVerdict> SendListAsync(ChargerLine line, ListUpdate update, CancellationToken cancellationToken)
    {
        var request = new SendLocalListRequest
        {
            ListVersion = update.Version,
            UpdateType = update.Full ? UpdateType.Full : UpdateType.Differential,
            LocalAuthorizationList =
            [
                // Without an IdTagInfo an entry is taken off.
                .. update.Removed.Select(static uid => new AuthorizationData { IdTag = uid }),
                .. update.Set.Select(static e => new AuthorizationData { IdTag = e.Uid, IdTagInfo = new() { Status = AuthorizationStatus.Accepted, ParentIdTag = e.Group } }),
            ],
        };
        var answer = await line.Rpc.CallAsync(V16Actions.SendLocalList, request, cancellationToken);
        return answer.Outcome switch
        {
            CallRefused { Code: OcppErrorCode.NotImplemented or OcppErrorCode.NotSupported } => ListVerdict.NotSupported,
            CallRefused => ListVerdict.Failed,
            _ => answer.Response?.Status switch
            {
                UpdateStatus.Accepted => ListVerdict.Accepted,
                UpdateStatus.Failed => ListVerdict.Failed,
                UpdateStatus.VersionMismatch => ListVerdict.VersionMismatch,
                UpdateStatus.NotSupported => ListVerdict.NotSupported,
                _ => ListVerdict.Unanswered,
            },
        };
    }

    public async Task<bool?> ClearCacheAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(V16Actions.ClearCache, new(), cancellationToken);
        Heard(answer.Outcome);
        return answer.Response is { } response ? response.Status == ClearCacheStatus.Accepted : null;
    }

    /// <summary>An error is an answer too; silence is none.</summary>
    private static void Heard(CallOutcome outcome)
    {
        if (outcome is CallUnanswered silence)
            throw new ListUnansweredException(silence.Detail);
    }

    private static bool Is(string? value) => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
}
