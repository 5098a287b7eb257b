using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What a 2.x station's answer counts as, with its own words for it.</summary>
internal static class V21Answers
{
    /// <param name="why">Said where it did not do it.</param>
    /// <param name="status">Said before it, where the outcome alone is not all.</param>
    public static OrderResult Order<T>(Answer<T> answer, Func<T, OrderOutcome> outcomeOf, Func<T, StatusInfo?> why, Func<T, string>? status = null) where T : class
    {
        var result = OrderAnswers.Read(answer, outcomeOf);
        if (answer.Response is not { } response || result.Outcome is OrderOutcome.Accepted)
            return result;
        var detail = $"{status?.Invoke(response)} {Said(why(response))}".Trim();
        return detail.Length == 0 ? result : result with { Detail = detail };
    }

    /// <summary>The status in the station's own words, and why.</summary>
    public static CareAnswer Care<T>(Answer<T> answer, Func<T, CareOutcome> outcomeOf, Func<T, string> status, Func<T, StatusInfo?>? why = null) where T : class =>
        answer.Response is { } response
            ? CareAnswer.Of(outcomeOf(response), $"{status(response)} {Said(why?.Invoke(response))}".TrimEnd())
            : Failed(answer.Outcome);

    /// <summary>No answer that could be read.</summary>
    public static CareAnswer Failed(CallOutcome outcome) => outcome switch
    {
        CallRefused { Code: OcppErrorCode.NotImplemented or OcppErrorCode.NotSupported } refused => CareAnswer.Of(CareOutcome.NotSupported, OrderAnswers.Said(refused)),
        CallRefused refused => CareAnswer.Of(CareOutcome.Refused, OrderAnswers.Said(refused)),
        CallUnanswered { Why: CallFailure.LineEnded } ended => CareAnswer.Of(CareOutcome.Offline, ended.Detail),
        CallUnanswered { Why: CallFailure.NotSendable } unsendable => CareAnswer.Of(CareOutcome.Invalid, unsendable.Detail),
        CallUnanswered { Why: CallFailure.TimedOut or CallFailure.QueueFull } late => CareAnswer.Of(CareOutcome.TimedOut, late.Detail),
        CallUnanswered failed => CareAnswer.Of(CareOutcome.Refused, failed.Detail),
        _ => CareAnswer.Of(CareOutcome.Refused, "the answer could not be understood"),
    };

    /// <summary>Of a limit: what orders and care have in common.</summary>
    public static CareAnswer Care(OrderResult result) => CareAnswer.Of(
        result.Outcome switch
        {
            OrderOutcome.Accepted => CareOutcome.Done,
            OrderOutcome.NotSupported => CareOutcome.NotSupported,
            OrderOutcome.TimedOut => CareOutcome.TimedOut,
            OrderOutcome.Offline => CareOutcome.Offline,
            _ => CareOutcome.Refused,
        },
        $"{result.Outcome} {result.Detail}".TrimEnd());

    /// <summary>One line for people; empty when there is nothing.</summary>
    public static string Said(StatusInfo? info) => info is null ? "" : $"{info.ReasonCode} {info.AdditionalInfo}".TrimEnd();

    /// <summary>What a station says becomes no structure of ours (S6).</summary>
    public static string Printable(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsControl(source[i]) ? ' ' : source[i];
    });
}
