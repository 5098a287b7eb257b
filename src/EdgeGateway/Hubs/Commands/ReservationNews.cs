using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs.Commands;

/// <summary>Tells whoever reserved that we had to end the reservation, where its RESERVE_NOW asked to hear (K7).</summary>
public sealed class ReservationNews(SiteEngine engine, HubLinks links, HubUrls urls, ResultPost post, ILogger<ReservationNews> log)
{
    public void Start() => engine.Watch(Look);

    internal void Look(Turn turn)
    {
        foreach (var change in turn.Changes)
        {
            // Used, canceled and refused ones, and those that nobody came for, are known where they were made.
            if (change is ReservationDropped { Why: ReservationEnd.ByUs, Reservation: { Hub: { } hub, ResponseUrl: { } url } reservation } && links.Find(hub) is { } link)
                _ = TellAsync(link, url, reservation);
        }
    }

    private async Task TellAsync(HubLink link, string url, Reservation reservation)
    {
        var correlation = OcpiIds.New().CorrelationId;
        // The hub may have moved since: what was good then is looked at again, our token goes with it (K2).
        if (link.Dialect is not { } dialect || dialect.ReservationCanceled("the charging station cannot keep the place free any longer") is not { } body)
            return;
        if (await urls.RefusalAsync(link, url, CancellationToken.None) is { } refusal)
        {
            log.OutcomeLost(link.Name, $"response_url: {refusal}", correlation);
            return;
        }
        var us = engine.State.Configuration.Party;
        var routing = new OcpiRouting
        {
            From = new OcpiParty(us.CountryCode, us.PartyId), To = new OcpiParty(reservation.Party.CountryCode, reservation.Party.PartyId),
        };
        await post.SendAsync(new(link, "RESERVE_NOW", url, body, correlation)
        {
            Routing = dialect.HasRouting ? routing : null,
            Shown = reservation.PartyReservationId,
            Outcome = "CANCELED_RESERVATION",
        });
    }
}
