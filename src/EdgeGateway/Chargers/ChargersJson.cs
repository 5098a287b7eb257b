using System.Text.Json.Serialization;
using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Chargers.LocalLists;
using EdgeGateway.Chargers.Quirks;

namespace EdgeGateway.Chargers;

/// <summary>The documents that the chargers' side keeps.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DesiredSettings))]
[JsonSerializable(typeof(DeviceModel))]
[JsonSerializable(typeof(LimitsLearned))]
[JsonSerializable(typeof(LearnedQuirks))]
[JsonSerializable(typeof(PasswordHash))]
[JsonSerializable(typeof(MadePassword))]
[JsonSerializable(typeof(Security.ProfileRecord))]
[JsonSerializable(typeof(StationLearned))]
[JsonSerializable(typeof(LocalListRecord))]
[JsonSerializable(typeof(Modbus.ModbusMemory))]
[JsonSerializable(typeof(long))]
internal sealed partial class ChargersJson : JsonSerializerContext;
