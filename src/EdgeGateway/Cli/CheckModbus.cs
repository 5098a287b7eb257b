using System.Globalization;
using EdgeGateway.Admin;
using EdgeGateway.Configuration;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Cli;

/// <summary>One line for each Modbus line and each device on it. While the gateway runs it owns the lines, and is asked.</summary>
internal static class CheckModbus
{
    /// <summary>All devices together are waited for no longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<(bool IsWell, string What, string Text)>> ProbeAsync(GatewayConfiguration configuration, AdminClient? gateway, CancellationToken cancellationToken)
    {
        if (configuration.Meters.Meters.IsEmpty && configuration.Chargers.ModbusLines.Count == 0)
            return [];
        return gateway is null ? await DirectAsync(configuration, cancellationToken) : await AskAsync(configuration, gateway, cancellationToken);
    }

    private static async Task<IReadOnlyList<(bool, string, string)>> AskAsync(GatewayConfiguration configuration, AdminClient gateway, CancellationToken cancellationToken)
    {
        var buses = await gateway.GetAsync("api/modbus", AdminJson.Default.IReadOnlyListBusView, cancellationToken);
        var meters = await gateway.GetAsync("api/meters", AdminJson.Default.IReadOnlyListMeterView, cancellationToken);
        var stations = await gateway.GetAsync("api/stations", AdminJson.Default.IReadOnlyListStationView, cancellationToken);
        return
        [
            .. buses.Select(static b => (b.Open, "modbus", $"{b.Transport}: {(b.Open ? "open" : b.Why ?? "not open")}, in use by the running gateway{(b.Remark is null ? "" : $"; {b.Remark}")}")),
            .. meters.Select(static m => (m.Quality == "Good", "meter", $"{m.Id}: {(m.Quality == "Good" ? Shown(m.EnergyWh, m.PowerW) : m.Trouble ?? "not read yet")}")),
            .. stations.Where(s => configuration.Chargers.IsOverModbus(s.Id)).Select(static s => (s.Connected, "charger", $"{s.Id}: {(s.Connected ? s.Connectors is [{ State: { } state }, ..] ? state : "connected" : "does not answer")}")),
        ];
    }

    private static async Task<IReadOnlyList<(bool, string, string)>> DirectAsync(GatewayConfiguration configuration, CancellationToken cancellationToken)
    {
        await using var buses = new ModbusBuses(TimeProvider.System);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        // Held until the lines were looked at: a line without units is closed.
        var devices = configuration.Meters.Meters
            .Select(m => new Device("meter", $"{m.Id} ({m.Template.Id}, unit {m.Unit})", m.Template, buses.Unit(m.Transport, m.Unit, m.Timing)))
            .Concat(configuration.Chargers.ModbusLines.Select(c => new Device("charger", $"{c.Station} ({c.Template.Id}, unit {c.Unit})", c.Template, buses.Unit(c.Transport, c.Unit, c.Timing))))
            .ToList();
        try
        {
            var found = await Task.WhenAll(devices.Select(d => ReadAsync(d, either.Token)));
            cancellationToken.ThrowIfCancellationRequested();
            return
            [
                .. buses.Figures().Select(static f => (f.Open, "modbus", $"{f.Transport}: {(f.Open ? "open" : f.Why ?? "not open")}{(f.Remark is null ? "" : $"; {f.Remark}")}")),
                .. found,
            ];
        }
        finally
        {
            foreach (var device in devices)
                device.Unit.Dispose();
        }
    }

    private static async Task<(bool, string, string)> ReadAsync(Device device, CancellationToken cancellationToken)
    {
        try
        {
            var isMeter = device.Template.Kind == DeviceKind.Meter;
            var read = await new DeviceReader(device.Unit, device.Template).ReadAsync(isMeter ? [Quantity.EnergyImport, Quantity.Power] : [Quantity.State], cancellationToken);
            if (read.Values.IsDefaultOrEmpty)
                return (false, device.What, $"{device.Where}: {read.Failure?.Text ?? (isMeter ? "it has no energy register" : "it has no register of its state")}");
            var shown = isMeter ? Shown((long?)read.Number(Quantity.EnergyImport), read.Number(Quantity.Power)) : $"state {read.Text(Quantity.State)}";
            return (read.Failure is null, device.What, $"{device.Where}: {shown}{(read.Failure is null ? "" : $"; {read.Failure.Text}")}");
        }
        catch (OperationCanceledException)
        {
            return (false, device.What, $"{device.Where}: no answer in time");
        }
    }

    private sealed record Device(string What, string Where, DeviceTemplate Template, ModbusUnit Unit);

    private static string Shown(long? energyWh, decimal? powerW) =>
        string.Join(", ", new[] { energyWh is null ? "no number in its energy register" : $"{Terminal.KiloWattHours(energyWh)} kWh", powerW is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{powerW:0} W") }.Where(static t => t.Length > 0));
}
