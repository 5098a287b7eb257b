using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

/// <summary>What is done to a charger in one go: each verb is one wish, its end says how it went.</summary>
internal static class StationCareVerbs
{
    public static Command Reset()
    {
        var (id, evse, json) = (Id(), Evse("Only this EVSE (OCPP 2.x)"), Verb.Json());
        var hard = new Option<bool>("--hard") { Description = "At once, whatever goes on; else sessions end in good order first" };
        return new Command("reset", "Restarts a charger") { id, hard, evse, json }.Asks((parsed, gateway, terminal, cancellationToken) =>
            DoAsync(gateway, terminal, parsed.GetRequiredValue(id), "reset", new ResetBody(parsed.GetValue(hard), parsed.GetValue(evse)), AdminJson.Default.ResetBody, parsed.GetValue(json), cancellationToken));
    }

    public static Command Unlock()
    {
        var (id, json) = (Id(), Verb.Json());
        var evse = new Argument<int>("EVSE") { Description = "Its number on the station" };
        var connector = new Argument<int?>("CONNECTOR") { Description = "Its number on the EVSE, where it has several", Arity = ArgumentArity.ZeroOrOne };
        return new Command("unlock", "Releases the plug of a connector") { id, evse, connector, json }.Asks((parsed, gateway, terminal, cancellationToken) =>
            DoAsync(
                gateway, terminal, parsed.GetRequiredValue(id), "unlock", new UnlockBody(parsed.GetRequiredValue(evse), parsed.GetValue(connector)), AdminJson.Default.UnlockBody,
                parsed.GetValue(json), cancellationToken));
    }

    public static Command Availability()
    {
        var (id, evse, connector, json) = (Id(), Evse("Only this EVSE; else the whole station"), Connector(), Verb.Json());
        var state = new Argument<string>("STATE") { Description = "operative or inoperative" };
        state.AcceptOnlyFromAmong("operative", "inoperative");
        return new Command("availability", "Takes a charger into service or out of it; a session that goes on is let end first") { id, state, evse, connector, json }
            .Asks((parsed, gateway, terminal, cancellationToken) => DoAsync(
                gateway, terminal, parsed.GetRequiredValue(id), "availability",
                new AvailabilityBody(parsed.GetRequiredValue(state) == "operative", parsed.GetValue(evse), parsed.GetValue(connector)), AdminJson.Default.AvailabilityBody,
                parsed.GetValue(json), cancellationToken));
    }

    public static Command Trigger()
    {
        var (id, evse, connector, json) = (Id(), Evse("Of this EVSE"), Connector(), Verb.Json());
        var message = new Argument<string>("MESSAGE") { Description = "For example StatusNotification, MeterValues, Heartbeat, FirmwareStatusNotification" };
        return new Command("trigger", "Has a charger send a message of its own now") { id, message, evse, connector, json }.Asks((parsed, gateway, terminal, cancellationToken) =>
            DoAsync(
                gateway, terminal, parsed.GetRequiredValue(id), "trigger", new TriggerBody(parsed.GetRequiredValue(message), parsed.GetValue(evse), parsed.GetValue(connector)),
                AdminJson.Default.TriggerBody, parsed.GetValue(json), cancellationToken));
    }

    public static Command ClearCache()
    {
        var (id, json) = (Id(), Verb.Json());
        return new Command("clear-cache", "Has a charger forget which tokens it let charge") { id, json }.Asks((parsed, gateway, terminal, cancellationToken) =>
            DoAsync(gateway, terminal, parsed.GetRequiredValue(id), "clear-cache", new NoBody(), AdminJson.Default.NoBody, parsed.GetValue(json), cancellationToken));
    }

    public static Command LocalList()
    {
        var (id, json) = (Id(), Verb.Json());
        var send = new Option<bool>("--send") { Description = "Bring it into step: only what differs, where that will do" };
        var full = new Option<bool>("--full") { Description = "Bring it into step: all of it anew" };
        return new Command("local-list", "The list of tokens that a charger admits by itself while the gateway is away") { id, send, full, json }
            .Asks((parsed, gateway, terminal, cancellationToken) => parsed.GetValue(send) || parsed.GetValue(full)
                ? DoAsync(gateway, terminal, parsed.GetRequiredValue(id), "local-list", new LocalListBody(parsed.GetValue(full)), AdminJson.Default.LocalListBody, parsed.GetValue(json), cancellationToken)
                : AskAsync(gateway, terminal, parsed.GetRequiredValue(id), "local-list", parsed.GetValue(json), cancellationToken));
    }

    public static Argument<string> Id() => new("ID") { Description = "The station" };

    public static Option<int?> Evse(string what) => new("--evse") { Description = what, HelpName = "N" };

    public static string PathOf(string station) => $"api/stations/{Uri.EscapeDataString(station)}";

    public static async Task<int> DoAsync<TBody>(
        AdminClient gateway, Terminal terminal, string station, string task, TBody body, JsonTypeInfo<TBody> type, bool json, CancellationToken cancellationToken)
    {
        var (text, answer) = await gateway.CareAsync(HttpMethod.Post, $"{PathOf(station)}/care/{task}", JsonSerializer.Serialize(body, type), cancellationToken);
        return Tell(terminal, station, text, answer, json);
    }

    public static async Task<int> AskAsync(AdminClient gateway, Terminal terminal, string station, string what, bool json, CancellationToken cancellationToken)
    {
        var (text, answer) = await gateway.CareAsync(HttpMethod.Get, $"{PathOf(station)}/{what}", null, cancellationToken);
        return Tell(terminal, station, text, answer, json);
    }

    public static int Tell(Terminal terminal, string station, string text, CareView answer, bool json)
    {
        var isWell = answer.Outcome is "Done" or "Later";
        if (json)
        {
            terminal.Raw(text);
            return isWell ? 0 : Terminal.Wrong;
        }
        if (answer.Values.Count > 0)
        {
            terminal.Table(["Name", "Value", "Note"], answer.Values.Select(static v => (IReadOnlyList<string?>)[v.Name, v.Value, v.Note]), "");
            if (isWell && answer.Values.Count > 1)
                return 0;
        }
        var words = answer.Outcome switch
        {
            "Done" => answer.Text,
            "Later" => $"{answer.Text} (later)",
            "Refused" => $"refused: {answer.Text}",
            "NotSupported" => $"cannot do that: {answer.Text}",
            "TimedOut" => $"gave no answer: {answer.Text}",
            "Offline" => $"cannot be asked: {answer.Text}",
            _ => answer.Text,
        };
        if (!isWell)
            return terminal.Fail($"{station}: {words}");
        terminal.Line($"{station}: {words}");
        return 0;
    }

    private static Option<int?> Connector() => new("--connector") { Description = "Only this connector of the EVSE", HelpName = "N" };
}
