using System.Globalization;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Simulators.Charger;

/// <summary>What the central system may ask of a simulated charger.</summary>
internal static class ChargerCommands
{
    private const string MeterInterval = "MeterValueSampleInterval";

    private static readonly Dictionary<string, string> Fixed = new()
    {
        ["SupportedFeatureProfiles"] = "Core,RemoteTrigger,SmartCharging",
        ["AuthorizeRemoteTxRequests"] = "false",
        ["StopTransactionOnInvalidId"] = "true",
    };

    public static CallRouter<SimulatedCharger> Router(SimulatedChargerOptions options) => options.Reserves
        ? Core()
            .On(V16Actions.ReserveNow, (charger, call, _) => new ValueTask<ReserveNowResponse>(new ReserveNowResponse { Status = charger.Reserve(call.Request) }))
            .On(V16Actions.CancelReservation, (charger, call, _) => new ValueTask<CancelReservationResponse>(new CancelReservationResponse
            {
                Status = charger.CancelReservation(call.Request.ReservationId) ? CancelReservationStatus.Accepted : CancelReservationStatus.Rejected,
            }))
        : Core();

    private static CallRouter<SimulatedCharger> Core() => new CallRouter<SimulatedCharger>(V16Actions.All)
        .On(V16Actions.SetChargingProfile, (charger, call, _) => new ValueTask<SetChargingProfileResponse>(
            new SetChargingProfileResponse { Status = charger.Limit(call.Request.CsChargingProfiles) }))
        .On(V16Actions.ClearChargingProfile, (charger, call, _) => new ValueTask<ClearChargingProfileResponse>(new ClearChargingProfileResponse
        {
            Status = charger.Unlimit(call.Request.Id) ? ClearChargingProfileStatus.Accepted : ClearChargingProfileStatus.Unknown,
        }))
        .On(V16Actions.GetCompositeSchedule, (charger, call, _) => new ValueTask<GetCompositeScheduleResponse>(charger.Composite(call.Request)))
        .On(V16Actions.RemoteStartTransaction, (charger, call, _) => new ValueTask<RemoteStartTransactionResponse>(
            new RemoteStartTransactionResponse { Status = Accepted(charger.StartRemotely(call.Request.ConnectorId, call.Request.IdTag)) }))
        .On(V16Actions.RemoteStopTransaction, (charger, call, _) => new ValueTask<RemoteStopTransactionResponse>(
            new RemoteStopTransactionResponse { Status = Accepted(charger.StopRemotely(call.Request.TransactionId)) }))
        .On(V16Actions.UnlockConnector, (charger, call, _) =>
        {
            if (!charger.Connectors.ContainsKey(call.Request.ConnectorId))
                return new(new UnlockConnectorResponse { Status = UnlockStatus.NotSupported });
            charger.Stop(call.Request.ConnectorId, StopReason.UnlockCommand);
            return new(new UnlockConnectorResponse { Status = UnlockStatus.Unlocked });
        })
        .On(V16Actions.ChangeAvailability, (charger, call, _) =>
        {
            charger.SetAvailable(call.Request.ConnectorId, call.Request.Type == AvailabilityType.Operative);
            return new(new ChangeAvailabilityResponse { Status = AvailabilityStatus.Accepted });
        })
        .On(V16Actions.ChangeConfiguration, (charger, call, _) => new ValueTask<ChangeConfigurationResponse>(
            new ChangeConfigurationResponse { Status = Change(charger, call.Request.Key, call.Request.Value) }))
        .On(V16Actions.GetConfiguration, (charger, call, _) => new ValueTask<GetConfigurationResponse>(Configuration(charger, call.Request.Key)))
        .On(V16Actions.TriggerMessage, (charger, call, _) => new ValueTask<TriggerMessageResponse>(Trigger(charger, call.Request)))
        .On(V16Actions.ClearCache, (_, _, _) => new ValueTask<ClearCacheResponse>(new ClearCacheResponse { Status = ClearCacheStatus.Accepted }))
        .On(V16Actions.Reset, (charger, _, _) =>
        {
            charger.Run(() => Task.Run(charger.PowerCycle));
            return new(new ResetResponse { Status = ResetStatus.Accepted });
        });

    private static RemoteStartStopStatus Accepted(bool done) => done ? RemoteStartStopStatus.Accepted : RemoteStartStopStatus.Rejected;

    private static ConfigurationStatus Change(SimulatedCharger charger, string key, string value)
    {
        if (key == MeterInterval)
            return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && charger.SetMeterInterval(TimeSpan.FromSeconds(seconds)) ? ConfigurationStatus.Accepted : ConfigurationStatus.Rejected;
        return key is "MeterValuesSampledData" or "HeartbeatInterval" or "WebSocketPingInterval" ? ConfigurationStatus.Accepted : ConfigurationStatus.NotSupported;
    }

    private static GetConfigurationResponse Configuration(SimulatedCharger charger, IReadOnlyList<string>? wanted)
    {
        var known = new Dictionary<string, string>(Fixed, StringComparer.Ordinal)
        {
            ["SupportedFeatureProfiles"] = charger.Options.Reserves ? "Core,RemoteTrigger,SmartCharging,Reservation" : Fixed["SupportedFeatureProfiles"],
            ["NumberOfConnectors"] = $"{charger.Connectors.Count}",
            [MeterInterval] = $"{(int)charger.MeterInterval.TotalSeconds}",
        };
        var names = wanted is { Count: > 0 } ? wanted : [.. known.Keys];
        var unknown = names.Where(n => !known.ContainsKey(n)).ToArray();
        return new()
        {
            ConfigurationKey = [.. names.Where(known.ContainsKey).Select(n => new ConfigurationKey { Key = n, Readonly = Fixed.ContainsKey(n), Value = known[n] })],
            UnknownKey = unknown.Length == 0 ? null : unknown,
        };
    }

    private static TriggerMessageResponse Trigger(SimulatedCharger charger, TriggerMessageRequest request)
    {
        var status = request.RequestedMessage is MessageTrigger.BootNotification or MessageTrigger.StatusNotification
            ? TriggerMessageStatus.Accepted
            : TriggerMessageStatus.NotImplemented;
        if (status == TriggerMessageStatus.Accepted)
            charger.SendTriggered(request.RequestedMessage, request.ConnectorId);
        return new() { Status = status };
    }
}
