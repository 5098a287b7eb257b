using EdgeGateway.Site;

namespace EdgeGateway.Configuration;

/// <summary>
/// The configuration in force, and the loop that follows the file. Content is compared every <see cref="Interval"/>: no inotify, of which an
/// embedded system has few and network file systems none (FIELD pain 25). A broken edit is told once, and what was in force stays so.
/// </summary>
public sealed partial class ConfigurationWatch(GatewayConfiguration first, Sources? sources, TimeProvider clock, ILogger<ConfigurationWatch> log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private GatewayConfiguration _current = first;

    // Taken at once: an edit between the first read and the first tick is one too.
    private byte[] _inForce = sources?.Fingerprint(ConfigurationReader.FurtherFiles(sources)) ?? [];
    private byte[]? _seen;

    /// <summary>Immutable, swapped whole.</summary>
    public GatewayConfiguration Current => Volatile.Read(ref _current);

    /// <summary>Of the files that are in force; empty while nothing is followed. Made of secrets too: not to be shown as it is.</summary>
    public byte[] Fingerprint => Volatile.Read(ref _inForce);

    /// <summary>Faults of the last edit, if it was broken; for the technician.</summary>
    public IReadOnlyList<Finding> Faults { get; private set; } = [];

    /// <param name="apply">Tells the site, before the rest of the program sees the new configuration.</param>
    public async Task FollowAsync(Func<GatewayConfiguration, CancellationToken, Task> apply, CancellationToken cancellationToken)
    {
        if (sources is null)
            return;
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await LookAsync(apply, cancellationToken);
            }
            catch (NotRecordedException full)
            {
                NotTaken(full.Message);
            }
        }
    }

    /// <summary>One look at the files; true when something new is in force.</summary>
    public async Task<bool> LookAsync(Func<GatewayConfiguration, CancellationToken, Task> apply, CancellationToken cancellationToken)
    {
        if (sources is null)
            return false;
        var now = sources.Fingerprint(ConfigurationReader.FurtherFiles(sources));
        if (now.AsSpan().SequenceEqual(_seen ?? _inForce))
            return false;
        var read = ConfigurationReader.Read(sources);
        if (read.Configuration is not { } next)
        {
            _seen = now;
            Faults = read.Findings.Faults;
            Broken(read.Source, Faults.Count);
            foreach (var fault in Faults)
                Fault(fault);
            return false;
        }
        foreach (var unknown in read.Findings.Unknown)
            Unknown(unknown);
        next = KeepWhatNeedsARestart(next);
        await apply(next, cancellationToken);
        Volatile.Write(ref _current, next);
        // Only now: an edit that the site could not take (a full disk) is tried again at the next look.
        _seen = now;
        Volatile.Write(ref _inForce, now);
        Faults = [];
        Applied(read.Source);
        return true;
    }

    private GatewayConfiguration KeepWhatNeedsARestart(GatewayConfiguration next)
    {
        var current = Current;
        if (next.Listeners != current.Listeners)
            NeedsRestart("The listeners");
        if (next.Storage != current.Storage)
            NeedsRestart("The storage");
        if (next.Certificates.Directory != current.Certificates.Directory || !next.Certificates.TrustedRoots.SequenceEqual(current.Certificates.TrustedRoots))
            NeedsRestart("The authorities");
        if (next.Admin != current.Admin)
            NeedsRestart("The admin listener's password");
        if (next.Log != current.Log)
            NeedsRestart("The log levels");
        return next with { Listeners = current.Listeners, Storage = current.Storage, Certificates = current.Certificates, Admin = current.Admin, Log = current.Log };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed configuration is not in force yet, it is tried again: {Why}")]
    private partial void NotTaken(string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} changed and is in force")]
    private partial void Applied(string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Part} changed in the configuration: this needs a restart, until then the old one stays in force")]
    private partial void NeedsRestart(string part);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} changed, but has {Count} faults; the configuration from before stays in force")]
    private partial void Broken(string file, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Fault}")]
    private partial void Fault(Finding fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Finding}")]
    private partial void Unknown(Finding finding);
}
