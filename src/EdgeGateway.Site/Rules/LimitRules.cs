using System.Collections.Immutable;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site.Rules;

/// <summary>Limits that a hub sets for its session, or asks for (CP1 to CP3). They live in the charger, and end there with the transaction.</summary>
internal static class LimitRules
{
    /// <summary>Between two calls of one kind for one session.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(5);

    public static Grant Limit(TurnDraft draft, LimitCharging request)
    {
        var session = Find(draft, request.Hub, request.SessionId, asked: false, out var refusal);
        if (session is null)
            return refusal!;
        var order = new LimitOrder(draft.NextOrderId(), session.At, session.Number, request.Limits);
        draft.Give(order);
        draft.Raise(
            Severity.Info, request.Limits is null ? "LimitsLifted" : "LimitsOrdered", session.At.ToString(),
            $"{request.Hub ?? "The technician"} {(request.Limits is null ? "lifts its limits of" : "limits")} transaction {session.Number}.");
        return Grant.Given(order.Id);
    }

    public static Grant Ask(TurnDraft draft, AskLimits request)
    {
        var session = Find(draft, request.Hub, request.SessionId, asked: true, out var refusal);
        if (session is null)
            return refusal!;
        // What most chargers count in; not all can convert.
        var isDc = session.Terms.Connector?.PowerType.StartsWith("DC", StringComparison.OrdinalIgnoreCase) == true;
        var order = new AskLimitsOrder(draft.NextOrderId(), session.At, session.Number, request.Duration, isDc ? LimitUnit.Watts : LimitUnit.Amperes);
        draft.Give(order);
        return Grant.Given(order.Id);
    }

    private static Session? Find(TurnDraft draft, string? hub, string id, bool asked, out Grant? refusal)
    {
        var session = draft.Sessions.Values.FirstOrDefault(s => string.Equals(s.Id, id, StringComparison.OrdinalIgnoreCase));
        refusal =
            session is not { Status: SessionStatus.Active, EndInferred: null } || (hub is not null && session.Hub != hub)
                ? Grant.Refused(Refusal.UnknownSession, "unknown session, or none that charges")
            : draft.Stations.GetValueOrDefault(session.At.Station) is not { Connected: true }
                ? Grant.Refused(Refusal.StationOffline, "the charging station is offline")
            : IsTooOften(draft, new(session.Number, asked))
                ? Grant.Refused(Refusal.TooOften, $"asked for less than {LeastPause.TotalSeconds:0} s ago")
            : null;
        return refusal is null ? session : null;
    }

    private static bool IsTooOften(TurnDraft draft, LimitCall call)
    {
        // Of a clock that stepped back nothing is kept.
        var recent = draft.LimitCalls.Where(c => c.Value <= draft.Now && draft.Now - c.Value < LeastPause);
        draft.LimitCalls = ImmutableDictionary.CreateRange(recent);
        if (draft.LimitCalls.ContainsKey(call))
            return true;
        draft.LimitCalls = draft.LimitCalls.SetItem(call, draft.Now);
        return false;
    }
}
