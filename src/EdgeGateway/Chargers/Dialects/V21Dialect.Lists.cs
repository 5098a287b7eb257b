using EdgeGateway.Chargers.LocalLists;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site.Model;
using AuthorizationStatus = EdgeGateway.Protocols.Ocpp.V21.AuthorizationStatus;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Local authorization lists and caches in 2.x (C11, D01, D02, LocalAuthListCtrlr).</summary>
public sealed partial class V21Dialect
{
    /// <summary>Of a charger that does not tell its limits: what each one that has a list takes.</summary>
    private const int UsualEntries = 100;
    private const int UsualPerMessage = 20;
    private const int UidChars = 36;

    private static readonly Component ListCtrlr = new() { Name = "LocalAuthListCtrlr" };
    private static readonly Component AuthCtrlr = new() { Name = "AuthCtrlr" };

    public async Task<ListLimits?> AskListLimitsAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        if (line.Quirks.NeverAsked is true)
            return null;
        var answer = await line.Rpc.CallAsync(
            V21Actions.GetVariables,
            new()
            {
                GetVariableData =
                [
                    new() { Component = ListCtrlr, Variable = new() { Name = "Available" } },
                    new() { Component = ListCtrlr, Variable = new() { Name = "Enabled" } },
                    new() { Component = ListCtrlr, Variable = new() { Name = "ItemsPerMessage" } },
                    new() { Component = AuthCtrlr, Variable = new() { Name = "LocalPreAuthorize" } },
                ],
            },
            cancellationToken);
        Heard(answer.Outcome);
        string? Value(string name) => answer.Response?.GetVariableResult.FirstOrDefault(
            r => r.AttributeStatus == GetVariableStatus.Accepted && string.Equals(r.Variable.Name, name, StringComparison.OrdinalIgnoreCase))?.AttributeValue?.Trim();
        if (answer.Response is null || IsNo(Value("Available")) || (Value("Available") ?? Value("Enabled") ?? Value("ItemsPerMessage")) is null)
            return null;
        if (IsNo(Value("Enabled")) && !await EnableListAsync(line, cancellationToken))
            return null;
        var perMessage = int.TryParse(Value("ItemsPerMessage"), out var items) && items > 0 ? items : UsualPerMessage;
        var entries = (await _models.ReadAsync(line.Station, cancellationToken))?.Find("LocalAuthListCtrlr.Entries")?.Max is >= 1 and <= int.MaxValue and { } most ? (int)most : UsualEntries;
        return new(entries, perMessage, UidChars, string.Equals(Value("LocalPreAuthorize"), "true", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Version 0 is a list that is empty, or none (D02.FR.02, FR.03).</summary>
    public async Task<int?> AskListVersionAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(V21Actions.GetLocalListVersion, new(), cancellationToken);
        Heard(answer.Outcome);
        return answer.Response is { } response ? Math.Max(0, response.VersionNumber) : null;
    }

    public async Task<ListVerdict> SendListAsync(ChargerLine line, ListUpdate update, CancellationToken cancellationToken)
    {
        List<AuthorizationData> entries =
        [
            // Without information an entry is taken off (D01.FR.17).
            .. update.Removed.Select(static uid => new AuthorizationData { IdToken = V21Tokens.Of(uid, TokenType.Rfid) }),
            .. update.Set.Select(static e => new AuthorizationData
            {
                IdToken = V21Tokens.Of(e.Uid, TokenType.Rfid),
                IdTokenInfo = new() { Status = AuthorizationStatus.Accepted, GroupIdToken = e.Group is null ? null : new() { Token = e.Group, Type = IdTokenKinds.Central } },
            }),
        ];
        var request = new SendLocalListRequest
        {
            VersionNumber = update.Version,
            UpdateType = update.Full ? UpdateKind.Full : UpdateKind.Differential,
            LocalAuthorizationList = entries.Count == 0 ? null : entries,
        };
        var answer = await line.Rpc.CallAsync(V21Actions.SendLocalList, request, cancellationToken);
        return answer.Outcome switch
        {
            CallRefused { Code: OcppErrorCode.NotImplemented or OcppErrorCode.NotSupported } => ListVerdict.NotSupported,
            CallRefused => ListVerdict.Failed,
            _ => answer.Response?.Status switch
            {
                SendLocalListStatus.Accepted => ListVerdict.Accepted,
                SendLocalListStatus.Failed => ListVerdict.Failed,
                SendLocalListStatus.VersionMismatch => ListVerdict.VersionMismatch,
                _ => ListVerdict.Unanswered,
            },
        };
    }

    public async Task<bool?> ClearCacheAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(V21Actions.ClearCache, new(), cancellationToken);
        Heard(answer.Outcome);
        return answer.Response is { } response ? response.Status == ClearCacheStatus.Accepted : null;
    }

    private static async Task<bool> EnableListAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(
            V21Actions.SetVariables,
            new() { SetVariableData = [new() { Component = ListCtrlr, Variable = new() { Name = "Enabled" }, AttributeValue = "true" }] }, cancellationToken);
        Heard(answer.Outcome);
        return answer.Response?.SetVariableResult is [{ AttributeStatus: SetVariableStatus.Accepted or SetVariableStatus.RebootRequired }, ..];
    }

    /// <summary>An error is an answer too; silence is none.</summary>
    private static void Heard(CallOutcome outcome)
    {
        if (outcome is CallUnanswered silence)
            throw new ListUnansweredException(silence.Detail);
    }

    private static bool IsNo(string? value) => string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);
}
