using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site.Rules;

/// <summary>Lines, boots and connector states, and what the world is shown of them.</summary>
internal static class StationRules
{
    /// <summary>Stations remembered that nobody has let in.</summary>
    private const int StrangerLimit = 128;

    public static Recorded Connect(TurnDraft draft, StationConnected report)
    {
        MakeRoom(draft, report.Station);
        var station = draft.Station(report.Station);
        draft.Save(station with
        {
            Connected = true,
            LineChanged = draft.Now,
            Protocol = report.Protocol,
            Remote = report.Remote,
            Admission = AdmissionOf(draft, station),
        });
        SessionRules.AwaitStops(draft, report.Station, draft.Configuration.Timings.InferredEndHold);
        draft.Raise(Severity.Info, "StationConnected", report.Station, $"{report.Protocol} from {report.Remote}.");
        RestampAll(draft, report.Station);
        return Recorded.Instance;
    }

    public static Recorded Disconnect(TurnDraft draft, StationDisconnected report)
    {
        draft.Save(draft.Station(report.Station) with { Connected = false, LineChanged = draft.Now });
        SessionRules.AwaitStops(draft, report.Station, draft.Configuration.Timings.OfflineEndHold);
        draft.Raise(Severity.Info, "StationDisconnected", report.Station, report.Because);
        RestampAll(draft, report.Station);
        return Recorded.Instance;
    }

    /// <summary>Whoever had a line before the restart gets the grace of a lost one to come back.</summary>
    public static Recorded CloseLines(TurnDraft draft)
    {
        foreach (var station in draft.Stations.Values.Where(s => s.Connected))
        {
            draft.Save(station with { Connected = false, LineChanged = draft.Now });
            SessionRules.AwaitStops(draft, station.Id, draft.Configuration.Timings.OfflineEndHold);
        }
        ReservationRules.DropOrders(draft);
        return Recorded.Instance;
    }

    public static object Boot(TurnDraft draft, StationBooted report)
    {
        var station = draft.Station(report.Station);
        var admission = AdmissionOf(draft, station);
        draft.Save(station with { Identity = report.Identity, Booted = draft.Now, ClockOffset = null, ClockSeen = null, Admission = admission });
        var text = $"{report.Identity.Vendor} {report.Identity.Model}, firmware {report.Identity.Firmware ?? "not told"}.";
        if (admission is Admission.Accepted)
            draft.Raise(Severity.Info, "StationBooted", report.Station, text);
        else if (station.Identity != report.Identity)
            draft.Raise(Severity.Warning, "StationUnknown", report.Station, $"{text} It is not in the configuration: {admission}.");

        // It may go on with its transaction, or send the Stop from its queue; only silence means the end (FIELD-NOTES 22).
        foreach (var session in draft.Sessions.Values.Where(s => s.At.Station == report.Station && s.IsRunning).ToList())
            SessionRules.InferEnd(draft, session, SessionRules.Latest(session));
        return admission;
    }

    public static Recorded Show(TurnDraft draft, ConnectorReported report)
    {
        ChargerClock.Observe(draft, report.At.Station, report.Told);
        var (since, _) = ChargerClock.Repair(draft, report.At.Station, report.Told);
        var station = draft.Station(report.At.Station);
        var known = station.Connectors.GetValueOrDefault(Connector.Key(report.At));
        // An old state from an offline queue never overrides a newer one (FIELD-NOTES 3).
        if (known is not null && since < known.Since && known.Since <= draft.Now)
            return Recorded.Instance;
        var connector = new Connector
        {
            At = report.At,
            State = report.State,
            ErrorCode = report.ErrorCode is "NoError" ? null : report.ErrorCode,
            Info = report.Info,
            VendorErrorCode = report.VendorErrorCode,
            Since = since,
            Received = draft.Now,
        };
        draft.Save(station with { Connectors = station.Connectors.SetItem(Connector.Key(report.At), connector) });
        if (connector.ErrorCode is { } error && error != known?.ErrorCode)
            draft.Raise(Severity.Warning, "ConnectorFault", report.At.ToString(), $"{error} {connector.VendorErrorCode} {connector.Info}".TrimEnd());
        FollowSession(draft, connector, known, report.SiteMeter);
        ReservationRules.Follow(draft, connector, known);
        if (report.At.IsStation)
            RestampAll(draft, report.At.Station);
        else
            Restamp(draft, report.At);
        return Recorded.Instance;
    }

    public static object Accept(TurnDraft draft, AcceptStation request)
    {
        if (!draft.Stations.TryGetValue(request.Station, out var station) || station.Admission == Admission.Accepted)
            return false;
        draft.Save(station with { Admission = Admission.Accepted });
        draft.Raise(Severity.Info, "StationAccepted", request.Station, "Let in by the technician.");
        return true;
    }

    public static Recorded Remark(TurnDraft draft, Remarked report)
    {
        draft.Raise(report.Severity, report.Code, report.Subject, report.Text);
        return Recorded.Instance;
    }

    /// <summary>Moves last_updated of an EVSE and its location, and owes it to every hub, if what the world sees of it differs (P6, LO5).</summary>
    public static void Restamp(TurnDraft draft, Position at)
    {
        if (draft.Configuration.Station(at.Station) is not { } station || station.Evse(at.Evse) is not { } evse)
            return;
        var status = SiteView.Derive(draft.Configuration.Timings, draft.Stations.GetValueOrDefault(at.Station), evse, draft.OccupantOf, draft.Reservations.Values, draft.Now);
        var name = StampName.Evse(evse.Uid);
        var last = draft.Stamps.GetValueOrDefault(name)?.Fingerprint ?? "";
        var content = last.Split('|')[0];
        var fingerprint = $"{content}|{status}";
        if (fingerprint == last)
            return;
        draft.Stamp(name, fingerprint);
        if (!draft.Configuration.IsShown(station, evse))
            return;
        draft.Stamp(StampName.Location(draft.Configuration.Site.Id));
        foreach (var hub in draft.Configuration.Hubs.Where(h => draft.Configuration.Shows(station, evse, h.Name)))
            draft.Owe(hub.Name, DeliveryKind.EvseStatus, evse.Uid);
    }

    public static void RestampAll(TurnDraft draft, string station)
    {
        foreach (var evse in draft.Configuration.Station(station)?.Evses ?? [])
            Restamp(draft, new(station, evse.Id, 0));
    }

    /// <summary>What a connector's state says of the session on it: parking from charging, and, without a Stop, its end.</summary>
    private static void FollowSession(TurnDraft draft, Connector connector, Connector? known, MeterSample? sample)
    {
        if (draft.OccupantOf(connector.At) is not { IsRunning: true } session || connector.Since < session.StartedAt)
        {
            // It charges on after a boot, be the state a new one or not. After Available or Preparing it is the next car that charges.
            var goesOn = ActivityOf(connector.State) is not null && known?.State is not (ConnectorState.Available or ConnectorState.Preparing);
            if (goesOn && Recognition.Waiting(draft, connector.At) is { } revived && revived.EndInferred <= connector.Since)
                draft.Save(SessionRules.SignOfLife(draft, revived, connector.Since > revived.EndInferred));
            return;
        }
        if (connector.State == known?.State)
            return;
        if (connector.State is ConnectorState.Available)
        {
            SessionRules.InferEnd(draft, session, connector.Since, sample);
            return;
        }
        // A 2.x station tells the vehicle's doings within its transaction (E02).
        if (session.Transaction is not null)
            return;
        var activity = connector.State is ConnectorState.Finishing ? Activity.Parking : ActivityOf(connector.State);
        if (activity is { } now && session.Course.LastOrDefault()?.Activity != now && SessionRules.HasRoom(session))
            SessionRules.Owe(draft, draft.Save(session with { Course = session.Course.Add(new(connector.Since, null, now)), LastOwed = draft.Now, OwesUpdate = false }));
    }

    /// <summary>Whoever invents station names fills no memory with them (S3, I16): of those that nobody let in the longest gone makes room.</summary>
    private static void MakeRoom(TurnDraft draft, string newcomer)
    {
        if (draft.Stations.ContainsKey(newcomer) || draft.Configuration.Station(newcomer) is not null)
            return;
        var strangers = draft.Stations.Values.Where(s => s.Admission is not Admission.Accepted).ToList();
        if (strangers.Count < StrangerLimit)
            return;
        if (strangers.Where(s => !s.Connected).MinBy(s => (s.LineChanged, s.Id)) is { } gone)
            draft.Forget(gone);
    }

    private static Activity? ActivityOf(ConnectorState state) => state switch
    {
        ConnectorState.Charging or ConnectorState.SuspendedEvse => Activity.Charging,
        ConnectorState.SuspendedEV => Activity.Parking,
        _ => null,
    };

    private static Admission AdmissionOf(TurnDraft draft, Station station) =>
        draft.Configuration.Station(station.Id) is not null ? Admission.Accepted
        : draft.Stations.ContainsKey(station.Id) && station.Admission is Admission.Accepted ? Admission.Accepted
        : draft.OfStranger;
}
