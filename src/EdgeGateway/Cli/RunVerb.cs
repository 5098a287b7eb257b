using System.CommandLine;
using EdgeGateway.Configuration;
using EdgeGateway.Hosting;

namespace EdgeGateway.Cli;

/// <summary>The gateway itself, until it is told to end.</summary>
internal static class RunVerb
{
    public static Command Create() => new Command("run", "The gateway (the default verb)").Runs(RunAsync);

    public static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var sources = Sources.OfProcess(parsed.GetValue(Verb.Config));
        var read = ConfigurationReader.Read(sources);
        if (read.Configuration is not { } configuration)
            return terminal.Fail(read);
        foreach (var unknown in read.Findings.Unknown)
            terminal.Warn(unknown.ToString());
        foreach (var note in read.Findings.Notes)
            terminal.Warn(note);
        try
        {
            await using var gateway = await Gateway.StartAsync(
                configuration, TimeProvider.System, new() { Follow = sources, Systemd = Systemd.OfProcess() }, cancellationToken);
            return terminal.Fail(await gateway.Failed.WaitAsync(cancellationToken));
        }
        catch (GatewayStartException why)
        {
            return terminal.Fail(why.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }
}
