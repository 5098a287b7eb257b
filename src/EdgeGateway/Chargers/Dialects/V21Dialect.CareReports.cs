using System.Collections.Immutable;
using System.Globalization;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What people want to know of a 2.x station: settings, limits, what it keeps of a customer, what it shows. Most comes later, in parts.</summary>
public sealed partial class V21Dialect
{
    /// <summary>Values that one answer shows; of those beyond it is said how many they are.</summary>
    public const int MostValues = 4096;

    /// <summary>How long a person waits for a report after the station has said that it comes.</summary>
    private static readonly TimeSpan ForReport = TimeSpan.FromSeconds(30);

    private static async Task<CareAnswer> ReadSettingsAsync(ChargerLine line, ReadSettings task, CancellationToken cancellationToken)
    {
        if (NamesOf(task.Names, out var names) is { } wrong)
            return wrong;
        var (read, failed) = await V21Variables.ReadAsync(line, names, cancellationToken);
        if (read.Count == 0 && failed is not null)
            return CareAnswers.Failed(failed);
        var values = read.Select(static r => new CareValue(
            r.Name.ToString(), r.Result?.AttributeStatus == GetVariableStatus.Accepted ? r.Result.AttributeValue : null,
            r.Result is null ? "left out of the answer"
                : r.Result.AttributeStatus == GetVariableStatus.Accepted ? null
                : $"{r.Result.AttributeStatus} {V21Answers.Said(r.Result.AttributeStatusInfo)}".TrimEnd()));
        return Told([.. values], failed, static v => v.Note is null);
    }

    private static async Task<CareAnswer> WriteSettingsAsync(ChargerLine line, WriteSettings task, CancellationToken cancellationToken)
    {
        if (NamesOf([.. task.Values.Keys], out var names) is { } wrong)
            return wrong;
        var (written, failed) = await V21Variables.WriteAsync(line, [.. names.Zip(task.Values.Values)], cancellationToken);
        if (written.Count == 0 && failed is not null)
            return CareAnswers.Failed(failed);
        var values = written.Select(static w => new CareValue(
            w.Name.ToString(), null, w.Result is null ? "left out of the answer" : $"{w.Result.AttributeStatus} {V21Answers.Said(w.Result.AttributeStatusInfo)}".TrimEnd()));
        var answer = Told([.. values], failed, static v => v.Note is "Accepted" || v.Note?.StartsWith(nameof(SetVariableStatus.RebootRequired), StringComparison.Ordinal) == true);
        // Who asked for several has not got what he asked for with some of them.
        if (answer.Outcome == CareOutcome.Done && written.Exists(static w => w.Result?.AttributeStatus is not (SetVariableStatus.Accepted or SetVariableStatus.RebootRequired)))
            return answer with { Outcome = CareOutcome.Refused };
        var isLater = written.Exists(static w => w.Result?.AttributeStatus == SetVariableStatus.RebootRequired);
        return answer.Outcome == CareOutcome.Done && isLater ? answer with { Outcome = CareOutcome.Later, Text = $"{answer.Text}; some hold from the next restart on" } : answer;
    }

    /// <summary>Everything that the station ever told of this model and firmware; if it never did, all that can be set, as it reports it now (B07).</summary>
    private async Task<CareAnswer> ReadAllSettingsAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        if (await _models.ReadAsync(line.Station, cancellationToken) is { } model && model.IsOf(_site.State.Stations.GetValueOrDefault(line.Station)?.Identity))
        {
            var told = Report([.. model.Variables.Select(static v => new CareValue(v.Name, v.Value, v.Mutability is "ReadWrite" ? null : v.Mutability))], isWhole: true);
            return told with { Text = string.Create(CultureInfo.InvariantCulture, $"{told.Text}, as told at {model.Told:yyyy-MM-dd HH:mm} UTC") };
        }
        using var report = _reports.Await(line);
        var answer = await line.Rpc.CallAsync(
            V21Actions.GetBaseReport, new() { RequestId = report.Request, ReportBase = ReportBase.ConfigurationInventory }, cancellationToken);
        if (answer.Response?.Status != GenericDeviceModelStatus.Accepted)
            return Refused(answer, static r => r.Status == GenericDeviceModelStatus.NotSupported ? CareOutcome.NotSupported : CareOutcome.Refused, static r => r.Status.ToString(), static r => r.StatusInfo);
        var isWhole = await report.CompleteAsync(ForReport, _clock, cancellationToken);
        var values =
            from part in report.Parts<NotifyReportRequest>()
            from data in part.ReportData ?? []
            from attribute in data.VariableAttribute
            where attribute.Type is null or AttributeKind.Actual
            orderby V21SettingName.Of(data.Component, data.Variable)
            select new CareValue(
                V21SettingName.Of(data.Component, data.Variable), attribute.Value,
                attribute.Mutability is Mutability.ReadOnly or Mutability.WriteOnly ? attribute.Mutability.ToString() : null);
        return Report([.. values], isWhole);
    }

    /// <summary>The profiles that are installed (K09), and what comes of all of them together (K08).</summary>
    private async Task<CareAnswer> ReadLimitsAsync(ChargerLine line, ReadLimits task, CancellationToken cancellationToken)
    {
        using var report = _reports.Await(line);
        var asked = await line.Rpc.CallAsync(
            V21Actions.GetChargingProfiles, new() { RequestId = report.Request, EvseId = task.Evse, ChargingProfile = new() }, cancellationToken);
        if (asked.Outcome is CallUnanswered)
            return CareAnswers.Failed(asked.Outcome);
        var isWhole = asked.Response?.Status != GetChargingProfileStatus.Accepted || await report.CompleteAsync(ForReport, _clock, cancellationToken);
        var values =
            (from part in report.Parts<ReportChargingProfilesRequest>()
             from profile in part.ChargingProfile
             select new CareValue($"profile {Number(profile.Id)} of EVSE {Number(part.EvseId)}", Said(profile), part.ChargingLimitSource)).ToList();
        var composite = await V21Limits.AskAsync(line, task.Evse ?? 0, TimeSpan.FromHours(Math.Clamp(task.Hours, 1, 24 * 7)), null, cancellationToken);
        if (composite.Limits is { } limits)
            values.Add(new($"composite of EVSE {Number(task.Evse ?? 0)}", Said(limits), limits.Start?.ToString("O", CultureInfo.InvariantCulture)));
        var care = CareAnswers.Of(composite, "Accepted");
        return asked.Response is null && care.Outcome is not CareOutcome.Done ? care : Report(values, isWhole);
    }

    private async Task<CareAnswer> CustomerDataAsync(ChargerLine line, CustomerData task, CancellationToken cancellationToken)
    {
        if (!task.Report && !task.Clear)
            return CareAnswer.Of(CareOutcome.Invalid, "either a report is wanted, or that it is erased, or both");
        using var report = _reports.Await(line);
        var request = new CustomerInformationRequest { RequestId = report.Request, Report = task.Report, Clear = task.Clear, IdToken = V21Tokens.Of(task.Uid, TokenType.Rfid) };
        var answer = await line.Rpc.CallAsync(V21Actions.CustomerInformation, request, cancellationToken);
        if (answer.Response?.Status != CustomerInformationStatus.Accepted)
            return Refused(answer, static _ => CareOutcome.Refused, static r => r.Status.ToString(), static r => r.StatusInfo);
        // It also says so when there is nothing to tell, or when all was erased (N09.FR.05).
        var isWhole = await report.CompleteAsync(ForReport, _clock, cancellationToken);
        var text = string.Concat(report.Parts<NotifyCustomerInformationRequest>().OrderBy(static p => p.SeqNo).Select(static p => p.Data));
        return Report(text.Length == 0 ? [] : [new("data", V21Answers.Printable(text))], isWhole);
    }

    private static async Task<CareAnswer> ShowTextAsync(ChargerLine line, ShowText task, CancellationToken cancellationToken)
    {
        var request = new SetDisplayMessageRequest
        {
            Message = new()
            {
                Id = task.Number,
                Priority = task.InFront ? MessagePriority.InFront : MessagePriority.NormalCycle,
                Message = new() { Format = task.Text.All(char.IsAscii) ? MessageFormat.ASCII : MessageFormat.UTF8, Content = task.Text, Language = task.Language },
                StartDateTime = task.From,
                EndDateTime = task.To,
            },
        };
        return V21Answers.Care(
            await line.Rpc.CallAsync(V21Actions.SetDisplayMessage, request, cancellationToken),
            static r => r.Status == DisplayMessageStatus.Accepted ? CareOutcome.Done : CareOutcome.Refused, static r => r.Status.ToString(), static r => r.StatusInfo);
    }

    private async Task<CareAnswer> ReadTextsAsync(ChargerLine line, CancellationToken cancellationToken)
    {
        using var report = _reports.Await(line);
        var answer = await line.Rpc.CallAsync(V21Actions.GetDisplayMessages, new() { RequestId = report.Request }, cancellationToken);
        if (answer.Response?.Status is GetDisplayMessagesStatus.Unknown)
            return CareAnswer.Of(CareOutcome.Done, "no texts");
        if (answer.Response is null)
            return CareAnswers.Failed(answer.Outcome);
        var isWhole = await report.CompleteAsync(ForReport, _clock, cancellationToken);
        var values =
            from part in report.Parts<NotifyDisplayMessagesRequest>()
            from message in part.MessageInfo ?? []
            select new CareValue($"text {Number(message.Id)}", V21Answers.Printable(message.Message.Content), $"{message.Priority} {message.State}".TrimEnd());
        return Report([.. values], isWhole);
    }

    /// <summary>Null when all of them can be read.</summary>
    private static CareAnswer? NamesOf(ImmutableArray<string> texts, out List<V21SettingName> names)
    {
        names = [.. texts.Select(V21SettingName.Read).OfType<V21SettingName>()];
        return names.Count == texts.Length ? null : CareAnswer.Of(
            CareOutcome.Invalid,
            $"no variable of 2.x: {texts.First(static t => V21SettingName.Read(t) is null)}; it is Component.Variable, or Component(instance)@evse.Variable(instance)");
    }

    private static CareAnswer Told(List<CareValue> values, CallOutcome? failed, Func<CareValue, bool> isWell)
    {
        var well = values.Count(isWell);
        var text = failed is null ? $"{well} of {values.Count}" : $"{well} of {values.Count}, then {CareAnswers.Failed(failed).Text}";
        return new(failed is not null ? CareAnswers.Failed(failed).Outcome : well > 0 || values.Count == 0 ? CareOutcome.Done : CareOutcome.Refused, text, [.. values]);
    }

    private static CareAnswer Report(List<CareValue> values, bool isWhole) => new(
        isWhole ? CareOutcome.Done : CareOutcome.TimedOut,
        $"{values.Count} values{(values.Count > MostValues ? $", of which {MostValues} are shown" : "")}{(isWhole ? "" : "; the rest of the report did not come in time")}",
        [.. values.Take(MostValues)]);

    private static CareAnswer Refused<T>(Answer<T> answer, Func<T, CareOutcome> outcome, Func<T, string> status, Func<T, StatusInfo?> why) where T : class =>
        V21Answers.Care(answer, outcome, status, why);

    private static string Said(ChargingProfile profile) =>
        $"{profile.ChargingProfilePurpose} {profile.ChargingProfileKind}, stack level {Number(profile.StackLevel)}"
        + (profile.TransactionId is { } transaction ? $", transaction {V21Answers.Printable(transaction)}" : "")
        + string.Concat(profile.ChargingSchedule.Select(static s =>
            $"; {string.Join(", ", s.ChargingSchedulePeriod.Select(p => $"{Number(p.StartPeriod)} s: {p.Limit?.ToString(CultureInfo.InvariantCulture) ?? "no limit"} {s.ChargingRateUnit}"))}"));

    private static string Said(ChargingLimits limits) => string.Join(
        ", ", limits.Steps.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.From.TotalSeconds:0} s: {s.Limit} {(limits.Unit is LimitUnit.Watts ? "W" : "A")}")));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
