using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary>What all verbs share: <c>--config</c>, how they are run, and what their end is called (PRODUCT §1).</summary>
internal static class Verb
{
    public static readonly Option<string?> Config = new("--config")
    {
        Description = "The configuration file; else /etc/edge-gateway/appsettings.json, else the one beside the program",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<bool> Json() => new("--json") { Description = "As JSON, for programs" };

    /// <summary>A verb that asks the running gateway.</summary>
    public static Command Asks(this Command command, Func<ParseResult, AdminClient, Terminal, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = AdminClient.Of(parsed.GetValue(Config));
            return await action(parsed, client, Terminal.OfProcess(), cancellationToken);
        });
        return command;
    }

    public static Command Runs(this Command command, Func<ParseResult, Terminal, CancellationToken, Task<int>> action)
    {
        command.SetAction((parsed, cancellationToken) => action(parsed, Terminal.OfProcess(), cancellationToken));
        return command;
    }

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"edge-gateway: {error.Message}");
            await Console.Error.WriteLineAsync("Try edge-gateway --help.");
            return Terminal.WrongUsage;
        }

        // Our own signals: a gateway needs more than the two seconds that a command line is usually given to end.
        using var ending = new Signals();
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, ending.Token);
        }
        catch (NotDoneException why)
        {
            return Terminal.OfProcess().Fail(why.Message);
        }
        catch (OperationCanceledException) when (ending.Token.IsCancellationRequested)
        {
            return 0;
        }
    }
}
