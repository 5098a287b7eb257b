using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Hubs.Endpoints;

/// <summary>We are the receiver of what the hub tells of the parties behind it (H1).</summary>
public sealed class ClientEndpoints
{
    public Task<OcpiAnswer> GetAsync(OcpiRequest request)
    {
        var dialect = Speaks(request);
        return request.Link.Clients.Find(request.Segments[2], request.Segments[3]) is [var first, ..]
            ? Task.FromResult(OcpiAnswer.OfRaw(dialect.ClientInfo(first)))
            : throw OcpiException.NotFound("this party");
    }

    public async Task<OcpiAnswer> PutAsync(OcpiRequest request)
    {
        var read = Speaks(request).ReadClientInfo(await request.BodyAsync());
        var client = read.Value ?? throw OcpiException.InvalidParameters(read.Faults!);
        if (!CiString.Same(client.CountryCode, request.Segments[2]) || !CiString.Same(client.PartyId, request.Segments[3]))
            throw OcpiException.InvalidParameters("country_code and party_id of url and body differ");
        var isNew = request.Link.Clients.Find(client.CountryCode, client.PartyId).Count == 0;
        await request.Link.Clients.KeepAsync(client, request.Aborted);
        return OcpiAnswer.Done(isNew ? 201 : 200);
    }

    /// <summary>2.1.1 has no such module.</summary>
    private static IHubDialect Speaks(OcpiRequest request) =>
        request.Dialect is { HasClientInfo: true } dialect ? dialect : throw OcpiException.NotFound("this module");
}
