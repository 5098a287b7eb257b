using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Hubs.Registering;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Endpoints;

/// <summary>Versions, details, credentials (checklist §2 and §3). Nothing here but a handshake touches the store (V5).</summary>
public sealed class RegistrationEndpoints(Partnership partnership)
{
    public Task<OcpiAnswer> VersionsAsync(OcpiRequest request)
    {
        IReadOnlyList<Wire.VersionInfo> versions =
            [.. HubDialects.For(request.Link.Options).Select(v => new Wire.VersionInfo { Version = v.Text(), Url = $"{request.PublicUrl}/{v.Text()}" })];
        return Task.FromResult(OcpiAnswer.Of(versions, Wire.OcpiJson.For(OcpiVersion.V221)));
    }

    public Task<OcpiAnswer> DetailsAsync(OcpiRequest request) => Task.FromResult(request.Dialect.VersionDetails(request.PublicUrl));

    public Task<OcpiAnswer> ShowAsync(OcpiRequest request) => Task.FromResult(request.Dialect.Credentials(partnership.Show(request.Caller)));

    public async Task<OcpiAnswer> AcceptAsync(OcpiRequest request) =>
        request.Dialect.Credentials(await partnership.AcceptAsync(request.Caller, await ReadAsync(request), request.Aborted));

    public async Task<OcpiAnswer> RenewAsync(OcpiRequest request) =>
        request.Dialect.Credentials(await partnership.RenewAsync(request.Caller, await ReadAsync(request), request.Aborted));

    public async Task<OcpiAnswer> LeaveAsync(OcpiRequest request)
    {
        await partnership.LeaveAsync(request.Caller, request.Aborted);
        return OcpiAnswer.Done();
    }

    private static async Task<PeerCredentials> ReadAsync(OcpiRequest request)
    {
        var read = request.Dialect.ReadCredentials(await request.BodyAsync());
        return read.Value ?? throw OcpiException.InvalidParameters(read.Faults!);
    }
}
