using System.CommandLine;
using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

internal static class StatusVerb
{
    public static Command Create()
    {
        var json = Verb.Json();
        return new Command("status", "What a technician wants to know: stations, connectors, sessions, hub links, backlog, meters") { json }
            .Asks(async (parsed, gateway, terminal, cancellationToken) =>
            {
                if (parsed.GetValue(json))
                {
                    terminal.Raw(await gateway.GetTextAsync("api/status", cancellationToken));
                    return 0;
                }
                Show(await gateway.GetAsync("api/status", AdminJson.Default.StatusView, cancellationToken), terminal);
                return 0;
            });
    }

    private static void Show(StatusView status, Terminal terminal)
    {
        terminal.Line($"{status.SiteName} ({status.SiteId}, {status.Party}), edge-gateway {status.Version}, up since {Terminal.Time(status.Started)}");
        terminal.Line("");
        terminal.Table(
            ["Station", "Line", "Protocol", "Model", "EVSE", "State", "Since", "Session", "Energy (kWh)"],
            status.Stations.SelectMany(StationVerbs.Rows), "No station.");
        terminal.Line("");
        terminal.Table(
            ["Hub", "State", "Version", "Waiting", "Refused", "Oldest", "Last delivery"],
            status.Hubs.Select(HubVerbs.Row), "No hub.");
        terminal.Line("");
        if (status.Meters.Count > 0)
        {
            // Why one is not good stands below, with all that is to be looked at.
            terminal.Table([.. MeterVerbs.Columns.SkipLast(1)], status.Meters.Select(static m => (IReadOnlyList<string?>)[.. MeterVerbs.Row(m).SkipLast(1)]), "");
            terminal.Line("");
        }
        terminal.Line(
            $"{Terminal.Count(status.ActiveSessions, "active session")}; backlog {status.Backlog.Waiting} waiting, {status.Backlog.Refused} refused; "
            + $"{Terminal.Count(status.Meters.Count, "meter")}; database {status.Storage.SizeBytes / 1048576.0:0.0} of {status.Storage.LimitBytes / 1048576.0:0} MB");
        if (status.Mqtt is { } mqtt)
            terminal.Line($"MQTT {mqtt.Broker}: {mqtt.State} since {Terminal.Time(mqtt.Since)}; {mqtt.Waiting} waiting, {mqtt.Dropped} dropped");
        foreach (var one in status.Weak)
            terminal.Line($"Weak: {one.Subject}: {one.Text}");
        if (status.Locked.Stations.Count + status.Locked.Addresses.Count > 0)
            terminal.Line($"Closed for a minute, because too many passwords were tried: {string.Join(", ", status.Locked.Stations.Concat(status.Locked.Addresses))}");
        foreach (var one in status.Degraded)
            terminal.Line($"To look at: {one.Subject}: {one.Text}");
    }
}
