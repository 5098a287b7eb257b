using System.CommandLine;
using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

internal static class HubVerbs
{
    private static readonly string[] Columns = ["Hub", "State", "Version", "Waiting", "Refused", "Oldest", "Last delivery"];

    public static Command Create() => new("hub", "The OCPI credentials life cycle with a hub")
    {
        Act("register", "Registers with a hub, with the token of the configuration or this one"),
        Act("update", "Gives the hub new credentials, and takes new ones"),
        Act("unregister", "Ends the registration"),
        Status(),
    };

    public static IReadOnlyList<string?> Row(HubView hub) =>
        [hub.Name, hub.State, hub.Version, hub.Backlog.ToString(), hub.DeadLetters.ToString(), Terminal.Time(hub.Oldest), Terminal.Time(hub.LastDelivery)];

    private static Command Act(string action, string what)
    {
        var name = Name();
        var token = new Option<string?>("--token") { Description = "The registration token, in place of the configuration's", HelpName = "T" };
        var listen = new Option<bool>("--listen") { Description = "Make a registration token with which the hub registers with us" };
        var force = new Option<bool>("--force") { Description = "Forget the hub here, whether it answers or not" };
        var command = new Command(action, what) { name };
        if (action == "register")
        {
            command.Add(token);
            command.Add(listen);
        }
        if (action == "unregister")
            command.Add(force);
        return command.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var how = action == "register" ? new(parsed.GetValue(token), Listen: parsed.GetValue(listen))
                : new HubRequest(null, Force: action == "unregister" && parsed.GetValue(force));
            var hub = await gateway.PostAsync(
                $"api/hubs/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}/{action}", how, AdminJson.Default.HubRequest, AdminJson.Default.HubView, cancellationToken);
            terminal.Line($"{hub.Name}: {hub.State}{(hub.Version is null ? "" : $", OCPI {hub.Version}")}");
            if (hub.RegistrationToken is { } made)
                terminal.Line($"The hub's registration token, shown this once: {made}");
            return 0;
        });
    }

    private static Command Status()
    {
        var (name, json) = (Name(), Verb.Json());
        name.Arity = ArgumentArity.ZeroOrOne;
        return new Command("status", "How the link to a hub is") { name, json }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var path = parsed.GetValue(name) is { } one ? $"api/hubs/{Uri.EscapeDataString(one)}" : "api/hubs";
            if (parsed.GetValue(json))
            {
                terminal.Raw(await gateway.GetTextAsync(path, cancellationToken));
                return 0;
            }
            IReadOnlyList<HubView> hubs = path == "api/hubs"
                ? await gateway.GetAsync(path, AdminJson.Default.IReadOnlyListHubView, cancellationToken)
                : [await gateway.GetAsync(path, AdminJson.Default.HubView, cancellationToken)];
            terminal.Table(Columns, hubs.Select(Row), "No hub is configured.");
            foreach (var hub in hubs.Where(h => h.Trouble is not null))
                terminal.Line($"{hub.Name}: {hub.Trouble}");
            foreach (var hub in hubs)
            {
                if (hub.Handshake is { } handshake)
                    terminal.Line($"{hub.Name}: not ended, and tried again: {handshake}{(handshake.StartsWith("Delete", StringComparison.Ordinal) ? " (unregister --force forgets the hub here)" : "")}");
                if (hub.Invited is { } invited)
                    terminal.Line($"{hub.Name}: a registration token made at {Terminal.Time(invited)} waits for the hub");
                if (hub.Clients.Count > 0)
                    terminal.Line($"{hub.Name}: parties behind it: {string.Join(", ", hub.Clients.Select(c => $"{c.Value} {c.Key}"))}");
                if (hub.SuspendedParties.Count > 0)
                    terminal.Line($"{hub.Name}: suspended: {string.Join(", ", hub.SuspendedParties)}");
            }
            return 0;
        });
    }

    private static Argument<string> Name() => new("NAME") { Description = "The hub, as in Gateway:Hubs" };
}
