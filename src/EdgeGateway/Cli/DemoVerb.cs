using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EdgeGateway.Cli.Demo;
using EdgeGateway.Simulators;

namespace EdgeGateway.Cli;

/// <summary>A whole simulated site in one process, told live, and the proof that nothing is lost.</summary>
internal static class DemoVerb
{
    internal const int MostStations = 50;
    private const double MostSpeed = 120;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly Option<int> Stations = new("--stations")
    {
        Description = $"Chargers, 1 to {MostStations}",
        HelpName = "N",
        DefaultValueFactory = _ => 4,
        CustomParser = text => Within(text, Number<int>(text), 1, MostStations),
    };

    private static readonly Option<double> Speed = new("--speed")
    {
        Description = $"How much faster than the world the site runs, 1 to {MostSpeed}",
        HelpName = "X",
        DefaultValueFactory = _ => 20,
        CustomParser = text => Within(text, Number<double>(text), 1, MostSpeed),
    };

    private static readonly Option<TimeSpan> For = new("--for")
    {
        Description = "How long cars come, for example 30s or 2m",
        HelpName = "DURATION",
        DefaultValueFactory = _ => TimeSpan.FromSeconds(40),
        CustomParser = text => Within(text, Duration(Text(text)), Shortest, Longest),
    };

    public static Command Create() =>
        new Command("demo", "A simulated site: chargers, a hub, an outage in the middle, and a table of what arrived") { Stations, Speed, For }.Runs(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var clock = new FastClock();
        var settings = new DemoSettings(parsed.GetValue(Stations), parsed.GetValue(Speed), parsed.GetValue(For), Seed: 1);
        var folder = Directory.CreateTempSubdirectory("edge-gateway-demo-").FullName;
        try
        {
            var teller = new DemoTeller(terminal.Live, clock);
            var verdict = await new DemoStory(settings, teller, clock, folder).TellAsync(cancellationToken);
            teller.Table(verdict);
            teller.Verdict(verdict);
            return verdict.Breaches.Count == 0 ? 0 : Terminal.Wrong;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(ArgumentResult result) => result.Tokens is [var token] ? token.Value : "";

    private static T? Number<T>(ArgumentResult result)
        where T : struct, IParsable<T> => T.TryParse(Text(result), CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary><c>90</c>, <c>90s</c>, <c>2m</c>, <c>1h</c> or <c>00:01:30</c>.</summary>
    private static TimeSpan? Duration(string text)
    {
        var (number, unit) = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? (text[..^1], text[^1]) : (text, 's');
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (seconds > 0 && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count * seconds <= Longest.TotalSeconds)
            return TimeSpan.FromSeconds(count * seconds);
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;
    }

    private static T Within<T>(ArgumentResult result, T? value, T least, T most)
        where T : struct, IComparable<T>
    {
        if (value is { } known && known.CompareTo(least) >= 0 && known.CompareTo(most) <= 0)
            return known;
        result.AddError($"'{Text(result)}' will not do: {least} to {most}.");
        return least;
    }
}
