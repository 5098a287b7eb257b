using System.Text.Json.Serialization;

namespace EdgeGateway.Admin;

// What is posted to have something done to a charger. A member that is not known is refused: a misspelt one would be a wish that nobody hears.

/// <param name="Hard">At once, whatever goes on; else transactions end in good order first.</param>
/// <param name="Evse">Only this one (OCPP 2.x).</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ResetBody(bool Hard = false, int? Evse = null);

/// <param name="Connector">1 when absent.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UnlockBody(int? Evse = null, int? Connector = null);

/// <param name="Evse">Absent: the whole station.</param>
/// <param name="Connector">Absent: all of the EVSE.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AvailabilityBody(bool? Operative = null, int? Evse = null, int? Connector = null);

/// <param name="Message">OCPP's name, for example <c>StatusNotification</c>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TriggerBody(string? Message = null, int? Evse = null, int? Connector = null);

/// <param name="Values">1.6: keys; 2.x: <c>Component.Variable</c>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SettingsBody(IReadOnlyDictionary<string, string>? Values = null);

/// <param name="Limit">Absent or null: taken off.</param>
/// <param name="Unit"><c>A</c> (per phase) or <c>W</c>.</param>
/// <param name="Evse">Absent: the whole station.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LimitBody(decimal? Limit = null, string? Unit = null, int? Evse = null);

/// <param name="Full">All of it anew; else what differs.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LocalListBody(bool Full = false);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NoBody;

/// <summary>Either a file that was put into the gateway (<c>PUT /api/firmware/{name}</c>), or an address elsewhere.</summary>
/// <param name="Retrieve">Not before; absent: now.</param>
/// <param name="Install">Not before (OCPP 2.x, and signed firmware).</param>
/// <param name="Retries">Of fetching it.</param>
/// <param name="Signature">Base64, with <paramref name="SigningCertificate"/> (PEM), for chargers that want signed firmware.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record FirmwareBody(
    string? File = null, string? Location = null, DateTimeOffset? Retrieve = null, DateTimeOffset? Install = null, int? Retries = null, string? Signature = null,
    string? SigningCertificate = null);

/// <param name="Security">The security log in place of the diagnostics.</param>
/// <param name="Location">Where the charger brings it; absent: to the gateway.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LogsBody(bool Security = false, DateTimeOffset? From = null, DateTimeOffset? To = null, string? Location = null);
