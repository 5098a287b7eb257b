using EdgeGateway.Chargers.Modbus;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Tests.Chargers.Modbus;

/// <summary>Beside OCPP chargers, by the same doors, as the file says now.</summary>
public sealed class ModbusStationsTests : IAsyncDisposable
{
    private readonly Dictionary<string, MemoryCharger> _devices = new(StringComparer.Ordinal)
    {
        ["CP-2"] = new(TemplateBook.Embedded.Find("alfen-eve")!),
        ["CP-3"] = new(TemplateBook.Embedded.Find("keba-p30")!),
    };

    private ChargersHost? _host;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }

    [Fact]
    public async Task Orders_and_care_reach_it_by_the_doors_of_all_chargers_and_it_speaks_no_ocpp()
    {
        var host = await StartAsync(Line("CP-2"));
        await ChargersHost.UntilAsync(() => host.Engine.State.Stations.GetValueOrDefault("CP-2")?.Connected == true);
        Assert.Equal("Modbus TCP", host.Engine.State.Stations["CP-2"].Protocol);
        await ChargersHost.UntilAsync(() => host.Stations.Line("CP-2") is not null);
        Assert.Contains("alfen-eve", host.Stations.Line("CP-2")!.Note, StringComparison.Ordinal);
        Assert.Empty(host.Stations.Lines());
        Assert.Equal("NotSupported", (await host.Stations.CallAsync("CP-2", "Reset", "{}", CancellationToken.None)).ErrorCode);

        var grant = await host.Engine.RequestAsync(new StartRemotely(ExampleSite.Hub, ExampleSite.Accepted().Token!, null, "CP-2-1", 1, null, null), CancellationToken.None);
        Assert.Equal(OrderOutcome.Accepted, (await host.Engine.OutcomeAsync(grant.OrderId!.Value, CancellationToken.None)).Outcome);
        Device("CP-2").Plug();
        await ChargersHost.UntilAsync(() => Device("CP-2").FlowsA > 0);
        Assert.Equal(CareOutcome.Done, (await host.Care.DoAsync("CP-2", new SetStationLimit(8, LimitUnit.Amperes), "test", CancellationToken.None)).Outcome);
        Assert.Equal(8, Device("CP-2").FlowsA);
        Assert.Equal(CareOutcome.NotSupported, (await host.Care.DoAsync("CP-2", new ResetStation(true), "test", CancellationToken.None)).Outcome);
        await ChargersHost.UntilAsync(() => host.HasEventText("StationCare", "test: SetStationLimit: Done"));
    }

    [Fact]
    public async Task Nobody_comes_by_ocpp_under_its_name()
    {
        // S2: a stranger would start sessions there.
        var host = await StartAsync(Line("CP-2"));
        await ChargersHost.UntilAsync(() => host.Engine.State.Stations.GetValueOrDefault("CP-2")?.Connected == true);
        Assert.Equal(404, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync("CP-2", null))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<RefusedException>(() => host.ConnectAsync("cp-2"))).Status);
        Assert.Empty(host.Registry.Lines);
    }

    [Fact]
    public async Task A_changed_file_begins_changes_and_ends_stations_and_leaves_the_others_alone()
    {
        var host = await StartAsync(Line("CP-2"));
        var stations = host.Service<ModbusStations>();
        await ChargersHost.UntilAsync(() => host.Engine.State.Stations.GetValueOrDefault("CP-2")?.Connected == true);
        var second = stations.Find("CP-2");

        host.Options = host.Options with { ModbusLines = [Line("CP-2"), Line("CP-3")] };
        await ChargersHost.UntilAsync(() => host.Engine.State.Stations.GetValueOrDefault("CP-3")?.Connected == true);
        Assert.Same(second, stations.Find("cp-2"));

        host.Options = host.Options with { ModbusLines = [Line("CP-2") with { MaxCurrentA = 10 }] };
        await ChargersHost.UntilAsync(() => stations.Find("CP-2")?.Line.MaxCurrentA == 10);
        await ChargersHost.UntilAsync(() => host.Engine.State.Stations["CP-3"] is { Connected: false });
        Assert.Null(stations.Find("CP-3"));
    }

    [Fact]
    public async Task One_that_never_answers_is_told_of_once_and_holds_up_nobody()
    {
        // FIELD pain 1.
        Device("CP-2").IsSilent = true;
        var host = await StartAsync(Line("CP-2"), Line("CP-3"));
        await ChargersHost.UntilAsync(() => host.HasEvent("StationSilent", "CP-2"));
        Assert.NotNull(host.Stations.TroubleOf("CP-2"));
        Assert.Null(host.Stations.TroubleOf("CP-1"));
        await ChargersHost.UntilAsync(() => host.Engine.State.Stations.GetValueOrDefault("CP-3")?.Connected == true);
        Assert.False(host.Engine.State.Stations.GetValueOrDefault("CP-2")?.Connected ?? false);
        Device("CP-2").IsSilent = false;
        await ChargersHost.UntilAsync(() => host.Engine.State.Stations.GetValueOrDefault("CP-2")?.Connected == true);
        Assert.Single(host.Journal.Events.ToArray(), static e => e.Code == "StationSilent");
    }

    private MemoryCharger Device(string station) => _devices[station];

    private async Task<ChargersHost> StartAsync(params ModbusLine[] lines) => _host = await ChargersHost.StartAsync(
        o => o with { ModbusLines = lines, Stations = [.. o.Stations.Where(s => lines.All(l => l.Station != s.Id))] },
        site: static s => s with { Stations = [.. s.Stations, ExampleSite.Station("CP-3")] },
        services: s => s.AddSingleton<Func<ModbusLine, IModbusUnit>>(line => Device(line.Station)));

    private ModbusLine Line(string station) => new()
    {
        At = new(station, 1, 1), Template = Device(station).Template, Transport = new() { Wire = ModbusWire.Tcp, Host = station, Port = 502 }, Unit = 1,
        Poll = TimeSpan.FromMilliseconds(20), MaxCurrentA = 16, VoltageV = 230, Phases = 3,
    };
}
