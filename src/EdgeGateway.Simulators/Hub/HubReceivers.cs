using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;

namespace EdgeGateway.Simulators.Hub;

/// <summary>Where the CPO's objects come in: each held to its version's shape, to its url, and to the order of things.</summary>
internal sealed class HubReceivers(SimulatedHubOptions options, TimeProvider clock, SimulatedHub hub, HubPeer peer)
{
    public HubAnswer Answer(HubRequest request) => (request.Method, request.Rest) switch
    {
        ("POST", ["receiver", "cdrs"]) => PostCdr(request),
        ("GET", ["receiver", "cdrs", var id]) => Show("cdrs", id, []),
        ("GET", ["receiver", var module, _, _, var id, .. var below]) => Show(module, id, below),
        ("PUT", ["receiver", "locations" or "sessions" or "tariffs", _, _, _, ..]) => Put(request),
        ("PATCH", ["receiver", "locations" or "sessions", _, _, _, ..]) => Patch(request),
        ("DELETE", ["receiver", "tariffs", _, _, var id]) =>
            hub.Store.Delete("tariffs", id) ? HubAnswer.Success(clock, null) : HubAnswer.Error(clock, 404, 2000, "unknown tariff"),
        (_, ["receiver", var module, ..]) when HubForms.Received.Contains(module) => HubAnswer.Error(clock, 405, 2000, "method not allowed"),
        _ => HubAnswer.Error(clock, 404, 2000, "no such path"),
    };

    private HubAnswer Put(HubRequest request)
    {
        if (OcpiText.Object(request.Body) is not { } body)
            return HubAnswer.Error(clock, 400, 2001, "no JSON object");
        var id = request.Below[2];
        var below = request.Below.Skip(3).ToArray();
        if (body.Text(below.Length == 1 ? "uid" : "id") != (below.Length == 0 ? id : below[^1]))
        {
            hub.Store.Breach("P1", request.Subject, "the ids of URL and body differ");
            return HubAnswer.Error(clock, 200, 2001, "the ids of URL and body differ");
        }
        CheckOwner(request, body, isWhole: below.Length == 0);
        if (request.Module == "locations")
            CheckTimes(request.Subject, body, below.Length == 2 ? [] : below.Length == 1 ? ["connectors"] : ["evses", "connectors"]);
        if (below.Length == 0)
            return HubAnswer.Success(clock, null, hub.Store.Put(request.Module, id, Version(request, body)) ? 201 : 200);
        return Merged(request, id, below, body);
    }

    private HubAnswer Patch(HubRequest request)
    {
        if (OcpiText.Object(request.Body) is not { } patch)
            return HubAnswer.Error(clock, 400, 2001, "no JSON object");
        CheckOwner(request, patch, isWhole: false);
        if (patch.Text("last_updated") is null)
        {
            hub.Store.Breach("P2", request.Subject, "a PATCH without last_updated");
            return HubAnswer.Error(clock, 200, 2001, "last_updated is missing");
        }
        return Merged(request, request.Below[2], [.. request.Below.Skip(3)], patch);
    }

    private HubAnswer Merged(HubRequest request, string id, string[] below, JsonObject members)
    {
        if (hub.Store.Patch(request.Module, id, below, members, whole => Version(request, whole)))
            return HubAnswer.Success(clock, null);
        hub.Store.Breach("P4", request.Subject, $"a {request.Method} of a part of what was never PUT");
        return HubAnswer.Error(clock, 404, 2000, "unknown object: PUT it first");
    }

    private HubAnswer PostCdr(HubRequest request)
    {
        if (OcpiText.Object(request.Body) is not { } cdr || cdr.Text("id") is not { } id)
            return HubAnswer.Error(clock, 400, 2001, "no CDR");
        CheckOwner(request, cdr, isWhole: true);
        var known = hub.Store.Find("cdrs", id) is not null;
        hub.Store.PostCdr(id, Version(request, cdr));
        if (known && options.RefusesRepeatedCdrs)
            return HubAnswer.Error(clock, 200, 2000, "CDR already exists");
        var answer = HubAnswer.Success(clock, null, known ? 200 : 201);
        answer.Headers["Location"] = $"{hub.Root}/{request.Version!.Value.Text()}/receiver/cdrs/{Uri.EscapeDataString(id)}";
        return answer;
    }

    private HubAnswer Show(string module, string id, IReadOnlyList<string> below)
    {
        var json = hub.Store.Find(module, id)?.Latest;
        if (module == "locations" && json is not null)
            json = HubStore.Within(json, below);
        return json is null ? HubAnswer.Error(clock, 404, 2000, "unknown object") : HubAnswer.Success(clock, json.DeepClone());
    }

    /// <summary>P1: the url names the CPO, and the object does where its version lets it.</summary>
    private void CheckOwner(HubRequest request, JsonObject body, bool isWhole)
    {
        if (request.Module != "cdrs" && !peer.Is(request.Below[0], request.Below[1]))
            hub.Store.Breach("P1", request.Subject, $"its url names another party than {peer.CountryCode}/{peer.PartyId}");
        if (isWhole && request.Version != OcpiVersion.V211 && !peer.Is(body.Text("country_code"), body.Text("party_id")))
            hub.Store.Breach("P1", request.Subject, $"its owner is {body.Text("country_code")}/{body.Text("party_id")}, not {peer.CountryCode}/{peer.PartyId}");
    }

    /// <summary>P6: nothing within is newer than the whole.</summary>
    private void CheckTimes(string subject, JsonObject whole, ReadOnlySpan<string> lists)
    {
        if (lists is not [var list, ..])
            return;
        foreach (var part in whole.Array(list).OfType<JsonObject>())
        {
            if (OcpiText.Time(part.Text("last_updated")) > OcpiText.Time(whole.Text("last_updated")))
                hub.Store.Breach("P6", subject, $"one of its {list} is newer than what it is in");
            CheckTimes(subject, part, lists[1..]);
        }
    }

    private static StoredVersion Version(HubRequest request, JsonObject json) =>
        new(request.Sequence, request.At, request.Method, request.Body, json) { Version = request.Version!.Value };
}
