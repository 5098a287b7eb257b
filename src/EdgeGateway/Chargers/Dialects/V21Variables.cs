using System.Globalization;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Variables of the device model, as many with one message as the station takes (B05.FR.11, B06.FR.16).</summary>
internal static class V21Variables
{
    /// <summary>Variables in one message, whatever a station says that it takes: the answer is longer than the question.</summary>
    public const int MostTogether = 50;

    private static readonly V21SettingName[] Limits =
    [
        new(new() { Name = "DeviceDataCtrlr" }, new() { Name = "ItemsPerMessage", Instance = "GetVariables" }),
        new(new() { Name = "DeviceDataCtrlr" }, new() { Name = "ItemsPerMessage", Instance = "SetVariables" }),
    ];

    /// <summary>Reads them, in their order. A null result is one that the station left out of its answer.</summary>
    /// <param name="names">Any number.</param>
    /// <returns>What was read up to the end, or up to the first message that had no answer.</returns>
    public static async Task<(List<(V21SettingName Name, GetVariableResult? Result)> Read, CallOutcome? Failed)> ReadAsync(
        ChargerLine line, IReadOnlyList<V21SettingName> names, CancellationToken cancel)
    {
        var read = new List<(V21SettingName, GetVariableResult?)>(names.Count);
        if (names.Count > 1 && await LearnLimitsAsync(line, cancel) is { } silence)
            return (read, silence);
        foreach (var some in names.Chunk(names.Count > 1 ? line.VariablesPerRead ?? 1 : 1))
        {
            var answer = await GetAsync(line, some, cancel);
            if (answer.Response is { } response)
                read.AddRange(some.Select(n => (n, response.GetVariableResult.FirstOrDefault(r => IsOf(n, r.Component, r.Variable)))));
            else if (some.Length > 1 && IsOfTheBatch(answer.Outcome))
            {
                line.VariablesPerRead = 1;
                var (rest, failed) = await ReadAsync(line, some, cancel);
                read.AddRange(rest);
                if (failed is not null)
                    return (read, failed);
            }
            else
                return (read, answer.Outcome);
        }
        return (read, null);
    }

    /// <summary>Writes them, in their order. A null result is one that the station left out of its answer.</summary>
    /// <returns>What was written up to the end, or up to the first message that had no answer.</returns>
    public static async Task<(List<(V21SettingName Name, SetVariableResult? Result)> Written, CallOutcome? Failed)> WriteAsync(
        ChargerLine line, IReadOnlyList<(V21SettingName Name, string Value)> values, CancellationToken cancel)
    {
        var written = new List<(V21SettingName, SetVariableResult?)>(values.Count);
        if (values.Count > 1 && await LearnLimitsAsync(line, cancel) is { } silence)
            return (written, silence);
        foreach (var some in values.Chunk(values.Count > 1 ? line.VariablesPerWrite ?? 1 : 1))
        {
            var request = new SetVariablesRequest
            {
                SetVariableData = [.. some.Select(static s => new SetVariableData { Component = s.Name.Component, Variable = s.Name.Variable, AttributeValue = s.Value })],
            };
            var answer = await line.Rpc.CallAsync(V21Actions.SetVariables, request, cancel);
            if (answer.Response is { } response)
                written.AddRange(some.Select(s => (s.Name, response.SetVariableResult.FirstOrDefault(r => IsOf(s.Name, r.Component, r.Variable)))));
            else if (some.Length > 1 && IsOfTheBatch(answer.Outcome))
            {
                line.VariablesPerWrite = 1;
                var (rest, failed) = await WriteAsync(line, some, cancel);
                written.AddRange(rest);
                if (failed is not null)
                    return (written, failed);
            }
            else
                return (written, answer.Outcome);
        }
        return (written, null);
    }

    /// <summary>Once a line, and only where more than one variable is wanted at once.</summary>
    /// <returns>Not null when it did not answer: then it is not asked the next thing either.</returns>
    private static async Task<CallUnanswered?> LearnLimitsAsync(ChargerLine line, CancellationToken cancel)
    {
        foreach (var name in line.VariablesPerWrite is null ? Limits : [])
        {
            var answer = await GetAsync(line, [name], cancel);
            if (answer.Outcome is CallUnanswered { Why: not CallFailure.Unreadable } silence)
                return silence;
            // One that does not say what it takes takes one for sure.
            var most = Most(answer.Response?.GetVariableResult is [{ AttributeStatus: GetVariableStatus.Accepted } result] ? result.AttributeValue : null) ?? 1;
            if (name == Limits[0])
                line.VariablesPerRead = most;
            else
                line.VariablesPerWrite = most;
        }
        return null;
    }

    /// <summary>As the device model has it, so that it need not be asked; null where it does not.</summary>
    /// <param name="which">0: read, 1: written.</param>
    public static int? LimitOf(DeviceModel? model, int which) => Most(model?.Find(Limits[which].ToString())?.Value);

    private static int? Most(string? told) =>
        int.TryParse(told, NumberStyles.Integer, CultureInfo.InvariantCulture, out var most) ? Math.Clamp(most, 1, MostTogether) : null;

    private static Task<Answer<GetVariablesResponse>> GetAsync(ChargerLine line, IEnumerable<V21SettingName> names, CancellationToken cancel) =>
        line.Rpc.CallAsync(
            V21Actions.GetVariables,
            new() { GetVariableData = [.. names.Select(static n => new GetVariableData { Component = n.Component, Variable = n.Variable })] },
            cancel);

    /// <summary>Whether each alone may fare better: too many, too long, or one of them spoils the rest.</summary>
    private static bool IsOfTheBatch(CallOutcome outcome) => outcome
        is CallUnanswered { Why: CallFailure.NotSendable } or CallRefused { Code: not (OcppErrorCode.NotImplemented or OcppErrorCode.NotSupported) };

    // Stations answer in their own order, and some in their own case.
    private static bool IsOf(V21SettingName name, Component component, Variable variable) =>
        string.Equals(name.ToString(), V21SettingName.Of(component, variable), StringComparison.OrdinalIgnoreCase);
}

/// <summary>Settings of 2.x stations for <see cref="DesiredConfiguration"/>: variables of the device model.</summary>
internal sealed class V21Settings(ChargerLine line) : IChargerSettings
{
    /// <summary>Known once more than one was read, which comes before any are written.</summary>
    public int MostWrites => line.VariablesPerWrite ?? 1;

    public async Task<IReadOnlyDictionary<string, SettingTold>?> ReadAsync(ChargerLine line, IReadOnlyList<string> names, CancellationToken cancel)
    {
        var told = new Dictionary<string, SettingTold>(StringComparer.OrdinalIgnoreCase);
        var (read, failed) = await V21Variables.ReadAsync(line, [.. names.Select(static n => V21SettingName.Read(n)!)], cancel);
        if (failed is CallUnanswered)
            return null;
        foreach (var (name, result) in read)
        {
            told[name.ToString()] = result switch
            {
                { AttributeStatus: GetVariableStatus.Accepted } => new(result.AttributeValue),
                { AttributeStatus: GetVariableStatus.UnknownComponent or GetVariableStatus.UnknownVariable } => new(null, IsKnown: false),
                // One that can only be written is Rejected when it is read (B06.FR.09).
                _ => new(null),
            };
        }
        // GetVariables itself was refused: this station has no settings for us.
        foreach (var name in failed is null ? [] : names)
            told.TryAdd(name, new(null, IsKnown: false));
        return told;
    }

    public async Task<IReadOnlyDictionary<string, SettingAnswer>?> WriteAsync(
        ChargerLine line, IReadOnlyDictionary<string, string> values, CancellationToken cancel)
    {
        var (written, failed) = await V21Variables.WriteAsync(line, [.. values.Select(static v => (V21SettingName.Read(v.Key)!, v.Value))], cancel);
        if (failed is CallUnanswered { Why: not CallFailure.NotSendable })
            return null;
        var answers = new Dictionary<string, SettingAnswer>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, result) in written)
        {
            answers[name.ToString()] = result?.AttributeStatus switch
            {
                SetVariableStatus.Accepted => SettingAnswer.Accepted,
                SetVariableStatus.RebootRequired => SettingAnswer.AfterRestart,
                SetVariableStatus.UnknownComponent or SetVariableStatus.UnknownVariable => SettingAnswer.NotKnown,
                _ => SettingAnswer.Refused,
            };
        }
        return answers;
    }
}
