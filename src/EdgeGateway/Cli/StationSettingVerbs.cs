using System.CommandLine;
using System.Globalization;
using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

/// <summary>A charger's settings and limits.</summary>
internal static class StationSettingVerbs
{
    public static Command Config() => new("config", "Settings of a charger: 1.6's configuration keys, 2.x's Component.Variable") { Get(), Set() };

    public static Command Profile()
    {
        var (id, json) = (StationCareVerbs.Id(), Verb.Json());
        var evse = StationCareVerbs.Evse("Only this EVSE; else the whole station");
        var limit = new Option<string?>("--limit") { Description = "Limit it to this, for sessions to come too: 16A (per phase), 11kW or 7400W", HelpName = "LIMIT" };
        var clear = new Option<bool>("--clear") { Description = "Take the limit off" };
        var hours = new Option<int?>("--hours") { Description = "Show what holds in so many hours (24)", HelpName = "N" };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Parse(text) is null)
                result.AddError($"{text} is no limit: 16A, 11kW or 7400W is expected.");
        });
        return new Command("profile", "Limits of a charger: shows what holds, sets one, takes it off") { id, limit, clear, evse, hours, json }.Asks((parsed, gateway, terminal, cancellationToken) =>
        {
            var station = parsed.GetRequiredValue(id);
            if (parsed.GetValue(clear) || parsed.GetValue(limit) is not null)
            {
                var (most, unit) = parsed.GetValue(limit) is { } text && !parsed.GetValue(clear) ? Parse(text)!.Value : ((decimal?)null, "A");
                return StationCareVerbs.DoAsync(
                    gateway, terminal, station, "limit", new LimitBody(most, unit, parsed.GetValue(evse)), AdminJson.Default.LimitBody, parsed.GetValue(json), cancellationToken);
            }
            var query = string.Join('&', new[] { parsed.GetValue(evse) is { } e ? $"evse={e}" : null, parsed.GetValue(hours) is { } h ? $"hours={h}" : null }.OfType<string>());
            return StationCareVerbs.AskAsync(gateway, terminal, station, $"limits?{query}", parsed.GetValue(json), cancellationToken);
        });
    }

    internal static (decimal? Limit, string Unit)? Parse(string text)
    {
        var digits = text.TrimEnd().TrimEnd('A', 'a', 'W', 'w').TrimEnd('k', 'K').Trim();
        var unit = text.Trim()[digits.Length..].Trim().ToUpperInvariant();
        if (unit is not ("A" or "W" or "KW") || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        return unit == "KW" ? (number * 1000, "W") : (number, unit);
    }

    private static Command Get()
    {
        var (id, json) = (StationCareVerbs.Id(), Verb.Json());
        var names = new Argument<string[]>("NAME") { Description = "Which; none: all", Arity = ArgumentArity.ZeroOrMore };
        return new Command("get", "Asks the charger for its settings, now") { id, names, json }.Asks((parsed, gateway, terminal, cancellationToken) =>
            StationCareVerbs.AskAsync(
                gateway, terminal, parsed.GetRequiredValue(id), $"settings?{string.Join('&', (parsed.GetValue(names) ?? []).Select(static n => $"name={Uri.EscapeDataString(n)}"))}",
                parsed.GetValue(json), cancellationToken));
    }

    private static Command Set()
    {
        var (id, json) = (StationCareVerbs.Id(), Verb.Json());
        var pairs = new Argument<string[]>("NAME=VALUE") { Description = "For example HeartbeatInterval=300", Arity = ArgumentArity.OneOrMore };
        pairs.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(static t => t.Value.IndexOf('=') < 1))
                result.AddError($"{token.Value} is no NAME=VALUE.");
        });
        return new Command("set", "Changes settings of the charger; what the configuration wants stays wanted, and is set again") { id, pairs, json }.Asks((parsed, gateway, terminal, cancellationToken) =>
        {
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var pair in parsed.GetRequiredValue(pairs))
                values[pair[..pair.IndexOf('=')]] = pair[(pair.IndexOf('=') + 1)..];
            return StationCareVerbs.DoAsync(gateway, terminal, parsed.GetRequiredValue(id), "settings", new SettingsBody(values), AdminJson.Default.SettingsBody, parsed.GetValue(json), cancellationToken);
        });
    }
}
