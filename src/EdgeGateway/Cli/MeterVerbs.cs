using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeGateway.Admin;
using EdgeGateway.Configuration;
using EdgeGateway.Hosting;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Cli;

/// <summary>Modbus commissioning: what the site's meters show, which register says so, who is on a line, and what goes over it.</summary>
internal static class MeterVerbs
{
    public static readonly IReadOnlyList<string> Columns = ["Meter", "At", "Quality", "Energy (kWh)", "Power (W)", "Current (A)", "Read", "Device", "Trouble"];

    public static Command Create() => new("meter", "Modbus commissioning: the site's meters and the lines that they are read on") { List(), Read(), Scan(), Watch() };

    public static IReadOnlyList<string?> Row(MeterView meter) =>
    [
        meter.Id, meter.Role == "Grid" ? "grid" : $"{meter.Station}/{meter.Evse}", meter.Quality == "None" ? "not read yet" : meter.Quality.ToLowerInvariant(),
        Terminal.KiloWattHours(meter.EnergyWh), Number(meter.PowerW, "0"), Number(meter.CurrentA, "0.0"), Terminal.Time(meter.At), $"{meter.Vendor} {meter.Model}".Trim(), meter.Trouble,
    ];

    private static Command List()
    {
        var json = Verb.Json();
        return new Command("list", "All meters and what they show") { json }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            if (parsed.GetValue(json))
            {
                terminal.Raw(await gateway.GetTextAsync("api/meters", cancellationToken));
                return 0;
            }
            terminal.Table(Columns, (await gateway.GetAsync("api/meters", AdminJson.Default.IReadOnlyListMeterView, cancellationToken)).Select(Row), "No meter.");
            return 0;
        });
    }

    private static Command Read()
    {
        var (id, json) = (new Argument<string>("ID") { Description = "The meter" }, Verb.Json());
        return new Command("read", "Everything a meter's device has, read now, with the registers as they came") { id, json }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var path = $"api/meters/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/registers";
            if (parsed.GetValue(json))
            {
                terminal.Raw(await gateway.GetTextAsync(path, cancellationToken));
                return 0;
            }
            var read = await gateway.GetAsync(path, AdminJson.Default.RegistersView, cancellationToken);
            terminal.Line($"{read.Meter}: {read.Template} at {read.Transport}, unit {read.Unit}");
            terminal.Table(
                ["Quantity", "Phase", "Value", "Unit", "Register", "Type", "Raw", "Remark"],
                read.Values.Select(static v => (IReadOnlyList<string?>)
                [
                    v.Quantity, v.Phase, v.Text ?? Number(v.Value, "0.###"), v.Text is null ? v.Unit : "", $"{Bank(v.Function)} {v.Address}", v.Type, string.Join(' ', v.Raw), v.Remark,
                ]),
                "It has no values.");
            foreach (var remark in read.Remarks)
                terminal.Line(remark);
            return read.Trouble is { } trouble ? terminal.Fail($"{read.Meter}: not all could be read: {trouble}.") : 0;
        });
    }

    private static Command Scan()
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a line, for programs; silent units too" };
        var from = new Option<int>("--from") { Description = "First unit", HelpName = "N", DefaultValueFactory = static _ => 1 };
        var to = new Option<int>("--to") { Description = "Last unit", HelpName = "N", DefaultValueFactory = static _ => 247 };
        var timeout = new Option<int>("--timeout") { Description = "How long each answer is waited for", HelpName = "MILLISECONDS", DefaultValueFactory = static _ => MetersApi.UsualTimeoutMs };
        from.Within(0, 255);
        to.Within(0, 255);
        timeout.Within(MetersApi.LeastTimeoutMs, MetersApi.GreatestTimeoutMs);
        var transport = new Argument<string>("TRANSPORT") { Description = "As in the configuration: tcp://HOST:PORT, rtu+tcp://HOST:PORT or rtu:///dev/…?baud=9600&parity=N&stop=1" };
        transport.Validators.Add(static result =>
        {
            if (!ModbusTransport.TryParse(result.Tokens[0].Value, out _, out var fault))
                result.AddError($"{result.Tokens[0].Value} is no transport: {fault}.");
        });
        return new Command("scan", "Asks each unit of a line whether it is there and what it is; through the gateway where it runs") { transport, from, to, timeout, json }
            .Runs(async (parsed, terminal, cancellationToken) =>
            {
                var body = new ScanBody(parsed.GetRequiredValue(transport), parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(timeout));
                if (body.To < body.From)
                    return terminal.Fail("The last unit is before the first.");
                using var gateway = await RunningAsync(parsed.GetValue(Verb.Config), cancellationToken);
                var units = gateway is null ? Direct(body, parsed.GetValue(Verb.Config), cancellationToken) : Through(gateway, body, cancellationToken);
                return await TellAsync(units, body, terminal, parsed.GetValue(json), cancellationToken);
            });
    }

    private static async Task<int> TellAsync(IAsyncEnumerable<ScanView> units, ScanBody body, Terminal terminal, bool json, CancellationToken cancellationToken)
    {
        var (asked, answering, why) = (0, 0, (string?)null);
        await foreach (var unit in units.WithCancellation(cancellationToken))
        {
            asked++;
            answering += unit.Answers ? 1 : 0;
            why = unit.Answers ? why : unit.Why;
            if (json)
                terminal.Raw(JsonSerializer.Serialize(unit, AdminJson.Default.ScanView));
            else if (unit.Answers)
                terminal.Line($"unit {unit.Unit}: {What(unit)}");
        }
        if (answering == 0)
            return terminal.Fail(why ?? $"Nobody answers at {body.Transport}, units {body.From} to {body.To}.");
        if (!json)
            terminal.Line($"{answering} of {Terminal.Count(asked, "unit")} {(answering == 1 ? "answers" : "answer")}.");
        return 0;
    }

    private static string What(ScanView unit) => unit.Template is null
        ? unit.Why ?? "it answers"
        : $"{unit.Template} ({string.Join(", ", new[] { $"{unit.Vendor} {unit.Model}".Trim(), unit.Serial is null ? "" : $"serial {unit.Serial}", unit.IsCertain ? "" : "likely; compare it with its display" }.Where(static t => t.Length > 0))}): {unit.Why}";

    /// <summary>The gateway owns the lines while it runs. Null where it does not.</summary>
    private static async Task<AdminClient?> RunningAsync(string? config, CancellationToken cancellationToken)
    {
        var gateway = AdminClient.Of(config);
        try
        {
            await gateway.GetTextAsync("readyz", cancellationToken);
            return gateway;
        }
        catch (NotDoneException)
        {
            gateway.Dispose();
            return null;
        }
    }

    private static async IAsyncEnumerable<ScanView> Through(AdminClient gateway, ScanBody body, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in gateway.FollowAsync("api/modbus/scan", body, AdminJson.Default.ScanBody, cancellationToken))
        {
            if (JsonSerializer.Deserialize(line, AdminJson.Default.ScanView) is { } unit)
                yield return unit;
        }
    }

    private static async IAsyncEnumerable<ScanView> Direct(ScanBody body, string? config, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The installer's own devices count here too, where the file can be read.
        var book = ConfigurationReader.Read(Sources.OfProcess(config)).Configuration?.Templates ?? TemplateBook.Embedded;
        if (!ModbusTransport.TryParse(body.Transport!, out var transport, out var fault))
            throw new NotDoneException(fault);
        await using var buses = new ModbusBuses(TimeProvider.System);
        await foreach (var unit in MeterJoin.ScanAsync(buses, book, transport, body.From!.Value, body.To!.Value, TimeSpan.FromMilliseconds(body.TimeoutMs!.Value), TimeProvider.System, cancellationToken))
            yield return unit;
    }

    private static Command Watch()
    {
        var what = new Argument<string>("TRANSPORT|ID") { Description = "A line that the gateway reads, or one of its meters" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line, for programs" };
        return new Command("watch", "Follows what goes over a line, live, until Ctrl+C") { what, json }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var (name, isJson) = (parsed.GetRequiredValue(what), parsed.GetValue(json));
            var key = name.Contains("://", StringComparison.Ordinal) ? "transport" : "meter";
            if (!isJson)
                terminal.Line($"{name}: → from the device, ← to it. Times are UTC. Ctrl+C ends.");
            await foreach (var line in gateway.FollowAsync($"api/modbus/frames?{key}={Uri.EscapeDataString(name)}", cancellationToken))
            {
                if (isJson)
                    terminal.Raw(line);
                else if (JsonSerializer.Deserialize(line, AdminJson.Default.BusFrameView) is { } frame)
                    Tell(terminal, frame);
            }
            return terminal.Fail("The gateway ended the connection.");
        });
    }

    private static void Tell(Terminal terminal, BusFrameView frame)
    {
        var (arrow, style) = frame.Direction == "In" ? ("→", "green") : ("←", "blue");
        terminal.Row($"{frame.At.ToUniversalTime():HH:mm:ss.fff}", arrow, style, frame.Bytes, false, frame.Remark, isWhole: false);
    }

    private static string Bank(int function) => function switch { 3 => "holding", 4 => "input", 1 => "coil", _ => "discrete" };

    private static string? Number(decimal? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture);

    private static void Within(this Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) || number < least || number > most))
            result.AddError($"{option.Name} takes a whole number from {least} to {most}.");
    });
}
