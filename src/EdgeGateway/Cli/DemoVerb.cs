using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EdgeGateway.Cli.Demo;
using EdgeGateway.Simulators;

namespace EdgeGateway.Cli;

/// <summary>A whole simulated site in one process, told live, and the proof that nothing is lost.</summary>
internal static class DemoVerb
{
    private const int MostStations = 50;
    private const double MostSpeed = 120;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly Option<int> Stations = new("--stations")
    {
        Description = $"Chargers, 1 to {MostStations}", DefaultValueFactory = _ => 4, HelpName = "N",
    };

    private static readonly Option<double> Speed = new("--speed")
    {
        Description = $"How much faster than the world the site runs, 1 to {MostSpeed}", DefaultValueFactory = _ => 20, HelpName = "X",
    };

    private static readonly Option<TimeSpan> For = new("--for")
    {
        Description = "How long cars come, for example 30s or 2m", HelpName = "DURATION", CustomParser = Duration, DefaultValueFactory = _ => TimeSpan.FromSeconds(40),
    };

    static DemoVerb()
    {
        Stations.Validators.Add(Within(Stations, 1, MostStations));
        Speed.Validators.Add(Within(Speed, 1, MostSpeed));
        For.Validators.Add(Within(For, Shortest, Longest));
    }

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

    /// <summary><c>90</c>, <c>90s</c>, <c>2m</c>, <c>1h</c> or <c>00:01:30</c>.</summary>
    private static TimeSpan Duration(ArgumentResult result)
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        var (number, unit) = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? (text[..^1], text[^1]) : (text, 's');
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (seconds > 0 && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            return TimeSpan.FromSeconds(count * seconds);
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span))
            return span;
        result.AddError($"'{text}' is no duration: for example 30s, 2m or 00:01:30.");
        return default;
    }

    private static Action<OptionResult> Within<T>(Option<T> option, T least, T most)
        where T : IComparable<T> => result =>
    {
        if (result.Errors.Any())
            return;
        var value = result.GetValueOrDefault<T>()!;
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            result.AddError($"{option.Name} takes {least} to {most}, not {value}.");
    };
}
