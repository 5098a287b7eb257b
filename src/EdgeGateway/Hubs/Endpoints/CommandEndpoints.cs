using EdgeGateway.Hubs.Commands;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Hubs.Endpoints;

/// <summary>We are the receiver of commands (checklist §13). The HTTP answer never waits for a charger.</summary>
public sealed class CommandEndpoints(CommandDesk desk, HubUrls urls)
{
    public async Task<OcpiAnswer> PostAsync(OcpiRequest request)
    {
        var name = request.Segments[2];
        var limits = request.Link.Limits;
        var command = request.Dialect.ReadCommand(name, await request.BodyAsync(), request.Link.Name, request.Link.PartyOf(request.Routing.From), request.Ids.CorrelationId);
        if (command is null)
            return request.Dialect.CommandResponse(CommandReply.NotSupported, limits.CommandTimeout, $"{name} is not supported");
        await urls.MustBeGoodAsync(request, command.ResponseUrl);
        var order = new CommandOrder(request.Link, request.Dialect, name, command, request.Ids.CorrelationId, request.Routing.Swapped());
        var grant = await desk.TakeAsync(order, request.Answered(), request.Aborted);
        return grant.Refusal switch
        {
            null => request.Dialect.CommandResponse(CommandReply.Accepted, limits.CommandTimeout, null),
            // K3
            Refusal.UnknownLocation or Refusal.UnknownEvse or Refusal.UnknownConnector =>
                throw OcpiException.Content(OcpiStatus.UnknownLocation, grant.Because ?? "unknown location, EVSE or connector"),
            Refusal.ConnectorNotNamed => throw OcpiException.InvalidParameters($"connector_id: {grant.Because}"),
            Refusal.UnknownSession => request.Dialect.CommandResponse(CommandReply.UnknownSession, limits.CommandTimeout, grant.Because),
            Refusal.NotSupported => request.Dialect.CommandResponse(CommandReply.NotSupported, limits.CommandTimeout, grant.Because),
            // An occupied or broken EVSE: at once, OCPI has but one word for them; the text says which.
            _ => request.Dialect.CommandResponse(CommandReply.Rejected, limits.CommandTimeout, grant.Because),
        };
    }
}
