using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Journal;

/// <summary>Turns into rows. Remembers what open sessions and stations look like on disk, so that a meter value writes its session's few moving
/// columns instead of all of them. On the writer's thread only.</summary>
internal sealed class TurnWriter
{
    private readonly Dictionary<int, Session> _sessions = [];
    private readonly Dictionary<string, Station> _stations = new(StringComparer.OrdinalIgnoreCase);

    public void Write(Transaction transaction, Turn turn)
    {
        foreach (var change in turn.Changes)
            Write(transaction, change);
        foreach (var delivery in turn.Deliveries)
            OutboxRows.Owe(transaction, delivery);
    }

    /// <summary>Some of what was written is not on disk after all, and nobody knows which.</summary>
    public void Forget()
    {
        _sessions.Clear();
        _stations.Clear();
    }

    private void Write(Transaction transaction, Change change)
    {
        switch (change)
        {
            case SessionChanged it:
                Write(transaction.Database, it);
                break;
            case CourseGrew it:
                for (var i = 0; i < it.Points.Length; i++)
                    SessionRows.WritePoint(transaction.Database, it.SessionNumber, it.First + i, it.Points[i]);
                break;
            case CourseRetold it:
                SessionRows.RewriteCourse(transaction.Database, it.SessionNumber, it.Points);
                break;
            case HeardKept it:
                for (var i = 0; i < it.Events.Length; i++)
                    SessionRows.WriteHeard(transaction.Database, it.SessionNumber, it.First + i, it.Events[i]);
                break;
            case SignedReadingKept it:
                SessionRows.WriteSigned(transaction.Database, it.SessionNumber, it.Reading);
                break;
            case ReadingsKept it:
                Write(transaction, it);
                break;
            case StationChanged it:
                StationRows.Write(transaction.Database, it.Station, _stations.GetValueOrDefault(it.Station.Id));
                _stations[it.Station.Id] = it.Station;
                break;
            case StationForgotten it:
                transaction.Prepared("delete from connector where station = ?").Bind(it.Id).Run();
                transaction.Prepared("delete from station where id = ?").Bind(it.Id).Run();
                _stations.Remove(it.Id);
                break;
            case CdrIssued it:
                CdrRows.Write(transaction.Database, it.Cdr);
                break;
            case CdrRevised it:
                CdrRows.Revise(transaction.Database, it.Cdr);
                break;
            case AdmissionHeld it:
                transaction.Prepared("insert or replace into admission (id, station, until, record) values (?, ?, ?, ?)")
                    .Bind(it.Admission.Id).Bind(it.Admission.Station).Bind(it.Admission.Until)
                    .Bind(JsonSerializer.Serialize(it.Admission, Records.Default.HeldAdmission)).Run();
                break;
            case AdmissionDropped it:
                transaction.Prepared("delete from admission where id = ?").Bind(it.Id).Run();
                break;
            case ReservationHeld it:
                ReservationRows.Write(transaction.Database, it.Reservation);
                break;
            case ReservationDropped it:
                transaction.Prepared("delete from reservation where number = ?").Bind(it.Reservation.Number).Run();
                break;
            case StampChanged it:
                transaction.Prepared("insert or replace into stamp (object, fingerprint, last_updated) values (?, ?, ?)")
                    .Bind(it.Stamp.Object).Bind(it.Stamp.Fingerprint).Bind(it.Stamp.LastUpdated).Run();
                break;
            case EvseShown it:
                transaction.Prepared("insert or replace into shown_evse (uid, record) values (?, ?)")
                    .Bind(it.Shown.Evse.Uid).Bind(JsonSerializer.Serialize(it.Shown, Records.Default.ShownEvse)).Run();
                break;
            case EventRaised it:
                EventRows.Write(transaction.Database, it.Event);
                break;
            case MessageParked it:
                transaction.Prepared("insert into parked (at, station, kind, content, record, number, because) values (?, ?, ?, ?, ?, ?, ?)")
                    .Bind(it.At).Bind(it.Station).Bind(it.Kind).Bind(it.Content)
                    .Bind(Text(it.Input))
                    .Bind(it.Number).Bind(it.Because).Run();
                break;
            case CountersMoved it:
                // max: whatever a turn says, a number that was given stays given (I9).
                transaction.Prepared("update site set next_session = max(next_session, ?), next_order = max(next_order, ?), next_reservation = max(next_reservation, ?)")
                    .Bind(it.Counters.NextSession).Bind(it.Counters.NextOrder).Bind(it.Counters.NextReservation).Run();
                break;
            default:
                throw new NotSupportedException($"The journal knows no {change.GetType().Name}.");
        }
    }

    /// <summary>Whatever made it poison must not keep it from being kept.</summary>
    private static string Text(SiteInput input)
    {
        try
        {
            if (Records.Default.GetTypeInfo(input.GetType()) is { } type)
                return JsonSerializer.Serialize(input, type);
        }
        catch (Exception e) when (e is InvalidOperationException or NullReferenceException or NotSupportedException or JsonException)
        {
            // As far as it can be told, then.
        }
        return JsonSerializer.Serialize(input.ToString() ?? "", Records.Default.String);
    }

    private void Write(Database database, SessionChanged change)
    {
        var session = change.Session;
        SessionRows.Write(database, session, change.IsNew ? null : _sessions.GetValueOrDefault(session.Number));
        if (session.IsOpen)
            _sessions[session.Number] = session;
        else
            _sessions.Remove(session.Number);
    }

    private static void Write(Transaction transaction, ReadingsKept kept)
    {
        foreach (var reading in kept.Readings)
        {
            transaction.Prepared("""
                insert into reading (received, station, evse, connector, session, told, energy_wh, power_w, current_a, text, context, signed)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
                .Bind(kept.Received).Bind(kept.At.Station).Bind(kept.At.Evse).Bind(kept.At.Connector).Bind(kept.SessionNumber).Bind(reading.Told)
                .Bind(reading.EnergyWh).Bind(reading.PowerW).Bind(reading.CurrentA).Bind(reading.Text).Bind(reading.Context).Bind(reading.Signed).Run();
        }
    }
}
