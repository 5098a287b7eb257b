using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>
/// What the gateway asks of a 1.6 charger when a line is new: to have the settings that sessions need, and its connectors' states. Each question once;
/// what an answer taught is remembered for that model and firmware, for some chargers restart when they are asked too much (FIELD-NOTES 14).
/// </summary>
public sealed partial class V16SetUp(
    Func<ChargersOptions> options, SiteEngine site, IDocuments documents, DesiredConfiguration desired, TimeProvider clock, ILogger<V16SetUp> log)
{
    /// <summary>A charger tells its states after a boot by itself; only if it has not by then, it is asked.</summary>
    private static readonly TimeSpan ForStates = TimeSpan.FromSeconds(10);

    private const string Register = "Energy.Active.Import.Register";
    private static readonly ImmutableArray<string> Measurands = [Register, "Power.Active.Import", "Current.Import", "SoC"];

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

    private async Task BringAsync(ChargerLine line, CancellationToken cancel)
    {
        // Names with a dot are a component's variable, which 2.x has.
        var wanted = desired.WantedOf(line, Defaults(line), static name => !name.Contains('.', StringComparison.Ordinal));
        await desired.BringAsync(line, wanted, V16Keys.Instance, cancel);
    }

    /// <summary>What sessions need to be billed and shown, and what keeps the line and its queue alive. The configuration goes before all of it.</summary>
    private List<WantedSetting> Defaults(ChargerLine line)
    {
        var settings = options();
        var wanted = new List<WantedSetting>
        {
            new("MeterValuesSampledData", Lists(line), IsLeast: true),
            new("StopTxnSampledData", [Register], IsLeast: true),
            // Samples of sessions are enough; those by the clock would double them.
            new("ClockAlignedDataInterval", ["0"]),
            new("HeartbeatInterval", [Text(settings.HeartbeatSeconds)]),
            // Cards that the gateway refuses do not go on charging. With a line the gateway is asked, since a hub may want to be; without one the
            // charger decides by its list.
            new("StopTransactionOnInvalidId", ["true"]),
            new("LocalPreAuthorize", ["false"]),
            new("LocalAuthorizeOffline", ["true"]),
            // What a charger could not send it throws away after so many tries (1.6 3.7.1): the more the better, as far as it takes it.
            new("TransactionMessageAttempts", ["20", "10", "5"], IsLeast: true),
            new("TransactionMessageRetryInterval", ["30"]),
        };
        if (settings.MeterValueSeconds > 0)
            wanted.Add(new("MeterValueSampleInterval", [Text(settings.MeterValueSeconds)]));
        // Half-open sockets are found by both ends (FIELD-NOTES 16).
        if ((line.Quirks.PingSeconds ?? StationAccess.UsualPingSeconds) is var ping and > 0)
            wanted.Add(new("WebSocketPingInterval", [Text(ping)]));
        return wanted;
    }

    /// <summary>The whole list, then each one shorter from its end: what a session needs comes first (FIELD-NOTES 14).</summary>
    private static ImmutableArray<string> Lists(ChargerLine line)
    {
        var measurands = line.Quirks.Measurands is { IsDefaultOrEmpty: false } ofModel ? ofModel : Measurands;
        return [.. Enumerable.Range(0, measurands.Length).Select(i => string.Join(',', measurands.Take(measurands.Length - i)))];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private StationIdentity? IdentityOf(ChargerLine line) => site.State.Stations.GetValueOrDefault(line.Station)?.Identity;

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

    public bool IsOf(StationIdentity identity) => Vendor == identity.Vendor && Model == identity.Model && Firmware == identity.Firmware;
}
