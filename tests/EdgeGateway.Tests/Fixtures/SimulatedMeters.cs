using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Simulators.Modbus;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>A Modbus TCP gateway with meters behind it, and their place in a configuration.</summary>
public sealed class SimulatedMeters : IAsyncDisposable
{
    private readonly JsonArray _meters = [];

    public SimulatedMeters() => Port = Server.ListenTcp();

    public SimulatedModbusServer Server { get; } = new(TimeProvider.System);
    public int Port { get; }
    public string Transport => $"tcp://127.0.0.1:{Port}";

    /// <summary>An SDM120 that answers at this unit.</summary>
    public SimulatedMeter Add(byte unit, long registerWh = 1_234_000) =>
        new(Server.Unit(unit), TemplateBook.Embedded.Find("eastron-sdm120")!, TimeProvider.System, registerWh) { PowerW = 3_600 };

    /// <summary>Into <c>Gateway:Meters</c>; a grid meter where no EVSE is named.</summary>
    public SimulatedMeters Configure(string id, byte unit, int? evse = null, Action<JsonObject>? edit = null)
    {
        var meter = new JsonObject
        {
            ["Id"] = id, ["Role"] = evse is null ? "Grid" : "Station", ["Template"] = "eastron-sdm120", [nameof(Transport)] = Transport, ["Unit"] = unit, ["PollSeconds"] = 0.2, ["TimeoutMs"] = 200,
        };
        if (evse is not null)
            (meter["Station"], meter["Evse"]) = ("CP-1", evse);
        edit?.Invoke(meter);
        _meters.Add(meter);
        return this;
    }

    public void WriteTo(SiteFolder folder) => folder.Set("Gateway:Meters", _meters.DeepClone());

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
