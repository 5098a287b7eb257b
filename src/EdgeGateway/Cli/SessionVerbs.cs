using System.CommandLine;
using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

internal static class SessionVerbs
{
    public static Command Sessions()
    {
        var json = Verb.Json();
        var station = new Option<string?>("--station") { Description = "Only of this station", HelpName = "ID" };
        var active = new Option<bool>("--active") { Description = "Only those that are not over" };
        var limit = Limit();
        var list = new Command("list", "Sessions, newest first") { station, active, limit, json }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var path = $"api/sessions?limit={parsed.GetValue(limit)}&active={(parsed.GetValue(active) ? "true" : "false")}"
                + (parsed.GetValue(station) is { } id ? $"&station={Uri.EscapeDataString(id)}" : "");
            if (parsed.GetValue(json))
            {
                terminal.Raw(await gateway.GetTextAsync(path, cancellationToken));
                return 0;
            }
            var sessions = await gateway.GetAsync(path, AdminJson.Default.IReadOnlyListSessionView, cancellationToken);
            terminal.Table(
                ["Session", "No", "EVSE", "Status", "Token", "Hub", "Started", "Ended", "Energy (kWh)", "Remarks"],
                sessions.Select(s => (IReadOnlyList<string?>)
                [
                    s.Id, s.Number.ToString(), $"{s.Station}/{s.Evse}/{s.Connector}", s.Status, s.IdTag, s.Hub, Terminal.Time(s.Started), Terminal.Time(s.Ended),
                    Terminal.KiloWattHours(s.EnergyWh), string.Join(' ', s.Flags),
                ]), "No session.");
            return 0;
        });
        return new("session", "What was charged") { list };
    }

    public static Command Cdrs()
    {
        var (json, limit) = (Verb.Json(), Limit());
        var list = new Command("list", "CDRs, newest first, and what the hub has of each") { limit, json }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var path = $"api/cdrs?limit={parsed.GetValue(limit)}";
            if (parsed.GetValue(json))
            {
                terminal.Raw(await gateway.GetTextAsync(path, cancellationToken));
                return 0;
            }
            var cdrs = await gateway.GetAsync(path, AdminJson.Default.IReadOnlyListCdrView, cancellationToken);
            terminal.Table(
                ["CDR", "EVSE", "Started", "Ended", "Energy (kWh)", "Total (excl. VAT)", "Currency", "Hub", "Delivery", "Last error"],
                cdrs.Select(c => (IReadOnlyList<string?>)
                [
                    c.Id, $"{c.Station}/{c.Evse}", Terminal.Time(c.Started), Terminal.Time(c.Ended), Terminal.KiloWattHours(c.EnergyWh), c.TotalExclVat.ToString("0.00##"),
                    c.Currency, c.Hub, c.Delivery, c.LastError,
                ]), "No CDR.");
            return 0;
        });
        return new("cdr", "What is billed, and what each hub has of it") { list };
    }

    private static Option<int> Limit() => new("--limit") { Description = "At most this many", DefaultValueFactory = _ => AdminApi.UsualLimit, HelpName = "N" };
}
