using System.Collections.Concurrent;
using EdgeGateway.Protocols.Modbus;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>The chargers without OCPP that the file names: one round after the other each, begun, changed and ended as the file changes.</summary>
/// <param name="unit">Gives the device at the end of a line; disposed with its station, if it can be.</param>
public sealed partial class ModbusStations(ModbusSurroundings around, Func<ModbusLine, IModbusUnit> unit, ILogger<ModbusStations> log) : BackgroundService
{
    /// <summary>How often the settings are looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Served> _served = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null: no station of this kind has the name.</summary>
    public ModbusStation? Find(string station) => _served.TryGetValue(station, out var served) ? served.Station : null;

    /// <summary>For people; null while it does not answer.</summary>
    public LineFigures? Line(string station) => Find(station) is not { IsOpen: true } open ? null : new(
        open.Line.Station, open.Protocol, open.Line.Transport.ToString(), open.Opened, open.Silence, open.Rounds, open.Failures,
        IsAuthenticated: true, IsQuarantined: false, $"unit {open.Line.Unit}, template {open.Line.Template.Id}", NoProfile);

    /// <summary>OCPP's security profiles say nothing about such a line.</summary>
    public const int NoProfile = -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, around.Clock);
        try
        {
            do
                await FollowAsync(around.Options().ModbusLines, stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Charging goes on without us, as far as the chargers let it.
        }
        foreach (var served in _served.Values)
            await EndAsync(served);
    }

    /// <summary>Brings what is served to what the file says; the others go on undisturbed.</summary>
    private async Task FollowAsync(IReadOnlyList<ModbusLine> lines, CancellationToken cancellationToken)
    {
        foreach (var (name, served) in _served)
        {
            var line = lines.FirstOrDefault(l => string.Equals(l.Station, name, StringComparison.OrdinalIgnoreCase));
            if (line?.IsSame(served.Station.Line) == true || !_served.TryRemove(name, out _))
                continue;
            await EndAsync(served);
            if (line is null)
                await LeaveAsync(served.Station, cancellationToken);
        }
        foreach (var line in lines)
        {
            if (_served.ContainsKey(line.Station))
                continue;
            var device = unit(line);
            var stopping = new CancellationTokenSource();
            var station = new ModbusStation(line, device, around);
            _served[line.Station] = new(station, device, stopping, Task.Run(() => station.RunAsync(stopping.Token), CancellationToken.None));
            Serving(line.Station, line.Template.Id, line.Transport.ToString(), line.Unit);
        }
    }

    private async Task LeaveAsync(ModbusStation station, CancellationToken cancellationToken)
    {
        if (station.IsOpen)
            await around.Site.ReportAsync(new Site.Reports.StationDisconnected(station.Line.Station, "The file names it no more."), cancellationToken);
    }

    private static async Task EndAsync(Served served)
    {
        await served.Stopping.CancelAsync();
        await served.Running;
        served.Stopping.Dispose();
        (served.Device as IDisposable)?.Dispose();
    }

    private sealed record Served(ModbusStation Station, IModbusUnit Device, CancellationTokenSource Stopping, Task Running);

    [LoggerMessage(Level = LogLevel.Information, Message = "Station {Station} is served over Modbus: {Template} at {Transport} unit {Unit}")]
    private partial void Serving(string station, string template, string transport, byte unit);
}
