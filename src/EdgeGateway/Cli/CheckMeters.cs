using System.Globalization;
using EdgeGateway.Admin;
using EdgeGateway.Configuration;
using EdgeGateway.Meters;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Cli;

/// <summary>One line for each Modbus line and each meter. While the gateway runs it owns the lines, and is asked.</summary>
internal static class CheckMeters
{
    /// <summary>All meters together are waited for no longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<(bool IsWell, string What, string Text)>> ProbeAsync(GatewayConfiguration configuration, AdminClient? gateway, CancellationToken cancellationToken)
    {
        if (configuration.Meters.Meters.IsEmpty)
            return [];
        return gateway is null ? await DirectAsync(configuration.Meters, cancellationToken) : await AskAsync(gateway, cancellationToken);
    }

    private static async Task<IReadOnlyList<(bool, string, string)>> AskAsync(AdminClient gateway, CancellationToken cancellationToken)
    {
        var buses = await gateway.GetAsync("api/modbus", AdminJson.Default.IReadOnlyListBusView, cancellationToken);
        var meters = await gateway.GetAsync("api/meters", AdminJson.Default.IReadOnlyListMeterView, cancellationToken);
        return
        [
            .. buses.Select(static b => (b.Open, "modbus", $"{b.Transport}: {(b.Open ? "open" : b.Why ?? "not open")}, in use by the running gateway{(b.Remark is null ? "" : $"; {b.Remark}")}")),
            .. meters.Select(static m => (m.Quality == "Good", "meter", $"{m.Id}: {(m.Quality == "Good" ? Shown(m.EnergyWh, m.PowerW) : m.Trouble ?? "not read yet")}")),
        ];
    }

    private static async Task<IReadOnlyList<(bool, string, string)>> DirectAsync(MetersOptions options, CancellationToken cancellationToken)
    {
        await using var buses = new ModbusBuses(TimeProvider.System);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        // Held until the lines were looked at: a line without units is closed.
        var units = options.Meters.Select(m => (Meter: m, Unit: buses.Unit(m.Transport, m.Unit, m.Timing))).ToList();
        try
        {
            var meters = await Task.WhenAll(units.Select(u => MeterAsync(u.Meter, u.Unit, either.Token)));
            cancellationToken.ThrowIfCancellationRequested();
            return
            [
                .. buses.Figures().Select(static f => (f.Open, "modbus", $"{f.Transport}: {(f.Open ? "open" : f.Why ?? "not open")}{(f.Remark is null ? "" : $"; {f.Remark}")}")),
                .. meters,
            ];
        }
        finally
        {
            foreach (var (_, unit) in units)
                unit.Dispose();
        }
    }

    private static async Task<(bool, string, string)> MeterAsync(MeterOptions meter, IModbusUnit unit, CancellationToken cancellationToken)
    {
        var where = $"{meter.Id} ({meter.Template.Id}, unit {meter.Unit})";
        try
        {
            var read = await new DeviceReader(unit, meter.Template).ReadAsync([Quantity.EnergyImport, Quantity.Power], cancellationToken);
            return read.Values.IsDefaultOrEmpty
                ? (false, "meter", $"{where}: {read.Failure?.Text ?? "it has no energy register"}")
                : (read.Failure is null, "meter", $"{where}: {Shown((long?)read.Number(Quantity.EnergyImport), read.Number(Quantity.Power))}{(read.Failure is null ? "" : $"; {read.Failure.Text}")}");
        }
        catch (OperationCanceledException)
        {
            return (false, "meter", $"{where}: no answer in time");
        }
    }

    private static string Shown(long? energyWh, decimal? powerW) =>
        string.Join(", ", new[] { energyWh is null ? "no number in its energy register" : $"{Terminal.KiloWattHours(energyWh)} kWh", powerW is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{powerW:0} W") }.Where(static t => t.Length > 0));
}
