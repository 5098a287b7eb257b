using System.Globalization;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>
/// What the gateway asks of a 1.6 charger when a line is new: to measure what sessions need, and its connectors' states. Each question once;
/// what an answer taught is remembered for that model and firmware, for some chargers restart when they are asked too much (FIELD-NOTES 14).
/// </summary>
public sealed partial class V16SetUp(
    Func<ChargersOptions> options, SiteEngine site, IDocuments documents, TimeProvider clock, ILogger<V16SetUp> log)
{
    private const string Interval = "MeterValueSampleInterval";
    private const string Measurands = "MeterValuesSampledData";

    /// <summary>A charger tells its states after a boot by itself; only if it has not by then, it is asked.</summary>
    private static readonly TimeSpan ForStates = TimeSpan.FromSeconds(10);

    // What a session needs comes first; from the end on it is given up where a charger refuses the list.
    private static readonly string[] Wanted = ["Energy.Active.Import.Register", "Power.Active.Import", "Current.Import", "SoC"];

    public async Task RunAsync(ChargerLine line, CancellationToken lineEnded)
    {
        try
        {
            await line.MayBeAsked;
            lineEnded.ThrowIfCancellationRequested();
            var learned = await ReadAsync(line.Station, lineEnded);
            if (!line.Booted.IsCompleted && site.State.Stations.GetValueOrDefault(line.Station)?.Identity is null)
                learned = await AskForBootAsync(line, learned, lineEnded);
            if (!line.IsAdmitted)
                await line.Booted.WaitAsync(lineEnded);
            if (site.State.Stations.GetValueOrDefault(line.Station)?.Identity is { } identity)
            {
                if (!learned.IsOf(identity))
                    learned = (learned.Vendor is null ? learned : new()) with { Vendor = identity.Vendor, Model = identity.Model, Firmware = identity.Firmware };
                learned = await MeasureAsync(line, learned, lineEnded);
            }
            await AskForStatesAsync(line, learned, lineEnded);
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
    private async Task<V16Learned> AskForBootAsync(ChargerLine line, V16Learned learned, CancellationToken cancel)
    {
        if (learned.NoTriggers)
            return learned;
        if (!await TriggerAsync(line, MessageTrigger.BootNotification, cancel))
            return await WriteAsync(line.Station, learned with { NoTriggers = true }, cancel);
        await Task.WhenAny(line.Booted, Task.Delay(ForStates, clock, cancel));
        return learned;
    }

    private async Task AskForStatesAsync(ChargerLine line, V16Learned learned, CancellationToken cancel)
    {
        if (learned.NoTriggers)
            return;
        if (line.Booted.IsCompleted)
            await Task.Delay(ForStates, clock, cancel);
        if (line.Connectors.Connectors.Count > 0 && line.HasToldAll(line.Connectors.Connectors))
            return;
        if (!await TriggerAsync(line, MessageTrigger.StatusNotification, cancel))
            await WriteAsync(line.Station, learned with { NoTriggers = true }, cancel);
    }

    private static async Task<bool> TriggerAsync(ChargerLine line, MessageTrigger message, CancellationToken cancel)
    {
        var answer = await line.Rpc.CallAsync(V16Actions.TriggerMessage, new() { RequestedMessage = message }, cancel);
        // Rejected is for now; NotImplemented, and an error, are for good. Silence says nothing.
        return answer.Response?.Status != TriggerMessageStatus.NotImplemented && answer.Outcome is not CallRefused;
    }

    private async Task<V16Learned> MeasureAsync(ChargerLine line, V16Learned learned, CancellationToken cancel)
    {
        var interval = options().MeterValueSeconds.ToString(CultureInfo.InvariantCulture);
        var setsInterval = interval != "0" && learned.Interval != interval;
        if (!setsInterval && learned.MeasurandsDone)
            return learned;

        var asked = await line.Rpc.CallAsync(V16Actions.GetConfiguration, new() { Key = [Interval, Measurands] }, cancel);
        if (asked.Outcome is CallUnanswered)
            return learned;
        if (setsInterval)
        {
            var key = Find(asked.Response, Interval);
            var isRight = key?.Value?.Trim() == interval || key?.Readonly == true || IsUnknown(asked.Response, Interval);
            if (!isRight && await ChangeAsync(line, Interval, interval, cancel) is null)
                return learned;
            learned = await WriteAsync(line.Station, learned with { Interval = interval }, cancel);
        }
        return learned.MeasurandsDone ? learned : await ChooseMeasurandsAsync(line, learned, asked.Response, cancel);
    }

    private async Task<V16Learned> ChooseMeasurandsAsync(ChargerLine line, V16Learned learned, GetConfigurationResponse? told, CancellationToken cancel)
    {
        var key = Find(told, Measurands);
        if (key?.Readonly == true || HasAll(key?.Value, Wanted.Length) || IsUnknown(told, Measurands))
            return await WriteAsync(line.Station, learned with { Measurands = key?.Value, MeasurandsDone = true }, cancel);

        for (var count = Math.Min(Wanted.Length, learned.TriedDownTo - 1); count > 0 && !HasAll(key?.Value, count); count--)
        {
            // Remembered before it is tried: a charger that restarts because of it is not asked the same again.
            learned = await WriteAsync(line.Station, learned with { TriedDownTo = count }, cancel);
            var list = string.Join(',', Wanted.Take(count));
            switch (await ChangeAsync(line, Measurands, list, cancel))
            {
                case ConfigurationStatus.Accepted or ConfigurationStatus.RebootRequired:
                    return await WriteAsync(line.Station, learned with { Measurands = list, MeasurandsDone = true }, cancel);
                case ConfigurationStatus.Rejected:
                    continue;
                case null:
                    return learned;
            }
            break;
        }
        return await WriteAsync(line.Station, learned with { Measurands = key?.Value, MeasurandsDone = true }, cancel);
    }

    /// <returns>Null when no answer came.</returns>
    private static async Task<ConfigurationStatus?> ChangeAsync(ChargerLine line, string key, string value, CancellationToken cancel)
    {
        var answer = await line.Rpc.CallAsync(V16Actions.ChangeConfiguration, new() { Key = key, Value = value }, cancel);
        return answer.Outcome switch
        {
            CallAnswered => answer.Response?.Status ?? ConfigurationStatus.Rejected,
            CallRefused => ConfigurationStatus.NotSupported,
            _ => null,
        };
    }

    private static ConfigurationKey? Find(GetConfigurationResponse? told, string key) =>
        told?.ConfigurationKey?.FirstOrDefault(k => string.Equals(k.Key, key, StringComparison.OrdinalIgnoreCase));

    private static bool IsUnknown(GetConfigurationResponse? told, string key) => told?.UnknownKey?.Contains(key, StringComparer.OrdinalIgnoreCase) == true;

    private static bool HasAll(string? list, int count)
    {
        var told = (list ?? "").Split(',', StringSplitOptions.TrimEntries);
        return Wanted.Take(count).All(w => told.Contains(w, StringComparer.OrdinalIgnoreCase));
    }

    private async ValueTask<V16Learned> ReadAsync(string station, CancellationToken cancel) =>
        await documents.ReadAsync(DocumentOf(station), cancel) is { } json && JsonSerializer.Deserialize(json, ChargersJson.Default.V16Learned) is { } learned
            ? learned
            : new();

    private async Task<V16Learned> WriteAsync(string station, V16Learned learned, CancellationToken cancel)
    {
        await documents.WriteAsync(DocumentOf(station), JsonSerializer.Serialize(learned, ChargersJson.Default.V16Learned), cancel);
        return learned;
    }

    private static string DocumentOf(string station) => $"charger/{station.ToLowerInvariant()}/learned";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The set-up of {Station} was left unfinished")]
    private partial void LogFailed(Exception failure, string station);
}

/// <summary>What was found out about a charger, for one model and firmware.</summary>
public sealed record V16Learned
{
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Firmware { get; init; }

    /// <summary>It does not know TriggerMessage.</summary>
    public bool NoTriggers { get; init; }

    /// <summary>The MeterValueSampleInterval that was set or found.</summary>
    public string? Interval { get; init; }

    /// <summary>The list of measurands that it took, or has.</summary>
    public string? Measurands { get; init; }

    /// <summary>So many of the wanted measurands were in the shortest list that was tried.</summary>
    public int TriedDownTo { get; init; } = int.MaxValue;

    /// <summary>Nothing more is to be tried.</summary>
    public bool MeasurandsDone { get; init; }

    public bool IsOf(StationIdentity identity) => Vendor == identity.Vendor && Model == identity.Model && Firmware == identity.Firmware;
}
