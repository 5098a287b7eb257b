using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Rules;

namespace EdgeGateway.Hubs.Endpoints;

/// <summary>What hubs may read of the site: locations and tariffs from the published state, sessions and CDRs from history (checklist §4).</summary>
public sealed class SiteEndpoints(SiteEngine engine, IHistory history, IOutbox outbox, TimeProvider clock)
{
    public Task<OcpiAnswer> LocationsAsync(OcpiRequest request)
    {
        var state = engine.State;
        var page = request.Page();
        var updated = state.LastUpdated(StampName.Location(state.Configuration.Site.Id));
        List<ReadOnlyMemory<byte>> all = [];
        if (state.Configuration.IsExposed && Within(page, updated))
            all.Add(request.Dialect.Location(state, clock.GetUtcNow()).OrFault());
        return Task.FromResult(Paged(request, page, [.. all.Skip(page.Offset).Take(page.Limit)], all.Count));
    }

    /// <summary>The location, one of its EVSEs, or one of that one's connectors (L8).</summary>
    public Task<OcpiAnswer> LocationAsync(OcpiRequest request)
    {
        var state = engine.State;
        var ids = request.Segments;
        var site = state.Configuration.Site;
        if (!state.Configuration.IsExposed || !CiString.Same(site.Id, ids[2]))
            throw OcpiException.NotFound("this location");
        if (ids.Count == 3)
            return Single(request.Dialect.Location(state, clock.GetUtcNow()).OrFault());
        if (ids.Count == 4 && state.RemovedFor(request.Link.Name).FirstOrDefault(e => CiString.Same(e.Uid, ids[3])) is { } removed)
            return Single(request.Dialect.RemovedEvse(state, removed).OrFault());
        var (station, evse) = state.FindEvse(ids[3], request.Link.Name) ?? throw OcpiException.NotFound("this EVSE");
        if (ids.Count == 4)
            return Single(request.Dialect.Evse(state, station, evse, clock.GetUtcNow()).OrFault());
        var connector = int.TryParse(ids[4], out var number) ? evse.Connector(number) : null;
        return Single(request.Dialect.Connector(state, evse, connector ?? throw OcpiException.NotFound("this connector")).OrFault());
    }

    public Task<OcpiAnswer> TariffsAsync(OcpiRequest request)
    {
        var state = engine.State;
        var page = request.Page();
        var matching = state.Configuration.TariffsFor(request.Link.Name)
            .Select(t => (Tariff: t, Updated: state.LastUpdated(StampName.Tariff(t.Id)), request.Dialect.Tariff(state, t).Json))
            // One that this version cannot say is held back, as it is when pushed; it must not keep the others from the hub.
            .Where(t => t.Json is not null && Within(page, t.Updated))
            .OrderBy(t => t.Updated).ThenBy(t => t.Tariff.Id, StringComparer.Ordinal).ToList();
        var shown = matching.Skip(page.Offset).Take(page.Limit).Select(t => (ReadOnlyMemory<byte>)t.Json).ToList();
        return Task.FromResult(Paged(request, page, shown, matching.Count));
    }

    public async Task<OcpiAnswer> SessionsAsync(OcpiRequest request)
    {
        var page = request.Page();
        var party = engine.State.Configuration.Party;
        var found = await history.SessionsAsync(Query(request, page), request.Aborted);
        // One that has no valid form is left out here as it is set aside when pushed; the count and the link go by what is stored.
        var shown = found.Items.Select(s => request.Dialect.Session(party, s).Json).OfType<byte[]>().Select(j => (ReadOnlyMemory<byte>)j).ToList();
        return Paged(request, page, shown, found.Total, found.Last);
    }

    public async Task<OcpiAnswer> CdrsAsync(OcpiRequest request)
    {
        var page = request.Page();
        var party = engine.State.Configuration.Party;
        var found = await history.CdrsAsync(Query(request, page), request.Aborted);
        var frozen = await history.FrozenCdrsAsync(request.Link.Name, [.. found.Items.Select(static cdr => cdr.Id)], request.Dialect.Version, request.Aborted);
        // The rest all at once: those that are frozen only now share a commit.
        var shown = await Task.WhenAll(found.Items.Select(cdr => frozen.TryGetValue(cdr.Id, out var body) ? Task.FromResult<byte[]?>(body) : BytesAsync(request, party, cdr)));
        return Paged(request, page, [.. shown.OfType<byte[]>().Select(json => (ReadOnlyMemory<byte>)json)], found.Total, found.Last);
    }

    /// <summary>The very bytes that this hub was sent, once it was; else those that it will be: a pull is a first delivery too (I4, D3). Null where the
    /// CDR has no valid form, which the outbox shows, or is damaged, which the journal tells.</summary>
    private async Task<byte[]?> BytesAsync(OcpiRequest request, Party party, Cdr cdr)
    {
        try
        {
            if (await history.FrozenCdrAsync(request.Link.Name, cdr.Id, request.Dialect.Version, request.Aborted) is { } frozen)
                return frozen;
            if (request.Dialect.Cdr(party, cdr).Json is not { } json)
                return null;
            var owed = new Owed(0, request.Link.Name, DeliveryKind.Cdr, cdr.Id, 0, 0) { Issued = cdr.Created };
            return await outbox.FreezeAsync(owed, request.Dialect.Version, () => json, request.Aborted) is { } body ? body
                // It was revised since it was read.
                : await history.CdrAsync(cdr.Id, request.Aborted) is { } revised ? await BytesAsync(request, party, revised)
                : null;
        }
        catch (CorruptRecordException)
        {
            return null;
        }
    }

    /// <summary>S9: not a capability of ours.</summary>
    public Task<OcpiAnswer> ChargingPreferencesAsync(OcpiRequest request) =>
        throw new OcpiException(404, OcpiStatus.InvalidParameters, "charging preferences are not supported");

    private static bool Within(PageRequest page, DateTimeOffset updated) =>
        (page.DateFrom is not { } from || updated >= from) && (page.DateTo is not { } to || updated < to);

    private static Task<OcpiAnswer> Single(byte[] json) => Task.FromResult(OcpiAnswer.OfRaw(json));

    private static PageQuery Query(OcpiRequest request, PageRequest page) => new(
        request.Link.Name, page.DateFrom, page.DateTo, page.After is null ? page.Offset : 0, page.Limit, page.After is { } after ? new(after.At, after.Id) : null);

    private static OcpiAnswer Paged(OcpiRequest request, PageRequest page, List<ReadOnlyMemory<byte>> shown, long total) =>
        OcpiAnswer.PageRaw(shown, page.Headers(request.Url, shown.Count, total));

    private static OcpiAnswer Paged(OcpiRequest request, PageRequest page, List<ReadOnlyMemory<byte>> shown, long total, PageMark? last) =>
        OcpiAnswer.PageRaw(shown, page.Headers(request.Url, total, last is null ? null : new PageCursor(last.At, last.Id)));
}
