using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Simulators.Charger.Tongues;

/// <summary>The device model: what can be read, set and reported (B05 to B08).</summary>
internal sealed partial class Tongue2x
{
    /// <summary>Variables in one NotifyReport.</summary>
    private const int VariablesPerReport = 12;

    private static CallRouter<SimulatedCharger> Model(CallRouter<SimulatedCharger> router) => router
        .On(V21Actions.GetVariables, (charger, call, _) => new(new GetVariablesResponse { GetVariableResult = [.. call.Request.GetVariableData.Select(d => Get(charger, d))] }))
        .On(V21Actions.SetVariables, (charger, call, _) => new(new SetVariablesResponse { SetVariableResult = [.. call.Request.SetVariableData.Select(d => Set(charger, d))] }))
        .On(V21Actions.GetBaseReport, (charger, call, _) =>
        {
            Report(charger, call.Request.RequestId, Everything(charger));
            return new(new GetBaseReportResponse { Status = GenericDeviceModelStatus.Accepted });
        })
        .On(V21Actions.GetReport, (charger, call, _) =>
        {
            var wanted = Everything(charger).Where(d => call.Request.ComponentVariable is not { Count: > 0 } list
                || list.Any(c => c.Component.Name == d.Component.Name && (c.Variable is null || c.Variable.Name == d.Variable.Name))).ToArray();
            if (wanted.Length == 0)
                return new(new GetReportResponse { Status = GenericDeviceModelStatus.EmptyResultSet });
            Report(charger, call.Request.RequestId, wanted);
            return new(new GetReportResponse { Status = GenericDeviceModelStatus.Accepted });
        });

    private static GetVariableResult Get(SimulatedCharger charger, GetVariableData wanted)
    {
        var setting = wanted.AttributeType is null or AttributeKind.Actual ? charger.Settings.Find($"{wanted.Component.Name}.{wanted.Variable.Name}") : null;
        return new()
        {
            Component = wanted.Component,
            Variable = wanted.Variable,
            AttributeType = wanted.AttributeType,
            AttributeStatus = wanted.AttributeType is not (null or AttributeKind.Actual) ? GetVariableStatus.NotSupportedAttributeType
                : setting is null ? Knows(charger, wanted.Component) ? GetVariableStatus.UnknownVariable : GetVariableStatus.UnknownComponent
                : setting.Mutability == Mutability.WriteOnly ? GetVariableStatus.Rejected
                : GetVariableStatus.Accepted,
            AttributeValue = setting is null or { Mutability: Mutability.WriteOnly } ? null : setting.Value,
        };
    }

    private static SetVariableResult Set(SimulatedCharger charger, SetVariableData wanted) => new()
    {
        Component = wanted.Component,
        Variable = wanted.Variable,
        AttributeType = wanted.AttributeType,
        AttributeStatus = wanted.AttributeType is not (null or AttributeKind.Actual)
            ? SetVariableStatus.NotSupportedAttributeType
            : charger.Settings.Change($"{wanted.Component.Name}.{wanted.Variable.Name}", wanted.AttributeValue) switch
            {
                SettingAnswer.Accepted => SetVariableStatus.Accepted,
                SettingAnswer.RebootRequired => SetVariableStatus.RebootRequired,
                SettingAnswer.Unknown => Knows(charger, wanted.Component) ? SetVariableStatus.UnknownVariable : SetVariableStatus.UnknownComponent,
                _ => SetVariableStatus.Rejected,
            },
    };

    private static bool Knows(SimulatedCharger charger, Component component) => charger.Settings.All.Any(s => s.Component == component.Name);

    private static ReportData[] Everything(SimulatedCharger charger) =>
    [
        .. charger.Settings.All.Where(s => s.Component is not null).Select(s => Of(new() { Name = s.Component! }, s.Variable!, s.Value, s.Mutability, s.Kind, s.MaxLimit)),
        .. charger.Connectors.Keys.SelectMany(evse => (ReportData[])
        [
            Of(new() { Name = "EVSE", Evse = new() { Id = evse } }, "Power", $"{charger.Options.PowerW}", Mutability.ReadOnly, DataKind.Decimal, charger.Options.PowerW),
            Of(new() { Name = "Connector", Evse = new() { Id = evse, ConnectorId = 1 } }, "ConnectorType", "sType2", Mutability.ReadOnly, DataKind.String, null),
        ]),
    ];

    private static ReportData Of(Component component, string variable, string value, Mutability mutability, DataKind kind, decimal? maxLimit) => new()
    {
        Component = component,
        Variable = new() { Name = variable },
        VariableAttribute = [new() { Value = mutability == Mutability.WriteOnly ? null : value, Mutability = mutability }],
        VariableCharacteristics = new() { DataType = kind, SupportsMonitoring = false, MaxLimit = maxLimit },
    };

    private static void Report(SimulatedCharger charger, int request, ReportData[] data) => charger.TellLater(async cancel =>
    {
        var parts = data.Chunk(VariablesPerReport).ToArray();
        for (var part = 0; part < parts.Length; part++)
            await charger.Line.CallAsync(V21Actions.NotifyReport, new()
            {
                RequestId = request, GeneratedAt = charger.Now, SeqNo = part, Tbc = part + 1 < parts.Length, ReportData = parts[part],
            }, cancel);
    });
}
