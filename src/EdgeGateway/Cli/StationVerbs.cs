using System.CommandLine;
using System.Text.Json;
using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

internal static class StationVerbs
{
    public static Command Create() => new("station", "Chargers: what they are, letting one in, following its messages, and all that is done to one")
    {
        List(), Show(), Accept(), StationWatchVerb.Create(), Call(),
        StationCareVerbs.Reset(), StationCareVerbs.Unlock(), StationCareVerbs.Availability(), StationCareVerbs.Trigger(), StationCareVerbs.LocalList(), StationCareVerbs.ClearCache(),
        StationSettingVerbs.Config(), StationSettingVerbs.Profile(),
        StationFileVerbs.Firmware(), StationFileVerbs.Logs(), StationFileVerbs.Jobs(),
        SecurityVerbs.Password(), SecurityVerbs.Security(),
    };

    public static IEnumerable<IReadOnlyList<string?>> Rows(StationView station)
    {
        var line = station.Admission == "Accepted" ? station.Connected ? "connected" : "no line" : station.Admission.ToLowerInvariant();
        var connectors = station.Connectors.Count == 0 ? [null] : station.Connectors.Cast<ConnectorView?>();
        return connectors.Select(c => (IReadOnlyList<string?>)
        [
            station.Id, line, station.Protocol, $"{station.Vendor} {station.Model}".Trim(), c is null ? "" : $"{c.Evse}/{c.Connector}",
            c is null ? "" : c.ErrorCode is null ? c.State ?? c.Status : $"{c.State} {c.ErrorCode}", Terminal.Time(c?.Since), c?.Session, Terminal.KiloWattHours(c?.EnergyWh),
        ]);
    }

    private static Command List()
    {
        var json = Verb.Json();
        return new Command("list", "All stations, configured or seen") { json }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            if (parsed.GetValue(json))
            {
                terminal.Raw(await gateway.GetTextAsync("api/stations", cancellationToken));
                return 0;
            }
            var stations = await gateway.GetAsync("api/stations", AdminJson.Default.IReadOnlyListStationView, cancellationToken);
            terminal.Table(
                ["Station", "Line", "Security", "Protocol", "Model", "EVSE", "State", "Since", "Session", "Energy (kWh)"],
                stations.SelectMany(s => Rows(s).Select(row => (IReadOnlyList<string?>)[row[0], row[1], StationLineTables.Security(s.Line), .. row.Skip(2)])), "No station.");
            return 0;
        });
    }

    private static Command Show()
    {
        var (id, json) = (Id(), Verb.Json());
        var model = new Option<bool>("--model") { Description = "Its device model, as it told it last (OCPP 2.x)" };
        return new Command("show", "Everything about one station") { id, model, json }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var path = $"api/stations/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}";
            if (parsed.GetValue(model))
            {
                if (parsed.GetValue(json))
                    terminal.Raw(await gateway.GetTextAsync($"{path}/model", cancellationToken));
                else
                    StationLineTables.Model(terminal, await gateway.GetAsync($"{path}/model", AdminJson.Default.IReadOnlyListVariableView, cancellationToken));
                return 0;
            }
            if (parsed.GetValue(json))
            {
                terminal.Raw(await gateway.GetTextAsync(path, cancellationToken));
                return 0;
            }
            var station = await gateway.GetAsync(path, AdminJson.Default.StationView, cancellationToken);
            terminal.Table(["What", "Value"],
            [
                ["Station", station.Id],
                ["Configured", station.Configured ? "yes" : "no"],
                ["Admission", station.Admission],
                ["Line", $"{(station.Connected ? "connected" : "none")}{(station.LineChanged is null ? "" : $" since {Terminal.Time(station.LineChanged)}")}"],
                ["Protocol", station.Protocol],
                ["From", station.Remote],
                ["Vendor", station.Vendor],
                ["Model", station.Model],
                ["Serial", station.Serial],
                ["Firmware", station.Firmware],
                ["Booted", Terminal.Time(station.Booted)],
                ["Clock off by (s)", station.ClockOffsetSeconds?.ToString("0.0")],
                .. StationLineTables.Rows(
                    await LineAsync(gateway, $"{path}/line", cancellationToken),
                    await gateway.GetAsync($"{path}/holdings", AdminJson.Default.HoldingsView, cancellationToken)),
            ], "");
            terminal.Line("");
            terminal.Table(
                ["EVSE", "EVSE id", "Place", "State", "Shown as", "Error", "Info", "Since", "Session", "Energy (kWh)", "Power (W)"],
                station.Connectors.Select(c => (IReadOnlyList<string?>)
                [
                    $"{c.Evse}/{c.Connector}", c.EvseId, c.PhysicalReference, c.State, c.Status, $"{c.ErrorCode} {c.VendorErrorCode}".Trim(), c.Info,
                    Terminal.Time(c.Since), c.Session, Terminal.KiloWattHours(c.EnergyWh), c.PowerW?.ToString("0"),
                ]), "No connector is known.");
            StationLoreTables.Print(station.Lore, terminal);
            return 0;
        });
    }

    /// <summary>A line comes and goes as it likes.</summary>
    private static async Task<LineView?> LineAsync(AdminClient gateway, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await gateway.GetAsync(path, AdminJson.Default.LineView, cancellationToken);
        }
        catch (NotDoneException)
        {
            return null;
        }
    }

    private static Command Accept()
    {
        var id = Id();
        return new Command("accept", "Lets a pending station in") { id }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var station = parsed.GetRequiredValue(id);
            await gateway.PostAsync($"api/stations/{Uri.EscapeDataString(station)}/accept", cancellationToken);
            terminal.Line($"{station} is let in.");
            return 0;
        });
    }

    private static Command Call()
    {
        var id = Id();
        var action = new Argument<string>("ACTION") { Description = "The OCPP action, for example TriggerMessage" };
        var payload = new Argument<string>("JSON") { Description = "Its payload", DefaultValueFactory = _ => "{}" };
        return new Command("call", "Sends a station any OCPP message and prints its answer") { id, action, payload }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            JsonElement json;
            try
            {
                json = JsonDocument.Parse(parsed.GetRequiredValue(payload)).RootElement;
            }
            catch (JsonException fault)
            {
                terminal.Fail($"The payload is no JSON: {fault.Message}");
                return Terminal.WrongUsage;
            }
            var answer = await gateway.PostAsync(
                $"api/stations/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/call", new CallRequest(parsed.GetRequiredValue(action), json),
                AdminJson.Default.CallRequest, AdminJson.Default.CallAnswer, cancellationToken);
            if (answer.Error is { } error)
                return terminal.Fail($"{error.Code}: {error.Description}");
            terminal.Raw(answer.Result?.GetRawText() ?? "{}");
            return 0;
        });
    }

    private static Argument<string> Id() => new("ID") { Description = "The station" };
}
