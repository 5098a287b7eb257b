using System.Text.Json;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Hubs.Dialects;

// Modules that 2.1.1 does not have: their routes are refused before anybody asks here.
public sealed partial class V211Dialect
{
    public bool HasChargingProfiles => false;

    public bool HasClientInfo => false;

    /// <summary>No word of 2.1.1 says that we end a reservation; the session that showed it becomes INVALID.</summary>
    public byte[]? ReservationCanceled(string? message) => null;

    public ProfileWish ReadChargingProfile(JsonElement json) => throw NoSuchModule();

    public OcpiAnswer ChargingProfileResponse(ProfileReply reply, TimeSpan timeout) => throw NoSuchModule();

    public byte[] ChargingProfileResult(ProfileKind kind, OrderOutcome? outcome, ChargingLimits? limits, DateTimeOffset now) => throw NoSuchModule();

    public Understood<HubClient> ReadClientInfo(JsonElement json) => throw NoSuchModule();

    public byte[] ClientInfo(HubClient client) => throw NoSuchModule();

    public IAsyncEnumerable<ClientPage> ClientPagesAsync(OcpiClient client, string url, OcpiCall call, CancellationToken cancellationToken) => throw NoSuchModule();

    private static OcpiException NoSuchModule() => OcpiException.NotFound("this module");
}
