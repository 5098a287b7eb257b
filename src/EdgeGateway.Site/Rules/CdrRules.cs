using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site.Rules;

/// <summary>A CDR never changes (I4): what was billed wrongly is taken back by a credit, and billed anew by another CDR (D7). The session stays as it
/// was: it says what the charger told.</summary>
/// <remarks>Ids, of a session S of 36 characters: S, its credit S-C; corrected S-2, its credit S-2C; and so on to S-9C, which fits the 39 that a CDR's
/// id has (D4). Each is made of what exists already, so that none is ever given twice.</remarks>
internal static class CdrRules
{
    /// <summary>CDRs of one session that are no credits: one more digit would not fit (D4).</summary>
    public const int CorrectedLimit = 9;

    /// <summary>Of a corrected CDR; what is above is a slip of the pen (Wh for kWh).</summary>
    public const long EnergyLimitWh = 10_000_000;

    public static Credited Credit(TurnDraft draft, CreditCdr request)
    {
        var known = draft.RecalledCdrs.Concat(draft.IssuedNow).ToList();
        if (known.Find(cdr => Is(cdr.Id, request.CdrId)) is not { } wrong)
            return Refused($"No CDR is called {request.CdrId}.");
        var family = known.FindAll(cdr => cdr.Session.Number == wrong.Session.Number);
        if (Refusal(draft, request, wrong, family) is { } refusal)
            return Refused(refusal);

        var credit = wrong with
        {
            // A corrected one has its hyphen already.
            Id = wrong.Id + (wrong.CorrectionOf is null ? "-C" : "C"),
            CreditOf = wrong.Id,
            CorrectionOf = null,
            Remark = request.Because,
            // Later than what it takes back, even where the clock has been set back since (P6).
            Created = draft.Second > wrong.Created ? draft.Second : wrong.Created.AddSeconds(1),
        };
        Issue(draft, credit);
        draft.Raise(Severity.Warning, "CdrCredited", wrong.Session.At.ToString(), $"The technician took back CDR {wrong.Id} by {credit.Id}: {request.Because}");
        if (!request.Reissue)
            return new(credit.Id, null, null);

        var session = Correct(wrong.Session, request);
        var corrected = new Cdr
        {
            Id = $"{wrong.Session.Id}-{Generation(wrong) + 1}",
            CorrectionOf = wrong.Id,
            Remark = request.Because,
            Session = session,
            Bill = SessionRules.BillOf(session, session.EndedAt!.Value),
            Created = credit.Created,
        };
        Issue(draft, corrected);
        draft.Raise(
            Severity.Warning, "CdrCorrected", wrong.Session.At.ToString(),
            $"CDR {corrected.Id} stands in for {wrong.Id}: {session.EnergyWh / 1000m:0.000} kWh for {wrong.Bill.EnergyWh / 1000m:0.000}, "
            + $"{corrected.Bill.Total.ExclVat:0.00} {corrected.Bill.Currency} for {wrong.Bill.Total.ExclVat:0.00}.");
        return new(credit.Id, corrected.Id, null);
    }

    /// <summary>The session as the operator says it was. What was measured on the way stays; its last values give way where they say more than the
    /// corrected total. What is missing flows after the last value: nobody measured when.</summary>
    private static Session Correct(Session session, CreditCdr request)
    {
        var energy = request.EnergyWh ?? session.EnergyWh;
        var end = (request.EndedAt ?? session.EndedAt!.Value).ToUniversalTime();
        // Without the point that the end itself made, so that whatever the car did last goes on to a later end.
        var before = session.Course.Where(point => point.At < end && point.At < session.EndedAt)
            .Select(point => point.EnergyWh > energy ? point with { EnergyWh = energy } : point);
        return session with
        {
            EnergyWh = energy,
            EndedAt = end,
            Course = [.. before, new CoursePoint(end, energy, Activity.Parking)],
        };
    }

    private static string? Refusal(TurnDraft draft, CreditCdr request, Cdr wrong, List<Cdr> family)
    {
        if (string.IsNullOrWhiteSpace(request.Because))
            return "A reason is needed; the hub and the books will be asked for it.";
        if (wrong.CreditOf is not null)
            return $"{wrong.Id} is itself the credit of {wrong.CreditOf}.";
        if (family.Find(cdr => cdr.CreditOf is { } credited && Is(credited, wrong.Id)) is { } credit)
            return $"{wrong.Id} was credited by {credit.Id} before.";
        if (!request.Reissue)
            return request.EnergyWh is null && request.EndedAt is null ? null : "An energy or an end is only for a CDR that is issued anew.";
        if (wrong.Session is not { Status: SessionStatus.Completed, EndedAt: { } ended })
            return $"{wrong.Id} is of a reservation without a session: it can be credited, not corrected.";
        if (Generation(wrong) >= CorrectedLimit)
            return $"There are {CorrectedLimit} CDRs of this session already: credit this one without another.";
        if (request.EnergyWh is < 0 or > EnergyLimitWh)
            return $"An energy is from 0 to {EnergyLimitWh / 1000} kWh.";
        if (request.EndedAt is { } end && (end < wrong.Session.StartedAt || (end > draft.Now && end > ended)))
            return $"The end has to be between the start, {wrong.Session.StartedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, and now.";
        return null;
    }

    /// <summary>The how-manieth attempt to bill the session this is. Read from its name: it does not matter which of those before it are still kept.</summary>
    private static int Generation(Cdr cdr) => cdr.CorrectionOf is null ? 1 : cdr.Id[^1] - '0';

    /// <summary>Behind the CDRs before it: the outbox keeps those of one session in order.</summary>
    private static void Issue(TurnDraft draft, Cdr cdr)
    {
        draft.Record(new CdrIssued(cdr));
        draft.Owe(cdr.Session.Hub, DeliveryKind.Cdr, cdr.Id);
    }

    private static bool Is(string id, string other) => string.Equals(id, other, StringComparison.OrdinalIgnoreCase);

    private static Credited Refused(string why) => new(null, null, why);
}
