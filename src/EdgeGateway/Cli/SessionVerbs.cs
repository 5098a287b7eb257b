using System.CommandLine;
using System.Globalization;
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
                ["CDR", "Credits", "EVSE", "Started", "Ended", "Energy (kWh)", "Total (excl. VAT)", "Currency", "Hub", "Delivery", "Last error"],
                cdrs.Select(c => (IReadOnlyList<string?>)
                [
                    c.Id, c.CreditOf, $"{c.Station}/{c.Evse}", Terminal.Time(c.Started), Terminal.Time(c.Ended), Terminal.KiloWattHours(c.EnergyWh), c.TotalExclVat.ToString("0.00##"),
                    c.Currency, c.Hub, c.Delivery, c.LastError,
                ]), "No CDR.");
            return 0;
        });
        return new("cdr", "What is billed, and what each hub has of it") { list, Credit() };
    }

    private static Command Credit()
    {
        var id = new Argument<string>("ID") { Description = "The CDR, as in cdr list" };
        var because = new Option<string>("--because") { Description = "Why: goes to the hub and into the events", HelpName = "TEXT", Required = true };
        var reissue = new Option<bool>("--reissue") { Description = "Bill the session anew in a corrected CDR" };
        var energy = new Option<decimal?>("--kwh") { Description = "With --reissue: what was really charged", HelpName = "N" };
        var end = new Option<DateTimeOffset?>("--end")
        {
            Description = "With --reissue: when it really ended, as 2026-03-02T09:30:00Z", HelpName = "TIME",
            CustomParser = static result =>
            {
                if (DateTimeOffset.TryParseExact(result.Tokens[^1].Value, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                    return time;
                result.AddError("--end is a time like 2026-03-02T09:30:00Z, in UTC where it names no offset.");
                return null;
            },
        };
        return new Command("credit", "Takes a CDR back by a credit CDR") { id, because, reissue, energy, end }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var wh = parsed.GetValue(energy) * 1000m;
            if (wh is { } value && (value != decimal.Truncate(value) || value is < 0m or > long.MaxValue))
                throw new NotDoneException("--kwh is an energy of 0 or more, to three decimals.");
            var request = new CreditRequest(parsed.GetValue(because), parsed.GetValue(reissue), (long?)wh, parsed.GetValue(end));
            var done = await gateway.PostAsync(
                $"api/cdrs/{Uri.EscapeDataString(parsed.GetValue(id)!)}/credit", request, AdminJson.Default.CreditRequest, AdminJson.Default.CreditView, cancellationToken);
            terminal.Line($"Credited by {done.Credit}{(done.Corrected is { } corrected ? $", billed anew by {corrected}" : "")}.");
            return 0;
        });
    }

    private static Option<int> Limit() => new("--limit") { Description = "At most this many", DefaultValueFactory = _ => AdminApi.UsualLimit, HelpName = "N" };
}
