using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>The generated contract of the family; <see cref="OcpiJson"/> makes each version's options of it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(OcpiDateTimeConverter)])]
[JsonSerializable(typeof(IReadOnlyList<VersionInfo>))]
[JsonSerializable(typeof(VersionDetails))]
[JsonSerializable(typeof(Credentials))]
[JsonSerializable(typeof(IReadOnlyList<ClientInfo>))]
[JsonSerializable(typeof(IReadOnlyList<Location>))]
[JsonSerializable(typeof(EvseStatusPatch))]
[JsonSerializable(typeof(IReadOnlyList<Tariff>))]
[JsonSerializable(typeof(IReadOnlyList<Session>))]
[JsonSerializable(typeof(IReadOnlyList<Cdr>))]
[JsonSerializable(typeof(IReadOnlyList<Token>))]
[JsonSerializable(typeof(LocationReferences))]
[JsonSerializable(typeof(AuthorizationInfo))]
[JsonSerializable(typeof(StartSession))]
[JsonSerializable(typeof(StopSession))]
[JsonSerializable(typeof(ReserveNow))]
[JsonSerializable(typeof(CancelReservation))]
[JsonSerializable(typeof(UnlockConnector))]
[JsonSerializable(typeof(CommandResponse))]
[JsonSerializable(typeof(CommandResult))]
[JsonSerializable(typeof(ChargingPreferences))]
[JsonSerializable(typeof(SetChargingProfile))]
[JsonSerializable(typeof(ChargingProfileResponse))]
[JsonSerializable(typeof(ChargingProfileResult))]
[JsonSerializable(typeof(ClearProfileResult))]
[JsonSerializable(typeof(ActiveChargingProfileResult))]
[JsonSerializable(typeof(ChargingPreferencesResponse))]
[JsonSerializable(typeof(Price221))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class OcpiJsonContext : JsonSerializerContext;
