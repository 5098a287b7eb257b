using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>
/// What the gateway asks of a charger when a line is new, in the same order in every version: what it is, to have the settings that sessions need, and its
/// connectors' states. Each question once; what an answer taught is remembered for that model and firmware, for some chargers restart when they are
/// asked too much (FIELD-NOTES 9, 14). A family says how each is asked.
/// </summary>
public abstract partial class StationSetUp(SiteEngine site, IDocuments documents, TimeProvider clock, ILogger log)
{
    /// <summary>A charger tells its states after a boot by itself; only if it has not by then, it is asked.</summary>
    private static readonly TimeSpan ForStates = TimeSpan.FromSeconds(10);

    protected const string Register = "Energy.Active.Import.Register";

    /// <summary>What a session needs comes first.</summary>
    private static readonly ImmutableArray<string> UsualMeasurands = [Register, "Power.Active.Import", "Current.Import", "SoC"];

    protected TimeProvider Clock { get; } = clock;

    public Task RunAsync(ChargerLine line, CancellationToken lineEnded) => KeptAsync(line, async () =>
    {
        await line.MayBeAsked;
        lineEnded.ThrowIfCancellationRequested();
        var learned = await ReadAsync(line.Station, lineEnded);
        if (!line.Booted.IsCompleted && IdentityOf(line) is null)
            learned = await AskForBootAsync(line, learned, lineEnded);
        if (!line.IsAdmitted)
            await line.Booted.WaitAsync(lineEnded);
        if (IdentityOf(line) is { } identity)
        {
            if (!learned.IsOf(identity))
                learned = (learned.Vendor is null ? learned : new()) with { Vendor = identity.Vendor, Model = identity.Model, Firmware = identity.Firmware };
            learned = await AskWhatItIsAsync(line, learned, lineEnded);
            await BringAsync(line, lineEnded);
        }
        await AskForStatesAsync(line, learned, lineEnded);
    });

    /// <summary>The configuration was edited while the line is open.</summary>
    public Task AdjustAsync(ChargerLine line, CancellationToken cancellationToken) => KeptAsync(line, async () =>
    {
        if (line.IsAdmitted && line.MayBeAsked.IsCompletedSuccessfully && IdentityOf(line) is not null)
            await BringAsync(line, cancellationToken);
    });

    /// <summary>Last part of the document's name: a charger's version is its line's, so each family has its own.</summary>
    protected abstract string Document { get; }

    /// <returns>False: it does not know how, now or ever.</returns>
    protected abstract Task<bool> TriggerBootAsync(ChargerLine line, CancellationToken cancel);

    /// <summary>Asks for the states that it has not told.</summary>
    /// <inheritdoc cref="TriggerBootAsync"/>
    protected abstract Task<bool> TriggerStatesAsync(ChargerLine line, CancellationToken cancel);

    protected virtual Task<StationLearned> AskWhatItIsAsync(ChargerLine line, StationLearned learned, CancellationToken cancel) => Task.FromResult(learned);

    /// <summary>Its settings to what they are to be.</summary>
    protected abstract Task BringAsync(ChargerLine line, CancellationToken cancel);

    protected StationIdentity? IdentityOf(ChargerLine line) => site.State.Stations.GetValueOrDefault(line.Station)?.Identity;

    protected static ImmutableArray<string> MeasurandsOf(ChargerLine line) =>
        line.Quirks.Measurands is { IsDefaultOrEmpty: false } ofModel ? ofModel : UsualMeasurands;

    /// <summary>The whole list, then each one shorter from its end (FIELD-NOTES 14).</summary>
    protected static ImmutableArray<string> EverShorter(ImmutableArray<string> measurands) =>
        [.. Enumerable.Range(0, measurands.Length).Select(i => string.Join(',', measurands.Take(measurands.Length - i)))];

    protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Rejected is for now; NotImplemented, and an error, are for good. Silence says nothing.</summary>
    protected static bool KnowsTriggers(bool isNotImplemented, CallOutcome outcome) => !isNotImplemented && outcome is not CallRefused;

    protected async Task<StationLearned> WriteAsync(string station, StationLearned learned, CancellationToken cancel)
    {
        await documents.WriteAsync(DocumentOf(station), JsonSerializer.Serialize(learned, ChargersJson.Default.StationLearned), cancel);
        return learned;
    }

    private async Task KeptAsync(ChargerLine line, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (OperationCanceledException)
        {
            // The line ended; the next one goes on where this one was.
        }
        catch (Exception failure)
        {
            // The charger works on without it; what could not be remembered is asked again on its next line.
            line.Note("set-up failed", failure.Message);
            LogFailed(failure, line.Station);
        }
    }

    /// <summary>Only of a charger that we know nothing of: an answer to a trigger looks like a restart, which ends sessions (FIELD-NOTES 22).</summary>
    private async Task<StationLearned> AskForBootAsync(ChargerLine line, StationLearned learned, CancellationToken cancel)
    {
        if (learned.NoTriggers)
            return learned;
        if (!await TriggerBootAsync(line, cancel))
            return await WriteAsync(line.Station, learned with { NoTriggers = true }, cancel);
        await Task.WhenAny(line.Booted, Task.Delay(ForStates, Clock, cancel));
        return learned;
    }

    private async Task AskForStatesAsync(ChargerLine line, StationLearned learned, CancellationToken cancel)
    {
        if (learned.NoTriggers)
            return;
        if (line.Booted.IsCompleted)
            await Task.Delay(ForStates, Clock, cancel);
        if (line.Connectors.Connectors.Count > 0 && line.HasToldAll(line.Connectors.Connectors))
            return;
        if (!await TriggerStatesAsync(line, cancel))
            await WriteAsync(line.Station, learned with { NoTriggers = true }, cancel);
    }

    private async ValueTask<StationLearned> ReadAsync(string station, CancellationToken cancel) =>
        await documents.ReadAsync(DocumentOf(station), cancel) is { } json && JsonSerializer.Deserialize(json, ChargersJson.Default.StationLearned) is { } learned
            ? learned
            : new();

    private string DocumentOf(string station) => $"charger/{station.ToLowerInvariant()}/{Document}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The set-up of {Station} was left unfinished")]
    private partial void LogFailed(Exception failure, string station);
}

/// <summary>What was found out about a charger, for one model and firmware.</summary>
public sealed record StationLearned
{
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Firmware { get; init; }

    /// <summary>It does not know TriggerMessage.</summary>
    public bool NoTriggers { get; init; }

    /// <summary>Times that it was asked for its device model (2.x); counted before it is asked.</summary>
    public int ReportTries { get; init; }

    /// <summary>Its device model came whole, or it has none.</summary>
    public bool ReportDone { get; init; }

    public bool IsOf(StationIdentity identity) => Vendor == identity.Vendor && Model == identity.Model && Firmware == identity.Firmware;
}
