using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

/// <summary>Firmware to chargers and logs from them: asked for, followed, and saved.</summary>
internal static class StationFileVerbs
{
    public static Command Firmware()
    {
        var id = new Argument<string?>("ID") { Description = "The station; none: the files that lie in the gateway", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file") { Description = "Have it fetch and install this: a file here, or one that lies in the gateway", HelpName = "FILE" };
        var url = new Option<string?>("--url") { Description = "Have it fetch and install what is there, in place of a file", HelpName = "URL" };
        var at = Time("--at", "Fetch it not before (now)");
        var install = Time("--install", "Install it not before (OCPP 2.x, and signed firmware)");
        var retries = new Option<int?>("--retries") { Description = "Try to fetch it so often", HelpName = "N" };
        var signature = new Option<string?>("--signature") { Description = "For signed firmware: the signature, base64, or a file that holds it", HelpName = "TEXT" };
        var certificate = new Option<string?>("--certificate") { Description = "For signed firmware: the certificate that it is checked with", HelpName = "PEM" };
        var remove = new Option<string?>("--remove") { Description = "Take a file out of the gateway", HelpName = "NAME" };
        var (wait, json) = (Wait(), Verb.Json());
        return new Command("firmware", "Gives a charger firmware, and shows how far it is") { id, file, url, at, install, retries, signature, certificate, wait, remove, json }
            .Asks(async (parsed, gateway, terminal, cancellationToken) =>
            {
                if (parsed.GetValue(remove) is { } gone)
                {
                    await gateway.DeleteAsync($"api/firmware/{Uri.EscapeDataString(gone)}", cancellationToken);
                    terminal.Line($"{gone} is gone.");
                    return 0;
                }
                if (parsed.GetValue(id) is not { } station)
                    return await ListAsync(gateway, terminal, parsed.GetValue(json), cancellationToken);
                if (parsed.GetValue(file) is null && parsed.GetValue(url) is null)
                    return await ShowNewestAsync(gateway, terminal, station, static j => j.Kind == "Firmware", "It was given no firmware.", parsed.GetValue(json), cancellationToken);
                var body = new FirmwareBody(
                    parsed.GetValue(file) is { } named ? await PutAsync(gateway, terminal, named, parsed.GetValue(json), cancellationToken) : null, parsed.GetValue(url), parsed.GetValue(at),
                    parsed.GetValue(install), parsed.GetValue(retries), TextOf(parsed.GetValue(signature)), TextOf(parsed.GetValue(certificate)));
                var (text, answer) = await gateway.CareAsync(
                    HttpMethod.Post, $"{StationCareVerbs.PathOf(station)}/care/firmware", JsonSerializer.Serialize(body, AdminJson.Default.FirmwareBody), cancellationToken);
                return answer.Outcome is "Done" or "Later" && parsed.GetValue(wait)
                    ? Ended(terminal, await FollowAsync(gateway, terminal, station, answer.Job!.Value, parsed.GetValue(json), cancellationToken), parsed.GetValue(json))
                    : Told(terminal, station, text, answer, parsed.GetValue(json), $"edge-gateway station firmware {station}");
            });
    }

    public static Command Logs()
    {
        var (id, wait, json) = (StationCareVerbs.Id(), Wait(), Verb.Json());
        var security = new Option<bool>("--security") { Description = "The security log in place of the diagnostics" };
        var from = Time("--from", "From this time on");
        var to = Time("--to", "Up to this time");
        var @out = new Option<string?>("--out") { Description = "Wait for it, and save it here", HelpName = "FILE" };
        var url = new Option<string?>("--url") { Description = "Have it brought there, in place of to the gateway", HelpName = "URL" };
        var job = new Option<int?>("--job") { Description = "Save what this job brought (--out), in place of asking anew", HelpName = "N" };
        var list = new Option<bool>("--list") { Description = "Show what was brought, in place of asking anew" };
        return new Command("logs", "Has a charger bring its diagnostics or its security log, and saves it") { id, security, from, to, wait, @out, url, job, list, json }
            .Asks(async (parsed, gateway, terminal, cancellationToken) =>
            {
                var (station, asJson, path) = (parsed.GetRequiredValue(id), parsed.GetValue(json), parsed.GetValue(@out));
                if (parsed.GetValue(list))
                    return await JobsAsync(gateway, terminal, station, "files", asJson, cancellationToken);
                if (parsed.GetValue(job) is { } number)
                    return await SaveAsync(gateway, terminal, station, number, path ?? $"{station}-{number}.log", cancellationToken);
                var body = new LogsBody(parsed.GetValue(security), parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(url));
                var (text, answer) = await gateway.CareAsync(
                    HttpMethod.Post, $"{StationCareVerbs.PathOf(station)}/care/logs", JsonSerializer.Serialize(body, AdminJson.Default.LogsBody), cancellationToken);
                if (answer.Outcome is not ("Done" or "Later") || (!parsed.GetValue(wait) && path is null))
                    return Told(terminal, station, text, answer, asJson, $"edge-gateway station logs {station} --list");
                var ended = await FollowAsync(gateway, terminal, station, answer.Job!.Value, asJson, cancellationToken);
                return path is not null && ended.HasFile ? await SaveAsync(gateway, terminal, station, ended.Number, path, cancellationToken) : Ended(terminal, ended, asJson);
            });
    }

    public static Command Jobs()
    {
        var (id, json) = (StationCareVerbs.Id(), Verb.Json());
        return new Command("jobs", "What a charger was asked to fetch or bring, and how far it is") { id, json }.Asks((parsed, gateway, terminal, cancellationToken) =>
            JobsAsync(gateway, terminal, parsed.GetRequiredValue(id), "jobs", parsed.GetValue(json), cancellationToken));
    }

    private static Option<DateTimeOffset?> Time(string name, string what) => new(name)
    {
        Description = what, HelpName = "TIME",
        CustomParser = result =>
        {
            // A time without a zone is the technician's own.
            if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time))
                return time.ToUniversalTime();
            result.AddError($"{result.Tokens[0].Value} is no time: 2026-03-01T02:00 or 2026-03-01T02:00:00Z is expected.");
            return null;
        },
    };

    private static Option<bool> Wait() => new("--wait") { Description = "Wait until it is over, and tell each step" };

    private static string? TextOf(string? textOrFile) => textOrFile is not null && File.Exists(textOrFile) ? File.ReadAllText(textOrFile).Trim() : textOrFile;

    /// <returns>The name under which it lies in the gateway.</returns>
    private static async Task<string> PutAsync(AdminClient gateway, Terminal terminal, string file, bool quiet, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            return file;
        var name = Path.GetFileName(file);
        await using var content = File.OpenRead(file);
        var bytes = content.Length;
        await gateway.PutAsync($"api/firmware/{Uri.EscapeDataString(name)}", content, cancellationToken);
        if (!quiet)
            terminal.Line($"{name} lies in the gateway ({Terminal.Bytes(bytes)}).");
        return name;
    }

    private static async Task<int> ListAsync(AdminClient gateway, Terminal terminal, bool json, CancellationToken cancellationToken)
    {
        if (json)
            terminal.Raw(await gateway.GetTextAsync("api/firmware", cancellationToken));
        else
            terminal.Table(
                ["File", "Size (MB)", "Since"],
                (await gateway.GetAsync("api/firmware", AdminJson.Default.IReadOnlyListFirmwareView, cancellationToken))
                    .Select(static f => (IReadOnlyList<string?>)[f.Name, Megabytes(f.Bytes), Terminal.Time(f.Changed)]),
                "No firmware lies in the gateway; station firmware ID --file FILE puts one there.");
        return 0;
    }

    private static async Task<int> JobsAsync(AdminClient gateway, Terminal terminal, string station, string what, bool json, CancellationToken cancellationToken)
    {
        var path = $"{StationCareVerbs.PathOf(station)}/{what}";
        if (json)
        {
            terminal.Raw(await gateway.GetTextAsync(path, cancellationToken));
            return 0;
        }
        terminal.Table(
            ["Job", "What", "State", "Last step", "At", "Size (MB)", "Asked", "By", "File"],
            (await gateway.GetAsync(path, AdminJson.Default.IReadOnlyListJobView, cancellationToken)).Select(static j => (IReadOnlyList<string?>)
            [
                j.Number.ToString(CultureInfo.InvariantCulture), j.Kind, j.State, j.Steps.Count == 0 ? "" : j.Steps[^1].Said, j.Steps.Count == 0 ? "" : Terminal.Time(j.Steps[^1].At),
                j.Bytes == 0 ? "" : Megabytes(j.Bytes), Terminal.Time(j.Asked), j.By, j.Kind == "Firmware" ? j.What : j.ToldName ?? j.What,
            ]),
            what == "files" ? "No log of it is here." : "It was asked to fetch or bring nothing.");
        return 0;
    }

    private static async Task<int> ShowNewestAsync(
        AdminClient gateway, Terminal terminal, string station, Func<JobView, bool> which, string none, bool json, CancellationToken cancellationToken)
    {
        var jobs = await gateway.GetAsync($"{StationCareVerbs.PathOf(station)}/jobs", AdminJson.Default.IReadOnlyListJobView, cancellationToken);
        if (jobs.FirstOrDefault(which) is not { } job)
        {
            terminal.Line(json ? "null" : none);
            return 0;
        }
        if (json)
        {
            terminal.Raw(JsonSerializer.Serialize(job, AdminJson.Default.JobView));
            return 0;
        }
        terminal.Line($"{job.What}: {StateOf(job)} (job {job.Number}, asked {Terminal.Time(job.Asked)} by {job.By}){Progress(job)}");
        terminal.Table(["At", "Step"], job.Steps.Select(static s => (IReadOnlyList<string?>)[Terminal.Time(s.At), s.Said]), "Nothing was heard of it yet.");
        return 0;
    }

    private static async Task<JobView> FollowAsync(AdminClient gateway, Terminal terminal, string station, int number, bool quiet, CancellationToken cancellationToken)
    {
        var (steps, bytes) = (0, 0L);
        if (!quiet)
            terminal.Line($"{station}: job {number}; Ctrl+C stops the waiting, not the job.");
        while (true)
        {
            // Bytes come by the thousand: a tenth more is news.
            var path = string.Create(CultureInfo.InvariantCulture, $"{StationCareVerbs.PathOf(station)}/jobs/{number}?wait={FilesWait}&steps={steps}&bytes={bytes}");
            var job = await gateway.GetAsync(path, AdminJson.Default.JobView, cancellationToken);
            foreach (var step in job.Steps.Skip(steps).Where(_ => !quiet))
                terminal.Line($"{step.At.ToUniversalTime():HH:mm:ss'Z'} {step.Said}{Progress(job)}");
            if (job.Steps.Count == steps && job.Bytes > bytes && !quiet)
                terminal.Line($"         {Progress(job).TrimStart(',', ' ')}");
            steps = job.Steps.Count;
            bytes = Math.Max(bytes, job.Bytes + Math.Max(1_048_576, (job.OfBytes ?? job.Bytes * 2) / 10));
            if (job.IsOver)
                return job;
        }
    }

    private const int FilesWait = 30;

    private static int Ended(Terminal terminal, JobView job, bool json)
    {
        var isWell = job.State == "Done";
        if (json)
            terminal.Raw(JsonSerializer.Serialize(job, AdminJson.Default.JobView));
        else if (!isWell)
            return terminal.Fail($"{job.Station}: {job.Kind} {StateOf(job)}{(job.Steps.Count > 0 ? $": {job.Steps[^1].Said}" : "")}");
        else
            terminal.Line($"{job.Station}: {job.What} is done.");
        return isWell ? 0 : Terminal.Wrong;
    }

    private static int Told(Terminal terminal, string station, string text, CareView answer, bool json, string follow)
    {
        var exit = StationCareVerbs.Tell(terminal, station, text, answer with { Values = [] }, json);
        if (!json && answer.Outcome is "Done" or "Later")
            terminal.Line($"Job {answer.Job}; how far it is: {follow}");
        return exit;
    }

    private static async Task<int> SaveAsync(AdminClient gateway, Terminal terminal, string station, int number, string path, CancellationToken cancellationToken)
    {
        var part = $"{path}.part";
        long bytes;
        try
        {
            await using (var file = File.Create(part))
            {
                await gateway.DownloadAsync(string.Create(CultureInfo.InvariantCulture, $"{StationCareVerbs.PathOf(station)}/jobs/{number}/file"), file, cancellationToken);
                bytes = file.Length;
            }
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new NotDoneException($"{path} cannot be written: {e.Message}");
        }
        finally
        {
            File.Delete(part);
        }
        terminal.Line($"{path}: {Terminal.Bytes(bytes)}");
        return 0;
    }

    private static string StateOf(JobView job) => job.State.ToLowerInvariant();

    private static string Progress(JobView job) => job.Bytes == 0 ? "" : job.OfBytes is { } all && all != job.Bytes
        ? $", {Terminal.Bytes(job.Bytes)} of {Terminal.Bytes(all)}"
        : $", {Terminal.Bytes(job.Bytes)}";

    private static string Megabytes(long bytes) => (bytes / 1048576m).ToString("0.000", CultureInfo.InvariantCulture);
}
