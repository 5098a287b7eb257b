using System.Globalization;
using System.Text.Json;
using EdgeGateway.Hubs.Dialects.V211;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using Shared = EdgeGateway.Protocols.Ocpi.V230;
using Wire = EdgeGateway.Protocols.Ocpi.V211;

namespace EdgeGateway.Hubs.Dialects;

// What hubs ask of us.
public sealed partial class V211Dialect
{
    private static readonly string[] Modules =
    [
        Shared.ModuleId.Credentials, Shared.ModuleId.Locations, Shared.ModuleId.Sessions, Shared.ModuleId.Cdrs, Shared.ModuleId.Tariffs,
        Shared.ModuleId.Tokens, Shared.ModuleId.Commands,
    ];

    /// <summary>What works here (V3), without roles.</summary>
    public OcpiAnswer VersionDetails(string publicUrl) => OcpiAnswer.Of(
        new Wire.VersionDetails
        {
            Version = Version,
            Endpoints = [.. Modules.Select(module => new Wire.Endpoint { Identifier = module, Url = $"{publicUrl}/{Version}/{module}" })],
        },
        Format);

    public OcpiAnswer Credentials(OurCredentials ours, int httpStatus = 200) => OcpiAnswer.Of(CredentialsMapping.Credentials(ours), Format, httpStatus);

    public Understood<PeerCredentials> ReadCredentials(JsonElement json)
    {
        var read = Format.Read<Wire.Credentials>(json);
        return read.IsValid ? new(CredentialsMapping.Peer(read.Value), null) : new(null, OcpiFault.Summary(read.Faults));
    }

    public HubCommand? ReadCommand(string command, JsonElement json, string hub, Party? from, string correlationId)
    {
        switch (EnumText.Find<Wire.CommandType>(command))
        {
            case Wire.CommandType.StartSession:
                var start = Valid<Wire.StartSession>(json);
                // The command vouches for the token: it need not be in our list, and is not put there (K4).
                return new(start.ResponseUrl, $"{start.Token.Uid}@{start.EvseUid ?? start.LocationId}", new StartRemotely(
                    hub, TokenMapping.Token(start.Token, hub, Owner(from)), start.LocationId, start.EvseUid, null, null, correlationId))
                {
                    Shown = $"{Uid.Mask(start.Token.Uid)}@{start.EvseUid ?? start.LocationId}",
                };
            case Wire.CommandType.StopSession:
                var stop = Valid<Wire.StopSession>(json);
                return new(stop.ResponseUrl, stop.SessionId, new StopRemotely(hub, stop.SessionId));
            case Wire.CommandType.UnlockConnector:
                var unlock = Valid<Wire.UnlockConnector>(json);
                // Our connector ids are numbers; any other is one we do not have.
                return new(unlock.ResponseUrl, $"{unlock.EvseUid}/{unlock.ConnectorId}", new Unlock(
                    hub, unlock.LocationId, unlock.EvseUid, int.TryParse(unlock.ConnectorId, CultureInfo.InvariantCulture, out var number) ? number : 0));
            case Wire.CommandType.ReserveNow:
                var reserve = Valid<Wire.ReserveNow>(json);
                var owner = Owner(from);
                var id = reserve.ReservationId.ToString(CultureInfo.InvariantCulture);
                return new(reserve.ResponseUrl, id, new Reserve(
                    hub, owner, id, TokenMapping.Token(reserve.Token, hub, owner), reserve.ExpiryDate, reserve.LocationId, reserve.EvseUid, null, null,
                    reserve.ResponseUrl));
            default:
                throw OcpiException.NotFound("this command");
        }
    }

    public OcpiAnswer CommandResponse(CommandReply reply, TimeSpan timeout, string? message) => OcpiAnswer.Of(
        new Wire.CommandResponse
        {
            Result = reply switch
            {
                CommandReply.Accepted => Wire.CommandResponseType.Accepted,
                CommandReply.NotSupported => Wire.CommandResponseType.NotSupported,
                CommandReply.UnknownSession => Wire.CommandResponseType.UnknownSession,
                _ => Wire.CommandResponseType.Rejected,
            },
        },
        Format);

    /// <summary>The same object as the answer at once, and its few words: whatever went wrong at the charger is REJECTED.</summary>
    public byte[] CommandResult(OrderOutcome? outcome, string? message) => Format.Write(new Wire.CommandResponse
    {
        Result = outcome switch
        {
            OrderOutcome.Accepted => Wire.CommandResponseType.Accepted,
            OrderOutcome.NotSupported => Wire.CommandResponseType.NotSupported,
            null or OrderOutcome.TimedOut => Wire.CommandResponseType.Timeout,
            _ => Wire.CommandResponseType.Rejected,
        },
    });

    private static Party Owner(Party? from) =>
        from ?? throw OcpiException.InvalidParameters("token: whose it is is not known; the hub's country_code and party_id are needed");

    private T Valid<T>(JsonElement json)
        where T : class
    {
        var read = Format.Read<T>(json);
        return read.IsValid ? read.Value : throw OcpiException.InvalidParameters(OcpiFault.Summary(read.Faults));
    }
}
