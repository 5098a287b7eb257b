using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>How a 1.6 charger is set up.</summary>
public sealed class V16SetUp(
    Func<ChargersOptions> options, SiteEngine site, IDocuments documents, DesiredConfiguration desired, TimeProvider clock, ILogger<V16SetUp> log)
    : StationSetUp(site, documents, clock, log)
{
    protected override string Document => "learned";

    protected override Task<bool> TriggerBootAsync(ChargerLine line, CancellationToken cancel) => TriggerAsync(line, MessageTrigger.BootNotification, cancel);

    protected override Task<bool> TriggerStatesAsync(ChargerLine line, CancellationToken cancel) => TriggerAsync(line, MessageTrigger.StatusNotification, cancel);

    protected override async Task BringAsync(ChargerLine line, CancellationToken cancel)
    {
        // Names with a dot are a component's variable, which 2.x has.
        var wanted = desired.WantedOf(line, Defaults(line), static name => !name.Contains('.', StringComparison.Ordinal));
        await desired.BringAsync(line, wanted, V16Keys.Instance, cancel);
    }

    private static async Task<bool> TriggerAsync(ChargerLine line, MessageTrigger message, CancellationToken cancel)
    {
        var answer = await line.Rpc.CallAsync(V16Actions.TriggerMessage, new() { RequestedMessage = message }, cancel);
        return KnowsTriggers(answer.Response?.Status == TriggerMessageStatus.NotImplemented, answer.Outcome);
    }

    /// <summary>What sessions need to be billed and shown, and what keeps the line and its queue alive. The configuration goes before all of it.</summary>
    private List<WantedSetting> Defaults(ChargerLine line)
    {
        var settings = options();
        var wanted = new List<WantedSetting>
        {
            new("MeterValuesSampledData", EverShorter(MeasurandsOf(line)), IsLeast: true),
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
}
