using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace EdgeGateway.Simulators.Hub;

/// <summary>What the hub holds, every version of it, and every rule that was broken on the way in.</summary>
public sealed class HubStore
{
    private static readonly string[] Stages = ["RESERVATION", "PENDING", "ACTIVE", "COMPLETED"];

    private readonly Lock _lock = new();
    private ImmutableList<ReceivedRequest> _requests = [];
    private ImmutableDictionary<(string Module, string Id), StoredObject> _objects = ImmutableDictionary<(string, string), StoredObject>.Empty;
    private ImmutableList<RuleBreach> _breaches = [];
    private readonly Dictionary<string, string> _billed = [];
    private long _sequence;

    /// <summary>Every request, also those that a fault befell, in order of arrival.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => _requests;

    public IReadOnlyList<RuleBreach> Breaches => _breaches;

    public IReadOnlyList<StoredObject> Locations => Of("locations");

    public IReadOnlyList<StoredObject> Sessions => Of("sessions");

    public IReadOnlyList<StoredObject> Cdrs => Of("cdrs");

    public IReadOnlyList<StoredObject> Tariffs => Of("tariffs");

    public StoredObject? Find(string module, string id) => _objects.GetValueOrDefault((module, id));

    /// <summary>Sessions in this state, as last received.</summary>
    public IEnumerable<StoredObject> SessionsIn(string status) => Sessions.Where(s => s.Latest.Text("status") == status);

    internal long NextSequence() => Interlocked.Increment(ref _sequence);

    internal void Note(ReceivedRequest request)
    {
        lock (_lock)
            _requests = _requests.Add(request);
    }

    internal void Breach(string rule, string subject, string text)
    {
        lock (_lock)
            _breaches = _breaches.Add(new(rule, subject, text));
    }

    /// <summary>A whole object; true when the hub did not have it yet.</summary>
    internal bool Put(string module, string id, StoredVersion version)
    {
        lock (_lock)
        {
            var before = _objects.GetValueOrDefault((module, id));
            if (before is not null)
                CheckFollows(module, id, before.Latest, version.Json);
            if (module == "sessions")
                CheckPlace(id, version.Json);
            Keep(module, id, before, version);
            return before is null;
        }
    }

    /// <summary>Changed members only; false when the hub does not know the object. Below a location: the EVSE or connector of that path.</summary>
    internal bool Patch(string module, string id, IReadOnlyList<string> below, JsonObject patch, Func<JsonObject, StoredVersion> version)
    {
        lock (_lock)
        {
            if (_objects.GetValueOrDefault((module, id)) is not { } before)
                return false;
            var whole = (JsonObject)before.Latest.DeepClone();
            var target = module == "locations" ? Within(whole, below) : whole;
            if (target is null)
                return false;
            if (OcpiText.Time(patch.Text("last_updated")) < OcpiText.Time(target.Text("last_updated")))
                _breaches = _breaches.Add(new("P6", id, "last_updated fell in a PATCH"));
            foreach (var (member, value) in patch)
                Merge(module, target, member, value);
            foreach (var parent in Parents(whole, below))
                parent["last_updated"] = Later(parent.Text("last_updated"), patch.Text("last_updated"));
            if (module == "sessions")
                CheckFollows(module, id, before.Latest, whole);
            Keep(module, id, before, version(whole));
            return true;
        }
    }

    internal bool Delete(string module, string id)
    {
        lock (_lock)
        {
            var known = _objects.ContainsKey((module, id));
            _objects = _objects.Remove((module, id));
            return known;
        }
    }

    /// <summary>A CDR; false when the hub has one of this id already.</summary>
    internal bool PostCdr(string id, StoredVersion version)
    {
        lock (_lock)
        {
            var before = _objects.GetValueOrDefault(("cdrs", id));
            if (before is null)
                CheckNewCdr(id, version.Json);
            else if (!before.Versions[0].Body.AsSpan().SequenceEqual(version.Body))
                _breaches = _breaches.Add(new("I4", id, "a CDR was posted again with other bytes"));
            Keep("cdrs", id, before, version);
            return before is null;
        }
    }

    public IReadOnlyList<StoredObject> Of(string module) => [.. _objects.Values.Where(o => o.Module == module).OrderBy(o => o.Versions[0].Sequence)];

    private void Keep(string module, string id, StoredObject? before, StoredVersion version) =>
        _objects = _objects.SetItem((module, id), new(module, id, (before?.Versions ?? []).Add(version)));

    private void CheckFollows(string module, string id, JsonObject before, JsonObject after)
    {
        if (OcpiText.Time(after.Text("last_updated")) < OcpiText.Time(before.Text("last_updated")))
            Break("P6", $"last_updated fell from {before.Text("last_updated")} to {after.Text("last_updated")}");
        if (module != "sessions")
            return;
        var (was, now) = (before.Text("status") ?? "", after.Text("status") ?? "");
        if (was is "COMPLETED" or "INVALID" && now != was)
            Break("S1", $"{was} became {now}, though it is final");
        else if (now != "INVALID" && Array.IndexOf(Stages, now) < Array.IndexOf(Stages, was))
            Break("S1", $"went back from {was} to {now}");
        if (after.Number("kwh") < before.Number("kwh"))
            Break("S5", $"kwh fell from {before.Number("kwh")} to {after.Number("kwh")}");

        void Break(string rule, string text) => _breaches = _breaches.Add(new(rule, id, text));
    }

    /// <summary>P9 and S7: a session's place and prices were told before the session.</summary>
    private void CheckPlace(string id, JsonObject session)
    {
        var place = OcpiWords.Place(session);
        var location = place.Location is { } l ? _objects.GetValueOrDefault(("locations", l)) : null;
        var evse = location?.Latest.Array("evses").FirstOrDefault(e => e.Text("uid") == place.Evse);
        var connector = evse.Array("connectors").FirstOrDefault(c => c.Text("id") == place.Connector);
        if (connector is null)
            _breaches = _breaches.Add(new("P9", id, $"its place {place.Location}/{place.Evse}/{place.Connector} was never told"));
        var tariffs = session.Array("charging_periods").Select(p => p.Text("tariff_id")).OfType<string>().Concat(OcpiWords.Tariffs(connector));
        foreach (var tariff in tariffs.Distinct().Where(t => !_objects.ContainsKey(("tariffs", t))))
            _breaches = _breaches.Add(new("P9", id, $"its tariff {tariff} was never told"));
    }

    private void CheckNewCdr(string id, JsonObject cdr)
    {
        foreach (var breach in CdrSums.Check(cdr))
            Break("D6", breach);
        if (OcpiWords.IsCredit(cdr))
        {
            CheckCredit(id, cdr);
            return;
        }
        // By its id where it says one: a hub that looked through all it has for each CDR would be what a long backlog waits for.
        var named = cdr.Text("session_id") is { } told ? Find("sessions", told) : null;
        var session = named is not null && OcpiWords.Bills(cdr, named.Latest) ? named.Latest : Sessions.FirstOrDefault(s => OcpiWords.Bills(cdr, s.Latest))?.Latest;
        // D9: an expired reservation that is billed has no session.
        if (session is null && cdr.Text("session_id") is null && cdr.Array("charging_periods").SelectMany(p => p.Array("dimensions")).Any(d => d.Text("type") == "RESERVATION_TIME"))
            return;
        if (session?.Text("id") is not { } sessionId)
            Break("I6", "came before its session");
        else if (session.Text("status") != "COMPLETED")
            Break("I6", $"came while its session was {session.Text("status")}");
        else if (!_billed.TryAdd(sessionId, id))
            // D7: only a bill that was credited is replaced; the new one may say other amounts than the session did.
            if (Cdrs.Any(c => c.Latest.Text("credit_reference_id") == _billed[sessionId]))
                _billed[sessionId] = id;
            else
                Break("I3", $"is a second CDR of session {sessionId}");
        else
            CheckTotals(session);

        void CheckTotals(JsonObject billed)
        {
            if (billed.Number("kwh") != cdr.Number("total_energy"))
                Break("S5", $"total_energy {cdr.Number("total_energy")} differs from the session's kwh {billed.Number("kwh")}");
            // M12: a session whose price is not known says none; its CDR has to.
            if (billed.ContainsKey("total_cost") && OcpiWords.Net(billed["total_cost"]) != OcpiWords.Net(cdr["total_cost"]))
                Break("S5", "total_cost differs from the session's");
        }

        void Break(string rule, string text) => _breaches = _breaches.Add(new(rule, id, text));
    }

    /// <summary>D7: the same bill under another id, with a negative total.</summary>
    private void CheckCredit(string id, JsonObject credit)
    {
        var original = _objects.GetValueOrDefault(("cdrs", credit.Text("credit_reference_id") ?? ""))?.Latest;
        if (original is null)
            _breaches = _breaches.Add(new("D7", id, "credits a CDR that was never sent"));
        else if (OcpiWords.Net(credit["total_cost"]) != -OcpiWords.Net(original["total_cost"]))
            _breaches = _breaches.Add(new("D7", id, "its total is not the negative of the original's"));
    }

    private static void Merge(string module, JsonObject target, string member, JsonNode? value)
    {
        // P2: lists are replaced, but the charging periods of a session are appended.
        if (module == "sessions" && member == "charging_periods" && value is JsonArray added && target[member] is JsonArray known)
            foreach (var period in added)
                known.Add(period?.DeepClone());
        else
            target[member] = value?.DeepClone();
    }

    internal static JsonObject? Within(JsonObject location, IReadOnlyList<string> below) => below switch
    {
        [] => location,
        [var evse] => location.Array("evses").FirstOrDefault(e => e.Text("uid") == evse) as JsonObject,
        [var evse, var connector, ..] => Within(location, [evse]).Array("connectors").FirstOrDefault(c => c.Text("id") == connector) as JsonObject,
    };

    private static IEnumerable<JsonObject> Parents(JsonObject location, IReadOnlyList<string> below)
    {
        for (var depth = 0; depth < below.Count; depth++)
            if (Within(location, [.. below.Take(depth)]) is { } parent)
                yield return parent;
    }

    private static string? Later(string? a, string? b) => OcpiText.Time(a) >= OcpiText.Time(b) ? a : b;
}
