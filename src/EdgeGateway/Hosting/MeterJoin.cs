using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeGateway.Admin;
using EdgeGateway.Configuration;
using EdgeGateway.Meters;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hosting;

/// <summary>Shows the technician's listener the site's meters and the lines that they are read on.</summary>
internal static class MeterJoin
{
    /// <summary>Frames that wait for a slow watcher; the oldest give way.</summary>
    private const int FrameLimit = 1_000;

    public static MeterParts Of(IServiceProvider services, ConfigurationWatch watch)
    {
        var (meters, buses, clock) = (services.GetRequiredService<SiteMeters>(), services.GetRequiredService<ModbusBuses>(), services.GetRequiredService<TimeProvider>());
        var scanning = new SemaphoreSlim(1);
        return new()
        {
            All = () => [.. meters.LookAtAll().Select(static m => View(m.Options, m.Newest))],
            RegistersAsync = async (id, cancellationToken) => await meters.ReadAsync(id, cancellationToken) is var (options, reading)
                ? Registers(options.Id, options.Template, options.Transport, options.Unit, reading)
                : null,
            Fault = static text => ModbusTransport.TryParse(text, out _, out var fault) ? null : fault,
            ScanAsync = async (text, from, to, timeout, cancellationToken) =>
            {
                if (!ModbusTransport.TryParse(text, out var transport, out var fault))
                    return new(null, fault);
                if (Conflict(transport, buses) is { } conflict)
                    return new(null, conflict);
                if (!await scanning.WaitAsync(0, cancellationToken))
                    return new(null, "Another scan is under way.");
                return new(Released(ScanAsync(buses, watch.Current.Templates, transport, from, to, timeout, clock, cancellationToken), scanning, cancellationToken), null);
            },
            Buses = () => [.. buses.Figures().Select(View)],
            Watch = (what, cancellationToken) =>
            {
                var transport = meters.Look(what)?.Options.Transport ?? (ModbusTransport.TryParse(what, out var named, out _) ? named : null);
                return transport is not null && buses.Figures().Any(f => f.Transport == transport) ? WatchAsync(buses, transport, cancellationToken) : null;
            },
        };
    }

    public static RegistersView Registers(string meter, DeviceTemplate template, ModbusTransport transport, byte unit, DeviceReading reading) => new(
        meter, template.Id, transport.ToString(), unit, [.. reading.Values.Select(View)], reading.Failure?.Text, reading.Remarks.IsDefaultOrEmpty ? [] : reading.Remarks);

    /// <summary>Asks each unit in turn; the line's own meters are read between the questions.</summary>
    public static async IAsyncEnumerable<ScanView> ScanAsync(
        ModbusBuses buses, TemplateBook book, ModbusTransport transport, int from, int to, TimeSpan timeout, TimeProvider clock,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var timing = new ModbusTiming { Response = timeout };
        // Held all the while: the line is not closed and opened for each of them.
        using var held = buses.Unit(transport, (byte)from, timing);
        for (var number = from; number <= to; number++)
        {
            using var unit = buses.Unit(transport, (byte)number, timing);
            var found = await new DeviceIdentifier(book, clock).IdentifyAsync(unit, cancellationToken);
            var why = found?.Why ?? buses.Figures().FirstOrDefault(f => f.Transport == transport && !f.Open)?.Why;
            yield return new(number, found is not null, found?.Template, found?.Vendor, found?.Model, found?.Serial, found?.IsCertain ?? false, why);
            // A line that cannot be opened has no units.
            if (found is null && why is not null)
                yield break;
        }
    }

    public static MeterView View(MeterOptions options, MeterReading reading) => new()
    {
        Id = options.Id,
        Role = reading.Role.ToString(),
        Station = reading.Station,
        Evse = reading.Evse,
        Use = reading.Role == MeterRole.Station ? options.Meter.Use.ToString() : null,
        Quality = reading.Quality.ToString(),
        Trouble = reading.Trouble,
        At = reading.At,
        EnergyWh = reading.EnergyWh,
        ExportWh = reading.ExportWh,
        PowerW = reading.PowerW,
        CurrentA = reading.CurrentA,
        FrequencyHz = reading.FrequencyHz,
        PowerFactor = reading.PowerFactor,
        ReactivePowerVar = reading.ReactivePowerVar,
        Phases = [.. reading.Phases.Select(static p => new PhaseView(p.VoltageV, p.CurrentA, p.PowerW))],
        Template = options.Template.Id,
        Vendor = reading.Vendor,
        Model = reading.Model,
        Serial = reading.Serial,
        Transport = options.Transport.ToString(),
        Unit = options.Unit,
        PollSeconds = options.Period.TotalSeconds,
    };

    private static RegisterView View(MeasuredValue value) => new(
        value.Point.Quantity.ToString(), value.Point.Phase == Phase.All ? null : value.Point.Phase.ToString(), value.Number, UnitOf(value.Point.Quantity), value.Text,
        value.Point.Bank switch { RegisterBank.Holding => 3, RegisterBank.Input => 4, RegisterBank.Coil => 1, _ => 2 },
        value.Point.Address, value.Point.Type.ToString(), [.. value.Raw.Select(static w => w.ToString("X4"))], value.Remark);

    private static string? UnitOf(Quantity quantity) => quantity switch
    {
        Quantity.Voltage => "V",
        Quantity.Current or Quantity.CurrentLimit => "A",
        Quantity.Power => "W",
        Quantity.ReactivePower => "var",
        Quantity.ApparentPower => "VA",
        Quantity.Frequency => "Hz",
        Quantity.EnergyImport or Quantity.EnergyExport or Quantity.SessionEnergy => "Wh",
        Quantity.Temperature => "°C",
        _ => null,
    };

    private static BusView View(ModbusBusFigures bus) => new()
    {
        Transport = bus.Transport.ToString(),
        Open = bus.Open,
        Why = bus.Why,
        Remark = bus.Remark,
        Requests = bus.Requests,
        Failures = bus.Failures,
        Openings = bus.Openings,
        StrayBytes = bus.StrayBytes,
        LateAnswers = bus.LateAnswers,
        Waiting = bus.Waiting,
        Resting = [.. bus.Resting.Select(static r => new RestingView(r.Unit, r.Silences, Math.Round(r.Left.TotalSeconds)))],
        SinceProgressSeconds = Math.Round(bus.SinceProgress.TotalSeconds, 1),
    };

    /// <summary>A serial device that is in use has one speed: with another, nobody on it would be heard.</summary>
    private static string? Conflict(ModbusTransport transport, ModbusBuses buses) =>
        transport.Wire == ModbusWire.Rtu && buses.Figures().FirstOrDefault(f => f.Transport.Device == transport.Device && f.Transport != transport) is { } used
            ? $"The device is in use as {used.Transport}."
            : null;

    private static async IAsyncEnumerable<T> Released<T>(IAsyncEnumerable<T> items, SemaphoreSlim held, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in items.WithCancellation(cancellationToken))
                yield return item;
        }
        finally
        {
            held.Release();
        }
    }

    private static async IAsyncEnumerable<BusFrameView> WatchAsync(ModbusBuses buses, ModbusTransport transport, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var frames = Channel.CreateBounded<ModbusFrame>(new BoundedChannelOptions(FrameLimit) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        using var tap = buses.Tap(transport, frame => frames.Writer.TryWrite(frame));
        await foreach (var frame in frames.Reader.ReadAllAsync(cancellationToken))
            yield return new(frame.At, frame.Sent ? "Out" : "In", Convert.ToHexString(frame.Bytes.Span), frame.Remark);
    }
}
