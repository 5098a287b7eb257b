using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site.Rules;

/// <summary>Messages that no rule of ours can take: nothing of them is lost, and their charger goes on.</summary>
internal static class ParkingRules
{
    /// <returns>The answer that the charger waits for.</returns>
    public static object Park(TurnDraft draft, MessageFailed report)
    {
        // A start needs a number; what comes under it later is taken for a Stop without a Start (FIELD-NOTES 3), and so is billed.
        int? number = report.Input is SessionBegan or TransactionTold ? draft.NextSessionNumber() : null;
        var kind = report.Content[..report.Content.IndexOf(' ', StringComparison.Ordinal)];
        draft.Record(new MessageParked(draft.Now, report.Station, kind, report.Content, report.Input, number, report.Because));
        draft.Raise(
            Severity.Error, "MessageParked", report.Station,
            $"A {kind} of the charger could not be recorded {Poison.FailureLimit} times ({report.Because}). It was answered and set aside whole: a session may lack what it says. See parked_messages.");
        return report.Input switch
        {
            SessionBegan it => new SessionBegun(number!.Value, draft.IdOf(number.Value), it.Authorization ?? Refused, Repeated: false),
            TransactionTold it => new TransactionHeard(number!.Value, draft.IdOf(number.Value), it.Authorization, Repeated: false, Priced: null, Until: draft.Now),
            _ => Recorded.Instance,
        };
    }

    private static Authorization Refused => Authorization.Refused(AuthorizationStatus.Invalid, "the start could not be recorded");
}
