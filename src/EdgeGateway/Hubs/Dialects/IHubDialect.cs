using System.Text.Json;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Hubs.Dialects;

/// <summary>One hub's language: the site's objects as JSON of the version that this hub speaks, as this hub may see them, and its words in the site's terms.
/// Two families stand behind it, 2.1.1 and 2.2.1 with 2.3.0. What has no valid form in a version is refused with the reason, never sent wrong.</summary>
public interface IHubDialect
{
    OcpiFormat Format { get; }

    /// <summary><c>2.2.1</c>.</summary>
    string Version { get; }

    /// <summary>2.2.1 and later know routing headers (checklist §6).</summary>
    bool HasRouting { get; }

    // What we own.

    /// <summary>The site as its location, with what this hub is shown of it.</summary>
    Rendered Location(SiteState state, DateTimeOffset now);

    Rendered Evse(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now);

    /// <summary>One of <see cref="SiteView.RemovedFor"/>.</summary>
    Rendered RemovedEvse(SiteState state, EvseConfiguration evse);

    Rendered Connector(SiteState state, EvseConfiguration evse, ConnectorConfiguration connector);

    /// <summary>Body of the only PATCH there is (P3).</summary>
    Rendered EvseStatus(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now);

    Rendered Tariff(SiteState state, Tariff tariff);

    Rendered Session(Party party, Session session);

    Rendered Cdr(Party party, Cdr cdr);

    // Handshake.

    /// <summary>What works here (V3); urls are <paramref name="publicUrl"/>'s.</summary>
    OcpiAnswer VersionDetails(string publicUrl);

    OcpiAnswer Credentials(OurCredentials ours, int httpStatus = 200);

    Understood<PeerCredentials> ReadCredentials(JsonElement json);

    /// <summary>Registers (POST) or renews (PUT): ours for theirs (checklist §3).</summary>
    Task<(OcpiReply Reply, PeerCredentials? Peer)> ExchangeCredentialsAsync(
        OcpiClient client, string url, bool renew, OurCredentials ours, CancellationToken cancellationToken);

    // Tokens.

    byte[] Token(Token token);

    Understood<Token> ReadToken(JsonElement json, string hub, Party owner);

    /// <summary>A PATCH on a token that is stored (TK2).</summary>
    Understood<Token> PatchToken(Token stored, JsonElement patch, string hub);

    /// <summary>Asks about a token at these EVSEs (TK5). A hub that knows no such token is an answer; no answer is none.</summary>
    Task<(OcpiReply Reply, Authorization? Authorization)> AuthorizeAsync(
        OcpiClient client, string tokensUrl, string hub, AuthorizationQuestion question, OcpiCall call, CancellationToken cancellationToken);

    /// <summary>Crawls the hub's tokens, page by page.</summary>
    /// <param name="hubParty">Whose they are where the version does not say (2.1.1).</param>
    IAsyncEnumerable<TokenPage> TokenPagesAsync(OcpiClient client, string url, string hub, Party? hubParty, OcpiCall call, CancellationToken cancellationToken);

    /// <summary>Whether this CDR lies where the hub says that it does (D3).</summary>
    Task<bool> HasCdrAsync(OcpiClient client, string location, string id, OcpiCall call, CancellationToken cancellationToken);

    // Commands.

    /// <summary>A command as a wish of the site's; what is wrong with it is 2001 (<see cref="OcpiException"/>).</summary>
    /// <param name="from">The party behind the hub that asks (routing headers), else the hub's own.</param>
    /// <returns>Null for a command that is known, and that this gateway does not do.</returns>
    HubCommand? ReadCommand(string command, JsonElement json, string hub, Party? from, string correlationId);

    OcpiAnswer CommandResponse(CommandReply reply, TimeSpan timeout, string? message);

    /// <summary>Body for the response_url. Null: nothing came in time (K1).</summary>
    byte[] CommandResult(OrderOutcome? outcome, string? message);

    /// <summary>Body for the response_url of a RESERVE_NOW whose reservation we had to end (K7); null where the version has no word for it.</summary>
    byte[]? ReservationCanceled(string? message);

    // Charging profiles (checklist §14). Only asked of a dialect whose version has them: the route is refused before.

    bool HasChargingProfiles { get; }

    /// <summary>PUT chargingprofiles/{session}; faults are 2001 (<see cref="OcpiException"/>).</summary>
    ProfileWish ReadChargingProfile(JsonElement json);

    OcpiAnswer ChargingProfileResponse(ProfileReply reply, TimeSpan timeout);

    byte[] ChargingProfileResult(ProfileKind kind, OrderOutcome? outcome, ChargingLimits? limits, DateTimeOffset now);

    // Parties behind the hub (H1).

    bool HasClientInfo { get; }

    Understood<HubClient> ReadClientInfo(JsonElement json);

    byte[] ClientInfo(HubClient client);

    IAsyncEnumerable<ClientPage> ClientPagesAsync(OcpiClient client, string url, OcpiCall call, CancellationToken cancellationToken);
}
