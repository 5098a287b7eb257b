using EdgeGateway.Site;
using EdgeGateway.Site.Care;

namespace EdgeGateway.Chargers.Files;

/// <summary>Sends a charger for a file, or with one: gives it an address that is good once, and keeps account of how far it comes.</summary>
public sealed class FileErrands(Func<ChargersOptions> options, SiteEngine site, StationJobs jobs, FileStore store, TimeProvider clock)
{
    /// <summary>From when it may be fetched: enough for a night's worth of tries over a poor line.</summary>
    public static readonly TimeSpan FirmwareLifetime = TimeSpan.FromHours(24);
    public static readonly TimeSpan LogLifetime = TimeSpan.FromHours(6);

    public const string GatewayScheme = "gateway";

    public async Task<CareAnswer> UpdateAsync(ChargerLine line, UpdateFirmware update, string by, CancellationToken cancellationToken)
    {
        FileInfo? file = null;
        if (update.Location.Scheme == GatewayScheme)
        {
            var name = Uri.UnescapeDataString(update.Location.AbsolutePath);
            if (BaseOf(line) is null)
                return NoFiles;
            if ((file = store.FindFirmware(name)) is null)
                return CareAnswer.Of(CareOutcome.Invalid, $"The gateway has no firmware file {name}.");
        }
        var now = clock.GetUtcNow();
        var asked = Asked(line, JobKind.Firmware, file?.Name ?? Shown(update.Location), by, (update.Install ?? update.Retrieve ?? now) + FirmwareLifetime) with { OfBytes = file?.Length };
        var before = site.State.Stations.GetValueOrDefault(line.Station)?.Identity?.Firmware;
        return await GoAsync(
            line, asked, file?.Name, before, file is not null,
            (number, token) => update with { Number = number, Location = token is null ? update.Location : FileAddress.Of(BaseOf(line)!, token, file!.Name) }, cancellationToken);
    }

    public async Task<CareAnswer> UploadAsync(ChargerLine line, UploadLogs logs, string by, CancellationToken cancellationToken)
    {
        var toUs = logs.Location.Scheme == GatewayScheme;
        if (toUs && BaseOf(line) is null)
            return NoFiles;
        var asked = Asked(
            line, logs.Security ? JobKind.SecurityLog : JobKind.Diagnostics, toUs ? "to the gateway" : Shown(logs.Location), by, clock.GetUtcNow() + LogLifetime);
        return await GoAsync(
            line, asked, null, null, toUs,
            (number, token) => logs with { Number = number, Location = token is null ? logs.Location : FileAddress.Of(BaseOf(line)!, token, null) }, cancellationToken);
    }

    private static CareAnswer NoFiles => CareAnswer.Of(CareOutcome.Invalid, "The gateway serves no files here: see Gateway:Ocpp:Files.");

    private async Task<CareAnswer> GoAsync(
        ChargerLine line, StationJob asked, string? file, string? before, bool hasAddress, Func<int, string?, CareTask> task, CancellationToken cancellationToken)
    {
        var (job, token) = await jobs.BeginAsync(asked, file, hasAddress, before, cancellationToken);
        var answer = CareAnswer.Of(CareOutcome.Offline, "It was given up.");
        try
        {
            answer = await line.Dialect.CareAsync(line, task(job.Number, token), cancellationToken);
        }
        finally
        {
            // A charger that gave no answer in time may have heard all the same, and come for the file.
            var isOff = !answer.IsGranted && answer.Outcome is not CareOutcome.TimedOut;
            var told = answer.Values.IsDefaultOrEmpty ? null : answer.Values.FirstOrDefault(static v => v.Name == "fileName")?.Value;
            await jobs.ChangeAsync(
                line.Station, job.Number,
                k => isOff
                    ? k with { IsClosed = true, Job = jobs.Step(k.Job, answer.Text) with { State = JobState.Failed } }
                    : k with { Job = k.Job with { ToldName = told is null ? null : Printable(told) } },
                CancellationToken.None);
        }
        return answer with { Job = job.Number };
    }

    private StationJob Asked(ChargerLine line, JobKind kind, string what, string by, DateTimeOffset until) => new()
    {
        Number = 0, Station = line.Station, Kind = kind, What = what, By = by, Asked = clock.GetUtcNow(), Until = until,
    };

    private Uri? BaseOf(ChargerLine line) => !store.IsOn ? null : options().Files.BaseUrl ?? line.Origin.Local;

    private static string Shown(Uri location) => location.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static string Printable(string name) => new([.. name.Take(FileStore.MostNameChars * 2).Where(static c => !char.IsControl(c))]);
}
