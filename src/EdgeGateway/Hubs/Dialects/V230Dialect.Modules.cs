using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgeGateway.Hubs.Dialects.V230;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects;

// Modules that 2.1.1 does not have: charging profiles and the parties behind the hub (checklist §14).
public sealed partial class V230Dialect
{
    public bool HasChargingProfiles => true;

    public bool HasClientInfo => true;

    public byte[]? ReservationCanceled(string? message) =>
        Format.Write(new Wire.CommandResult { Result = Wire.CommandResultType.CanceledReservation, Message = Message(message) });

    public ProfileWish ReadChargingProfile(JsonElement json)
    {
        var wish = Valid<Wire.SetChargingProfile>(json);
        return new(wish.ResponseUrl, ProfileMapping.Limits(wish.ChargingProfile));
    }

    public OcpiAnswer ChargingProfileResponse(ProfileReply reply, TimeSpan timeout) => OcpiAnswer.Of(
        new Wire.ChargingProfileResponse
        {
            Result = reply switch
            {
                ProfileReply.Accepted => Wire.ChargingProfileResponseType.Accepted,
                ProfileReply.NotSupported => Wire.ChargingProfileResponseType.NotSupported,
                ProfileReply.TooOften => Wire.ChargingProfileResponseType.TooOften,
                ProfileReply.UnknownSession => Wire.ChargingProfileResponseType.UnknownSession,
                _ => Wire.ChargingProfileResponseType.Rejected,
            },
            Timeout = (int)timeout.TotalSeconds,
        },
        Format);

    public byte[] ChargingProfileResult(ProfileKind kind, OrderOutcome? outcome, ChargingLimits? limits, DateTimeOffset now)
    {
        var result = outcome == OrderOutcome.Accepted ? Wire.ChargingProfileResultType.Accepted : Wire.ChargingProfileResultType.Rejected;
        return kind switch
        {
            ProfileKind.Set => Format.Write(new Wire.ChargingProfileResult { Result = result }),
            // OCPP has but one way to decline this: it found no such profile.
            ProfileKind.Clear => Format.Write(new Wire.ClearProfileResult
            {
                Result = outcome == OrderOutcome.Rejected ? Wire.ChargingProfileResultType.Unknown : result,
            }),
            // Accepted without a course: nothing limits the session.
            _ => Format.Write(new Wire.ActiveChargingProfileResult
            {
                Result = outcome == OrderOutcome.Accepted && limits is null ? Wire.ChargingProfileResultType.Unknown : result,
                Profile = outcome == OrderOutcome.Accepted && limits is not null ? ProfileMapping.Active(limits, now) : null,
            }),
        };
    }

    public Understood<HubClient> ReadClientInfo(JsonElement json)
    {
        var read = Format.Read<Wire.ClientInfo>(json);
        if (!read.IsValid)
            return new(null, OcpiFault.Summary(read.Faults));
        return ClientMapping.Client(read.Value) is { } client ? new(client, null) : new(null, ClientMapping.Unknown(read.Value));
    }

    public byte[] ClientInfo(HubClient client) => Format.Write(ClientMapping.Info(client));

    public async IAsyncEnumerable<ClientPage> ClientPagesAsync(
        OcpiClient client, string url, OcpiCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in client.GetPagesAsync<Wire.ClientInfo>(url, call, cancellationToken))
        {
            List<string> skipped = [.. page.Skipped.Select(s => OcpiFault.Summary(s.Faults))];
            List<HubClient> clients = [];
            foreach (var info in page.Items)
            {
                if (ClientMapping.Client(info) is { } known)
                    clients.Add(known);
                else
                    skipped.Add(ClientMapping.Unknown(info));
            }
            yield return new(page.Url, page.Reply, clients, skipped, page.End);
        }
    }
}
