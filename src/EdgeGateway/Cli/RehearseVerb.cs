using System.CommandLine;
using EdgeGateway.Cli.Rehearse;
using EdgeGateway.Configuration;
using EdgeGateway.Hubs;

namespace EdgeGateway.Cli;

/// <summary>A hub's onboarding with the installer's own file, before the real hub is met: nothing real is called, nothing real is written.</summary>
internal static class RehearseVerb
{
    private static readonly Option<string?> Hub = new("--hub") { Description = "Which of the file's hubs to be prepared for", HelpName = "NAME" };

    public static Command Create() =>
        new Command("rehearse", "A hub's onboarding against a simulated hub, with your own file and simulated chargers; exit 0 only if all passes") { Hub }.Runs(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var read = ConfigurationReader.Read(Sources.OfProcess(parsed.GetValue(Verb.Config)));
        if (read.Configuration is not { } configuration)
            return terminal.Fail(read);
        var hubs = configuration.Hubs.Hubs;
        var name = parsed.GetValue(Hub);
        if (name is null && hubs.Count > 1)
            return terminal.Fail($"The file names {string.Join(", ", hubs.Select(h => h.Name))}: choose with --hub NAME.");
        // A file without a hub yet: one that speaks everything.
        var hub = name is not null ? configuration.Hubs.Hub(name) : hubs is [var only] ? only : new HubOptions { Name = "rehearsal" };
        if (hub is null)
            return terminal.Fail($"{read.Source} names no hub {name}.");

        var folder = Directory.CreateTempSubdirectory("edge-gateway-rehearse-").FullName;
        try
        {
            var site = new RehearsalSite(configuration, hub, folder);
            terminal.Line($"{read.Source} with hub {hub.Name} ({string.Join(", ", site.Versions)}), {Terminal.Count(site.Chargers.Count, "simulated charger")}");
            var points = await new Rehearsal(site).RunAsync(cancellationToken);
            terminal.Table(
                ["Point", "", "What was seen", "What to mend"],
                points.Select(p => (IReadOnlyList<string?>)[p.Name, p.Passed ? "pass" : "FAIL", p.Seen, p.Mend]),
                "nothing was tried");
            var failed = points.Count(p => !p.Passed);
            if (failed > 0)
                return terminal.Fail($"{failed} of {Terminal.Count(points.Count, "point")} failed.");
            terminal.Line("All points passed: the hub's onboarding can come.");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
