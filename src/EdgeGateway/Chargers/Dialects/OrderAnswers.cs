using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Site;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What a charger's answer to a CALL of ours counts as, whatever the version.</summary>
internal static class OrderAnswers
{
    public static OrderResult Read<T>(Answer<T> answer, Func<T, OrderOutcome> outcomeOf) where T : class => answer.Outcome switch
    {
        CallAnswered when answer.Response is { } response => new(outcomeOf(response), null),
        CallRefused { Code: OcppErrorCode.NotImplemented or OcppErrorCode.NotSupported } refused => new(OrderOutcome.NotSupported, Said(refused)),
        CallRefused refused => new(OrderOutcome.Rejected, Said(refused)),
        CallUnanswered { Why: CallFailure.TimedOut } late => new(OrderOutcome.TimedOut, late.Detail),
        CallUnanswered { Why: CallFailure.LineEnded } ended => new(OrderOutcome.Offline, ended.Detail),
        CallUnanswered failed => new(OrderOutcome.Failed, failed.Detail),
        _ => new(OrderOutcome.Failed, "the answer could not be understood"),
    };

    internal static string Said(CallRefused refused) => $"{refused.Spelling} {refused.Description}".TrimEnd();
}
