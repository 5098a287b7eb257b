using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V16;
using V21 = EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Simulators.Charger.Tongues;

/// <summary>What the central system may ask of a charger in 1.6.</summary>
internal sealed partial class Tongue16
{
    private static CallRouter<SimulatedCharger> Commands(SimulatedChargerOptions options)
    {
        var router = new CallRouter<SimulatedCharger>(V16Actions.All)
            .On(V16Actions.SetChargingProfile, (charger, call, _) => new(new SetChargingProfileResponse
            {
                Status = charger.Limit(call.Request.ConnectorId, ProfileOf(call.Request.CsChargingProfiles)) ? ChargingProfileStatus.Accepted : ChargingProfileStatus.Rejected,
            }))
            .On(V16Actions.ClearChargingProfile, (charger, call, _) => new(new ClearChargingProfileResponse
            {
                Status = charger.Unlimit(call.Request.Id, call.Request.ConnectorId, call.Request.ChargingProfilePurpose is { } purpose ? PurposeOf(purpose) : null, call.Request.StackLevel)
                    ? ClearChargingProfileStatus.Accepted : ClearChargingProfileStatus.Unknown,
            }))
            .On(V16Actions.GetCompositeSchedule, (charger, call, _) => new(Composite(charger, call.Request)))
            .On(V16Actions.RemoteStartTransaction, (charger, call, _) => new(new RemoteStartTransactionResponse
            {
                Status = Accepted(charger.StartRemotely(call.Request.ConnectorId, call.Request.IdTag) is not null),
            }))
            .On(V16Actions.RemoteStopTransaction, (charger, call, _) => new(new RemoteStopTransactionResponse { Status = Accepted(charger.StopRemotely($"{call.Request.TransactionId}")) }))
            .On(V16Actions.UnlockConnector, (charger, call, _) => new(new UnlockConnectorResponse { Status = Unlock(charger, call.Request.ConnectorId) }))
            .On(V16Actions.ChangeAvailability, (charger, call, _) =>
            {
                charger.SetAvailable(call.Request.ConnectorId, call.Request.Type == AvailabilityType.Operative);
                return new(new ChangeAvailabilityResponse { Status = AvailabilityStatus.Accepted });
            })
            .On(V16Actions.ChangeConfiguration, (charger, call, _) => new(new ChangeConfigurationResponse { Status = Change(charger, call.Request) }))
            .On(V16Actions.GetConfiguration, (charger, call, _) => new(Configuration(charger, call.Request.Key)))
            .On(V16Actions.TriggerMessage, (charger, call, _) => new(new TriggerMessageResponse { Status = Trigger(charger, $"{call.Request.RequestedMessage}", call.Request.ConnectorId) }))
            .On(V16Actions.ExtendedTriggerMessage, (charger, call, _) =>
                new(new ExtendedTriggerMessageResponse { Status = Trigger(charger, $"{call.Request.RequestedMessage}", call.Request.ConnectorId) }))
            .On(V16Actions.ClearCache, (_, _, _) => new(new ClearCacheResponse { Status = ClearCacheStatus.Accepted }))
            .On(V16Actions.GetLocalListVersion, (charger, _, _) => new(new GetLocalListVersionResponse { ListVersion = charger.LocalList.Version }))
            .On(V16Actions.SendLocalList, (charger, call, _) => new(new SendLocalListResponse { Status = TakeList(charger, call.Request) }))
            .On(V16Actions.UpdateFirmware, (charger, call, _) =>
            {
                charger.Run(() => charger.Errands.UpdateFirmwareAsync(new(call.Request.Location), null, charger.Stopping));
                return new(new UpdateFirmwareResponse());
            })
            .On(V16Actions.GetDiagnostics, (charger, call, _) =>
            {
                charger.Run(() => charger.Errands.UploadAsync(new(call.Request.Location), "diagnostics", null, charger.Stopping));
                return new(new GetDiagnosticsResponse { FileName = $"{charger.Identity}.log" });
            })
            .On(V16Actions.GetLog, (charger, call, _) =>
            {
                charger.Run(() => charger.Errands.UploadAsync(new(call.Request.Log.RemoteLocation), $"{call.Request.LogType}", call.Request.RequestId, charger.Stopping));
                return new(new GetLogResponse { Status = LogStatus.Accepted, Filename = $"{charger.Identity}.log" });
            })
            .On(V16Actions.CertificateSigned, (charger, call, _) => new(new CertificateSignedResponse
            {
                Status = charger.TakeCertificate(call.Request.CertificateChain) ? CertificateSignedStatus.Accepted : CertificateSignedStatus.Rejected,
            }))
            .On(V16Actions.Reset, (charger, call, _) =>
            {
                charger.RestartLater(call.Request.Type == ResetType.Hard ? V21.Reason.ImmediateReset : V21.Reason.Reboot, V21.BootReason.RemoteReset);
                return new(new ResetResponse { Status = ResetStatus.Accepted });
            });
        return !options.Reserves ? router : router
            .On(V16Actions.ReserveNow, (charger, call, _) => new(new ReserveNowResponse
            {
                Status = Enum.Parse<ReservationStatus>($"{charger.Reserve(call.Request.ConnectorId, call.Request.ReservationId, call.Request.IdTag, call.Request.ExpiryDate)}"),
            }))
            .On(V16Actions.CancelReservation, (charger, call, _) => new(new CancelReservationResponse
            {
                Status = charger.CancelReservation(call.Request.ReservationId) ? CancelReservationStatus.Accepted : CancelReservationStatus.Rejected,
            }));
    }

    private static RemoteStartStopStatus Accepted(bool done) => done ? RemoteStartStopStatus.Accepted : RemoteStartStopStatus.Rejected;

    private static UnlockStatus Unlock(SimulatedCharger charger, int connector)
    {
        if (!charger.Connectors.ContainsKey(connector))
            return UnlockStatus.NotSupported;
        charger.Stop(connector, V21.Reason.Other, V21.TriggerReason.UnlockCommand);
        return UnlockStatus.Unlocked;
    }

    private static ConfigurationStatus Change(SimulatedCharger charger, ChangeConfigurationRequest request)
    {
        // A key that only 2.x has is none here.
        if (charger.Settings.Find(request.Key)?.Key is null)
            return ConfigurationStatus.NotSupported;
        return charger.Settings.Change(request.Key, request.Value) switch
        {
            SettingAnswer.Accepted => ConfigurationStatus.Accepted,
            SettingAnswer.RebootRequired => ConfigurationStatus.RebootRequired,
            SettingAnswer.Unknown => ConfigurationStatus.NotSupported,
            _ => ConfigurationStatus.Rejected,
        };
    }

    private static GetConfigurationResponse Configuration(SimulatedCharger charger, IReadOnlyList<string>? wanted)
    {
        var known = charger.Settings.All.Where(s => s.Key is not null && s.Mutability != V21.Mutability.WriteOnly).ToDictionary(s => s.Key!, StringComparer.OrdinalIgnoreCase);
        var names = wanted is { Count: > 0 } ? wanted : [.. known.Keys];
        var unknown = names.Where(n => !known.ContainsKey(n)).ToArray();
        return new()
        {
            ConfigurationKey = [.. names.Where(known.ContainsKey).Select(n => known[n]).Select(s => new ConfigurationKey { Key = s.Key!, Readonly = s.Mutability == V21.Mutability.ReadOnly, Value = s.Value })],
            UnknownKey = unknown.Length == 0 ? null : unknown,
        };
    }

    private static TriggerMessageStatus Trigger(SimulatedCharger charger, string message, int? connector)
    {
        Func<CancellationToken, Task>? tell = message switch
        {
            "BootNotification" => cancel => charger.Line.BootAsync(V21.BootReason.Triggered, cancel),
            "Heartbeat" => charger.Line.HeartbeatAsync,
            "StatusNotification" => cancel => charger.Line.TellStatesAsync(connector, cancel),
            "FirmwareStatusNotification" => charger.Line.TellIdleFirmwareAsync,
            "SignChargePointCertificate" => charger.Errands.AskForCertificateAsync,
            _ => null,
        };
        if (message == "MeterValues")
            return charger.SampleNow(connector) ? TriggerMessageStatus.Accepted : TriggerMessageStatus.Rejected;
        if (tell is null)
            return TriggerMessageStatus.NotImplemented;
        charger.TellLater(tell);
        return TriggerMessageStatus.Accepted;
    }

    private static UpdateStatus TakeList(SimulatedCharger charger, SendLocalListRequest request) => charger.LocalList.Take(
        request.ListVersion, request.UpdateType == UpdateType.Full,
        [.. (request.LocalAuthorizationList ?? []).Select(a => (a.IdTag, a.IdTagInfo is { } info ? $"{info.Status}" : null))]) switch
    {
        ChargerLocalList.Answer.Accepted => UpdateStatus.Accepted,
        ChargerLocalList.Answer.VersionMismatch => UpdateStatus.VersionMismatch,
        _ => UpdateStatus.Failed,
    };

    private static GetCompositeScheduleResponse Composite(SimulatedCharger charger, GetCompositeScheduleRequest request) =>
        charger.Composite(request.ConnectorId) is not { } schedule
            ? new() { Status = GetCompositeScheduleStatus.Rejected }
            : new()
            {
                Status = GetCompositeScheduleStatus.Accepted,
                ConnectorId = request.ConnectorId,
                ScheduleStart = charger.Now,
                ChargingSchedule = new()
                {
                    Duration = request.Duration,
                    ChargingRateUnit = schedule.ChargingRateUnit == V21.ChargingRateUnit.W ? ChargingRateUnit.W : ChargingRateUnit.A,
                    ChargingSchedulePeriod = [.. schedule.ChargingSchedulePeriod.Select(p => new ChargingSchedulePeriod { StartPeriod = p.StartPeriod, Limit = p.Limit ?? 0, NumberPhases = p.NumberPhases })],
                },
            };

    private static V21.ChargingProfile ProfileOf(ChargingProfile profile) => new()
    {
        Id = profile.ChargingProfileId,
        StackLevel = profile.StackLevel,
        ChargingProfilePurpose = PurposeOf(profile.ChargingProfilePurpose),
        ChargingProfileKind = Enum.Parse<V21.ChargingProfileKind>($"{profile.ChargingProfileKind}"),
        TransactionId = profile.TransactionId is { } number ? $"{number}" : null,
        ValidFrom = profile.ValidFrom,
        ValidTo = profile.ValidTo,
        ChargingSchedule =
        [
            new()
            {
                Id = profile.ChargingProfileId,
                Duration = profile.ChargingSchedule.Duration,
                StartSchedule = profile.ChargingSchedule.StartSchedule,
                ChargingRateUnit = profile.ChargingSchedule.ChargingRateUnit == ChargingRateUnit.W ? V21.ChargingRateUnit.W : V21.ChargingRateUnit.A,
                ChargingSchedulePeriod = [.. profile.ChargingSchedule.ChargingSchedulePeriod.Select(p => new V21.ChargingSchedulePeriod { StartPeriod = p.StartPeriod, Limit = p.Limit, NumberPhases = p.NumberPhases })],
            },
        ],
    };

    private static V21.ChargingProfilePurpose PurposeOf(ChargingProfilePurpose purpose) => purpose switch
    {
        ChargingProfilePurpose.ChargePointMaxProfile => V21.ChargingProfilePurpose.ChargingStationMaxProfile,
        ChargingProfilePurpose.TxDefaultProfile => V21.ChargingProfilePurpose.TxDefaultProfile,
        _ => V21.ChargingProfilePurpose.TxProfile,
    };
}
