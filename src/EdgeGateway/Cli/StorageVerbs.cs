using System.CommandLine;
using EdgeGateway.Configuration;
using EdgeGateway.Journal;

namespace EdgeGateway.Cli;

/// <summary>Both work on the file itself: a backup needs no running gateway and does not mind one, the way back must not have one.</summary>
internal static class StorageVerbs
{
    public static Command BackUp()
    {
        var file = new Argument<string>("FILE") { Description = "Where the copy goes" };
        return new Command("backup", "A consistent copy of the database, while running or not") { file }.Runs((parsed, terminal, _) =>
        {
            var (storage, target) = (Storage(parsed), Path.GetFullPath(parsed.GetRequiredValue(file)));
            try
            {
                Backup.Make(storage.Path, target);
            }
            catch (StorageException why)
            {
                return Task.FromResult(terminal.Fail(why.Message));
            }
            terminal.Line($"{storage.Path} is copied to {target} ({new FileInfo(target).Length / 1048576.0:0.0} MB, checked).");
            return Task.FromResult(0);
        });
    }

    public static Command Restore()
    {
        var file = new Argument<string>("FILE") { Description = "A backup" };
        return new Command("restore", "Puts a backup in the place of the database; the gateway must not be running") { file }.Runs((parsed, terminal, _) =>
        {
            var storage = Storage(parsed);
            try
            {
                var kept = Backup.Restore(storage, Path.GetFullPath(parsed.GetRequiredValue(file)), TimeProvider.System);
                terminal.Line($"{storage.Path} is restored.{(kept is null ? "" : $" What was there is kept as {kept}.")}");
                return Task.FromResult(0);
            }
            catch (StorageException why)
            {
                return Task.FromResult(terminal.Fail(why.Message));
            }
        });
    }

    private static StorageOptions Storage(ParseResult parsed)
    {
        var read = ConfigurationReader.Read(Sources.OfProcess(parsed.GetValue(Verb.Config)));
        return read.Configuration?.Storage
            ?? throw new NotDoneException($"{read.Source} has faults, so that the database is not known: edge-gateway check tells them.");
    }
}
