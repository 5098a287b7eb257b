using System.Text.Json.Serialization;

namespace EdgeGateway.Admin;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    PropertyNameCaseInsensitive = true,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(StationView))]
[JsonSerializable(typeof(IReadOnlyList<StationView>))]
[JsonSerializable(typeof(IReadOnlyList<SessionView>))]
[JsonSerializable(typeof(IReadOnlyList<CdrView>))]
[JsonSerializable(typeof(OutboxView))]
[JsonSerializable(typeof(IReadOnlyList<OutboxView>))]
[JsonSerializable(typeof(HubView))]
[JsonSerializable(typeof(IReadOnlyList<HubView>))]
[JsonSerializable(typeof(IReadOnlyList<MeterView>))]
[JsonSerializable(typeof(IReadOnlyList<EventView>))]
[JsonSerializable(typeof(IReadOnlyList<FrameView>))]
[JsonSerializable(typeof(FrameView))]
[JsonSerializable(typeof(CallRequest))]
[JsonSerializable(typeof(CallAnswer))]
[JsonSerializable(typeof(HubRequest))]
[JsonSerializable(typeof(CreditRequest))]
[JsonSerializable(typeof(CreditView))]
[JsonSerializable(typeof(LineView))]
[JsonSerializable(typeof(HoldingsView))]
[JsonSerializable(typeof(IReadOnlyList<VariableView>))]
[JsonSerializable(typeof(ResetBody))]
[JsonSerializable(typeof(UnlockBody))]
[JsonSerializable(typeof(AvailabilityBody))]
[JsonSerializable(typeof(TriggerBody))]
[JsonSerializable(typeof(SettingsBody))]
[JsonSerializable(typeof(LimitBody))]
[JsonSerializable(typeof(LocalListBody))]
[JsonSerializable(typeof(NoBody))]
[JsonSerializable(typeof(FirmwareBody))]
[JsonSerializable(typeof(LogsBody))]
[JsonSerializable(typeof(CareView))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(IReadOnlyList<JobView>))]
[JsonSerializable(typeof(IReadOnlyList<FirmwareView>))]
[JsonSerializable(typeof(SecurityRequest))]
[JsonSerializable(typeof(SecurityView))]
[JsonSerializable(typeof(Problem))]
public sealed partial class AdminJson : JsonSerializerContext;
