using System.Text.Json;
using EdgeGateway.Hubs.Dialects.V230;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects;

// What hubs ask of us.
public sealed partial class V230Dialect
{
    /// <summary>What works here (V3); urls are <paramref name="publicUrl"/>'s.</summary>
    public OcpiAnswer VersionDetails(string publicUrl)
    {
        return OcpiAnswer.Of(
            new Wire.VersionDetails
            {
                Version = Version,
                Endpoints =
                [
                    // The role of credentials means nothing (V1).
                    Endpoint(Wire.ModuleId.Credentials, Wire.InterfaceRole.Sender),
                    Endpoint(Wire.ModuleId.Locations, Wire.InterfaceRole.Sender),
                    Endpoint(Wire.ModuleId.Sessions, Wire.InterfaceRole.Sender),
                    Endpoint(Wire.ModuleId.Cdrs, Wire.InterfaceRole.Sender),
                    Endpoint(Wire.ModuleId.Tariffs, Wire.InterfaceRole.Sender),
                    Endpoint(Wire.ModuleId.Tokens, Wire.InterfaceRole.Receiver),
                    Endpoint(Wire.ModuleId.Commands, Wire.InterfaceRole.Receiver),
                    Endpoint(Wire.ModuleId.ChargingProfiles, Wire.InterfaceRole.Receiver),
                    Endpoint(Wire.ModuleId.HubClientInfo, Wire.InterfaceRole.Receiver),
                ],
            },
            Format);

        Wire.Endpoint Endpoint(string module, Wire.InterfaceRole role) =>
            new() { Identifier = module, Role = role, Url = $"{publicUrl}/{Version}/{module}" };
    }

    public OcpiAnswer Credentials(OurCredentials ours, int httpStatus = 200) => OcpiAnswer.Of(CredentialsMapping.Credentials(ours), Format, httpStatus);

    public Understood<PeerCredentials> ReadCredentials(JsonElement json)
    {
        var read = Format.Read<Wire.Credentials>(json);
        return read.IsValid ? new(CredentialsMapping.Peer(read.Value), null) : new(null, OcpiFault.Summary(read.Faults));
    }

    /// <summary>A command as a wish of the site's; what is wrong with it is 2001 (<see cref="OcpiException"/>).</summary>
    /// <returns>Null for a command that is known, and that this gateway does not do.</returns>
    public HubCommand? ReadCommand(string command, JsonElement json, string hub, Party? from, string correlationId)
    {
        switch (EnumText.Find<Wire.CommandType>(command))
        {
            case Wire.CommandType.StartSession:
                var start = Valid<Wire.StartSession>(json);
                if (start.ConnectorId is not null && start.EvseUid is null)
                    throw OcpiException.InvalidParameters("evse_uid: needed together with connector_id");
                // The command vouches for the token: it need not be in our list, and is not put there (K4).
                return new(start.ResponseUrl, $"{start.Token.Uid}@{start.EvseUid ?? start.LocationId}", new StartRemotely(
                    hub, TokenMapping.Token(start.Token, hub), start.LocationId, start.EvseUid, Number(start.ConnectorId), start.AuthorizationReference,
                    correlationId, CanName: true)) { Shown = $"{Uid.Mask(start.Token.Uid)}@{start.EvseUid ?? start.LocationId}" };
            case Wire.CommandType.StopSession:
                var stop = Valid<Wire.StopSession>(json);
                return new(stop.ResponseUrl, stop.SessionId, new StopRemotely(hub, stop.SessionId));
            case Wire.CommandType.UnlockConnector:
                var unlock = Valid<Wire.UnlockConnector>(json);
                return new(unlock.ResponseUrl, $"{unlock.EvseUid}/{unlock.ConnectorId}", new Unlock(
                    hub, unlock.LocationId, unlock.EvseUid, Number(unlock.ConnectorId) ?? 0));
            case Wire.CommandType.ReserveNow:
                var reserve = Valid<Wire.ReserveNow>(json);
                // Its own name for it, place and expiry: the same id with another expiry is no repeat, it replaces (K7).
                return new(reserve.ResponseUrl, $"{Key(from, reserve.ReservationId)}@{reserve.EvseUid ?? reserve.LocationId}<{OcpiDateTime.Write(reserve.ExpiryDate)}", new Reserve(
                    hub, from ?? Nobody, reserve.ReservationId, TokenMapping.Token(reserve.Token, hub), reserve.ExpiryDate, reserve.LocationId, reserve.EvseUid,
                    null, reserve.AuthorizationReference, reserve.ResponseUrl));
            case Wire.CommandType.CancelReservation:
                var cancel = Valid<Wire.CancelReservation>(json);
                return new(cancel.ResponseUrl, Key(from, cancel.ReservationId), new CancelReservation(hub, from ?? Nobody, cancel.ReservationId));
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
            Timeout = (int)timeout.TotalSeconds,
            Message = Message(message),
        },
        Format);

    /// <summary>Body for the response_url. Null: nothing came in time (K1).</summary>
    public byte[] CommandResult(OrderOutcome? outcome, string? message) => Format.Write(new Wire.CommandResult
    {
        Result = outcome switch
        {
            OrderOutcome.Accepted => Wire.CommandResultType.Accepted,
            OrderOutcome.Rejected => Wire.CommandResultType.Rejected,
            OrderOutcome.NotSupported => Wire.CommandResultType.NotSupported,
            OrderOutcome.Failed => Wire.CommandResultType.Failed,
            OrderOutcome.Occupied => Wire.CommandResultType.EvseOccupied,
            OrderOutcome.Unknown => Wire.CommandResultType.UnknownReservation,
            OrderOutcome.Offline or OrderOutcome.Inoperative => Wire.CommandResultType.EvseInoperative,
            _ => Wire.CommandResultType.Timeout,
        },
        Message = Message(message),
    });

    /// <summary>A hub of which no party is known, and that names none, reserves as one: its reservations have its own names only.</summary>
    private static Party Nobody { get; } = new("", "");

    private static string Key(Party? party, string reservationId) => $"{party ?? Nobody}*{reservationId}";

    private static IReadOnlyList<Wire.DisplayText>? Message(string? text) =>
        string.IsNullOrEmpty(text) ? null : [new() { Language = "en", Text = text.Length > 512 ? text[..512] : text }];

    private T Valid<T>(JsonElement json)
        where T : class
    {
        var read = Format.Read<T>(json);
        return read.IsValid ? read.Value : throw OcpiException.InvalidParameters(OcpiFault.Summary(read.Faults));
    }

    /// <summary>Our connector ids are numbers; any other is one we do not have.</summary>
    private static int? Number(string? connectorId) =>
        connectorId is null ? null : int.TryParse(connectorId, out var number) ? number : 0;
}
