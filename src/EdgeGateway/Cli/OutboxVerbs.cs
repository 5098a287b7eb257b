using System.CommandLine;
using System.Globalization;
using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

internal static class OutboxVerbs
{
    public static Command Create() => new("outbox", "Undelivered and refused messages") { List(), Show(), Act("retry", "Makes an entry due now, a refused one too", "is due now"), Act("discard", "Drops a refused entry for good", "is discarded") };

    private static Command List()
    {
        var json = Verb.Json();
        var hub = new Option<string?>("--hub") { Description = "Only what this hub is owed", HelpName = "NAME" };
        var state = new Option<string?>("--state") { Description = "Only Waiting or Refused", HelpName = "STATE" };
        state.AcceptOnlyFromAmong("Waiting", "Refused", "waiting", "refused");
        var limit = new Option<int>("--limit") { Description = "At most this many", DefaultValueFactory = _ => AdminApi.UsualLimit, HelpName = "N" };
        return new Command("list", "What is owed and not delivered") { hub, state, limit, json }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var path = $"api/outbox?limit={parsed.GetValue(limit)}"
                + (parsed.GetValue(hub) is { } name ? $"&hub={Uri.EscapeDataString(name)}" : "")
                + (parsed.GetValue(state) is { } wanted ? $"&state={wanted}" : "");
            if (parsed.GetValue(json))
            {
                terminal.Raw(await gateway.GetTextAsync(path, cancellationToken));
                return 0;
            }
            var entries = await gateway.GetAsync(path, AdminJson.Default.IReadOnlyListOutboxView, cancellationToken);
            terminal.Table(["No", "Hub", "Kind", "Object", "Attempts", "Due", "State", "Last error"], entries.Select(Row), "Nothing is owed.");
            return 0;
        });
    }

    private static Command Show()
    {
        var (id, json) = (Id(), Verb.Json());
        return new Command("show", "One entry") { id, json }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"api/outbox/{parsed.GetRequiredValue(id)}");
            if (parsed.GetValue(json))
            {
                terminal.Raw(await gateway.GetTextAsync(path, cancellationToken));
                return 0;
            }
            var entry = await gateway.GetAsync(path, AdminJson.Default.OutboxView, cancellationToken);
            terminal.Table(["No", "Hub", "Kind", "Object", "Attempts", "Due", "State", "Last error"], [Row(entry)], "");
            return 0;
        });
    }

    private static Command Act(string name, string what, string done)
    {
        var id = Id();
        return new Command(name, what) { id }.Asks(async (parsed, gateway, terminal, cancellationToken) =>
        {
            var entry = parsed.GetRequiredValue(id);
            await gateway.PostAsync(string.Create(CultureInfo.InvariantCulture, $"api/outbox/{entry}/{name}"), cancellationToken);
            terminal.Line($"Entry {entry} {done}.");
            return 0;
        });
    }

    private static Argument<long> Id() => new("ID") { Description = "The entry's number, as in outbox list" };

    private static IReadOnlyList<string?> Row(OutboxView e) =>
        [e.Id.ToString(CultureInfo.InvariantCulture), e.Hub, e.Kind, e.Object, e.Attempts.ToString(CultureInfo.InvariantCulture), Terminal.Time(e.Due), e.State, e.LastError];
}
