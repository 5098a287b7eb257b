using System.Text.Json;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Hubs.Dialects;

// Modules that 2.1.1 does not have.
public sealed partial class V230Dialect
{
    public bool HasChargingProfiles => false;

    public bool HasClientInfo => false;

    public byte[]? ReservationCanceled(string? message) => null;

    public ProfileWish ReadChargingProfile(JsonElement json) => throw OcpiException.NotFound("this module");

    public OcpiAnswer ChargingProfileResponse(ProfileReply reply, TimeSpan timeout) => throw OcpiException.NotFound("this module");

    public byte[] ChargingProfileResult(ProfileKind kind, OrderOutcome? outcome, ChargingLimits? limits, DateTimeOffset now) => throw OcpiException.NotFound("this module");

    public Understood<HubClient> ReadClientInfo(JsonElement json) => throw OcpiException.NotFound("this module");

    public byte[] ClientInfo(HubClient client) => throw OcpiException.NotFound("this module");

    public IAsyncEnumerable<ClientPage> ClientPagesAsync(OcpiClient client, string url, OcpiCall call, CancellationToken cancellationToken) =>
        throw OcpiException.NotFound("this module");
}
