using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What a charger's answer to a CALL of ours tells the person who wanted it, whatever the version.</summary>
internal static class CareAnswers
{
    /// <param name="read">How the response is told; not asked where there is none.</param>
    public static CareAnswer Read<T>(Answer<T> answer, Func<T, CareAnswer> read) where T : class => answer.Response is { } response ? read(response) : Failed(answer.Outcome);

    public static CareAnswer Failed(CallOutcome outcome) => outcome switch
    {
        CallRefused { Code: OcppErrorCode.NotImplemented or OcppErrorCode.NotSupported } refused => CareAnswer.Of(CareOutcome.NotSupported, Said(refused)),
        CallRefused refused => CareAnswer.Of(CareOutcome.Refused, Said(refused)),
        CallUnanswered { Why: CallFailure.TimedOut } late => CareAnswer.Of(CareOutcome.TimedOut, late.Detail),
        CallUnanswered { Why: CallFailure.LineEnded } ended => CareAnswer.Of(CareOutcome.Offline, ended.Detail),
        CallUnanswered { Why: CallFailure.NotSendable } wrong => CareAnswer.Of(CareOutcome.Invalid, wrong.Detail),
        CallUnanswered failed => CareAnswer.Of(CareOutcome.Refused, failed.Detail),
        _ => CareAnswer.Of(CareOutcome.Refused, "the answer could not be understood"),
    };

    /// <summary>The answer in the charger's own word.</summary>
    public static CareAnswer Of<TStatus>(TStatus status, CareOutcome outcome) where TStatus : struct, Enum => CareAnswer.Of(outcome, status.ToString());

    /// <param name="done">What is said where the charger took it and has no word of its own.</param>
    public static CareAnswer Of(OrderResult result, string done) => CareAnswer.Of(
        result.Outcome switch
        {
            OrderOutcome.Accepted => CareOutcome.Done,
            OrderOutcome.NotSupported => CareOutcome.NotSupported,
            OrderOutcome.TimedOut => CareOutcome.TimedOut,
            OrderOutcome.Offline => CareOutcome.Offline,
            _ => CareOutcome.Refused,
        },
        result.Detail ?? (result.Outcome is OrderOutcome.Accepted ? done : result.Outcome.ToString()));

    public static CareAnswer Invalid(string why) => CareAnswer.Of(CareOutcome.Invalid, why);

    private static string Said(CallRefused refused) => $"{refused.Spelling} {refused.Description}".TrimEnd();
}
