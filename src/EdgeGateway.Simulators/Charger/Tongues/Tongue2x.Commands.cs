using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Simulators.Charger.Tongues;

/// <summary>What the central system may ask of a charger in 2.x.</summary>
internal sealed partial class Tongue2x
{
    private static CallRouter<SimulatedCharger> Commands(OcppVersion version, SimulatedChargerOptions options)
    {
        var router = new CallRouter<SimulatedCharger>(V21Actions.For(version))
            .On(V21Actions.RequestStartTransaction, (charger, call, _) => new(StartRemotely(charger, call.Request)))
            .On(V21Actions.RequestStopTransaction, (charger, call, _) => new(new RequestStopTransactionResponse
            {
                Status = charger.StopRemotely(call.Request.TransactionId) ? RequestStartStopStatus.Accepted : RequestStartStopStatus.Rejected,
            }))
            .On(V21Actions.GetTransactionStatus, (charger, call, _) => new(new GetTransactionStatusResponse
            {
                MessagesInQueue = charger.Waiting > 0,
                OngoingIndicator = call.Request.TransactionId is { } named ? charger.PlaceOf(named) is not null : null,
            }))
            .On(V21Actions.UnlockConnector, (charger, call, _) => new(new UnlockConnectorResponse { Status = Unlock(charger, call.Request) }))
            .On(V21Actions.ChangeAvailability, (charger, call, _) =>
            {
                charger.SetAvailable(call.Request.Evse?.Id ?? 0, call.Request.OperationalStatus == OperationalStatus.Operative);
                return new(new ChangeAvailabilityResponse { Status = ChangeAvailabilityStatus.Accepted });
            })
            .On(V21Actions.Reset, (charger, call, _) => new(new ResetResponse { Status = Reset(charger, call.Request) }))
            .On(V21Actions.TriggerMessage, (charger, call, _) => new(new TriggerMessageResponse { Status = Trigger(charger, call.Request) }))
            .On(V21Actions.ClearCache, (_, _, _) => new(new ClearCacheResponse { Status = ClearCacheStatus.Accepted }))
            .On(V21Actions.GetLocalListVersion, (charger, _, _) => new(new GetLocalListVersionResponse { VersionNumber = charger.LocalList.Version }))
            .On(V21Actions.SendLocalList, (charger, call, _) => new(new SendLocalListResponse { Status = TakeList(charger, call.Request) }))
            .On(V21Actions.CostUpdated, (charger, call, _) =>
            {
                charger.TakeCost(call.Request.TransactionId, call.Request.TotalCost);
                return new(new CostUpdatedResponse());
            })
            .On(V21Actions.UpdateFirmware, (charger, call, _) =>
            {
                charger.Run(() => charger.Errands.UpdateFirmwareAsync(new(call.Request.Firmware.Location), call.Request.RequestId, charger.Stopping));
                return new(new UpdateFirmwareResponse { Status = UpdateFirmwareStatus.Accepted });
            })
            .On(V21Actions.GetLog, (charger, call, _) =>
            {
                charger.Run(() => charger.Errands.UploadAsync(new(call.Request.Log.RemoteLocation), $"{call.Request.LogType}", call.Request.RequestId, charger.Stopping));
                return new(new GetLogResponse { Status = LogStatus.Accepted, Filename = $"{charger.Identity}.log" });
            })
            .On(V21Actions.CertificateSigned, (charger, call, _) => new(new CertificateSignedResponse
            {
                Status = charger.TakeCertificate(call.Request.CertificateChain) ? CertificateSignedStatus.Accepted : CertificateSignedStatus.Rejected,
            }));
        router = Model(Limits(router));
        return !options.Reserves ? router : router
            .On(V21Actions.ReserveNow, (charger, call, _) => new(new ReserveNowResponse
            {
                Status = charger.Reserve(call.Request.EvseId, call.Request.Id, call.Request.IdToken.Token, call.Request.ExpiryDateTime),
            }))
            .On(V21Actions.CancelReservation, (charger, call, _) => new(new CancelReservationResponse
            {
                Status = charger.CancelReservation(call.Request.ReservationId) ? CancelReservationStatus.Accepted : CancelReservationStatus.Rejected,
            }));
    }

    private static CallRouter<SimulatedCharger> Limits(CallRouter<SimulatedCharger> router) => router
        .On(V21Actions.SetChargingProfile, (charger, call, _) => new(new SetChargingProfileResponse
        {
            Status = charger.Limit(call.Request.EvseId, call.Request.ChargingProfile) ? ChargingProfileStatus.Accepted : ChargingProfileStatus.Rejected,
        }))
        .On(V21Actions.ClearChargingProfile, (charger, call, _) =>
        {
            var which = call.Request.ChargingProfileCriteria;
            return new(new ClearChargingProfileResponse
            {
                Status = charger.Unlimit(call.Request.ChargingProfileId, which?.EvseId, which?.ChargingProfilePurpose, which?.StackLevel)
                    ? ClearChargingProfileStatus.Accepted : ClearChargingProfileStatus.Unknown,
            });
        })
        .On(V21Actions.GetCompositeSchedule, (charger, call, _) => new(Composite(charger, call.Request)))
        .On(V21Actions.GetChargingProfiles, (charger, call, _) => new(ReportProfiles(charger, call.Request)));

    private static RequestStartTransactionResponse StartRemotely(SimulatedCharger charger, RequestStartTransactionRequest request)
    {
        if (charger.StartRemotely(request.EvseId, request.IdToken.Token, request.RemoteStartId) is not { } connector)
            return new() { Status = RequestStartStopStatus.Rejected };
        // A transaction that began with the cable has its name already (F01.FR.13).
        return new() { Status = RequestStartStopStatus.Accepted, TransactionId = charger.Connectors[connector].Entry is { } number ? charger.NameOf(number) : null };
    }

    private static UnlockStatus Unlock(SimulatedCharger charger, UnlockConnectorRequest request)
    {
        if (!charger.Connectors.TryGetValue(request.EvseId, out var place) || request.ConnectorId != 1)
            return UnlockStatus.UnknownConnector;
        return place.IsCharging ? UnlockStatus.OngoingAuthorizedTransaction : UnlockStatus.Unlocked;
    }

    private static ResetStatus Reset(SimulatedCharger charger, ResetRequest request)
    {
        // One EVSE alone cannot be restarted here (B11.FR.09).
        if (request.EvseId is > 0)
            return ResetStatus.Rejected;
        if (request.Type == ResetKind.OnIdle && charger.Connectors.Values.Any(c => c.Entry is not null))
        {
            charger.Run(async () =>
            {
                while (charger.Connectors.Values.Any(c => c.Entry is not null))
                    await charger.PauseAsync(TimeSpan.FromSeconds(1));
                charger.Restart(Reason.Reboot, BootReason.ScheduledReset);
            });
            return ResetStatus.Scheduled;
        }
        charger.RestartLater(Reason.ImmediateReset, BootReason.RemoteReset);
        return ResetStatus.Accepted;
    }

    private static TriggerMessageStatus Trigger(SimulatedCharger charger, TriggerMessageRequest request)
    {
        Func<CancellationToken, Task>? tell = request.RequestedMessage switch
        {
            MessageTrigger.BootNotification => cancel => charger.Line.BootAsync(BootReason.Triggered, cancel),
            MessageTrigger.Heartbeat => charger.Line.HeartbeatAsync,
            MessageTrigger.StatusNotification => cancel => charger.Line.TellStatesAsync(request.Evse?.Id, cancel),
            MessageTrigger.FirmwareStatusNotification => charger.Line.TellIdleFirmwareAsync,
            MessageTrigger.SignChargingStationCertificate => charger.Errands.AskForCertificateAsync,
            _ => null,
        };
        if (request.RequestedMessage is MessageTrigger.TransactionEvent or MessageTrigger.MeterValues)
            return charger.SampleNow(request.Evse?.Id) ? TriggerMessageStatus.Accepted : TriggerMessageStatus.Rejected;
        if (tell is null)
            return TriggerMessageStatus.NotImplemented;
        charger.TellLater(tell);
        return TriggerMessageStatus.Accepted;
    }

    private static SendLocalListStatus TakeList(SimulatedCharger charger, SendLocalListRequest request) => charger.LocalList.Take(
        request.VersionNumber, request.UpdateType == UpdateKind.Full,
        [.. (request.LocalAuthorizationList ?? []).Select(a => (a.IdToken.Token, a.IdTokenInfo is { } info ? $"{info.Status}" : null))]) switch
    {
        ChargerLocalList.Answer.Accepted => SendLocalListStatus.Accepted,
        ChargerLocalList.Answer.VersionMismatch => SendLocalListStatus.VersionMismatch,
        _ => SendLocalListStatus.Failed,
    };

    private static GetCompositeScheduleResponse Composite(SimulatedCharger charger, GetCompositeScheduleRequest request) =>
        charger.Composite(request.EvseId) is not { } schedule
            ? new() { Status = GenericStatus.Rejected }
            : new()
            {
                Status = GenericStatus.Accepted,
                Schedule = new()
                {
                    EvseId = request.EvseId, Duration = request.Duration, ScheduleStart = charger.Now, ChargingRateUnit = schedule.ChargingRateUnit,
                    ChargingSchedulePeriod = schedule.ChargingSchedulePeriod,
                },
            };

    private static GetChargingProfilesResponse ReportProfiles(SimulatedCharger charger, GetChargingProfilesRequest request)
    {
        var wanted = request.ChargingProfile;
        var found = charger.Limits.All.Values.Where(p => (request.EvseId is null || p.Evse == request.EvseId)
            && (wanted.ChargingProfilePurpose is null || p.Profile.ChargingProfilePurpose == wanted.ChargingProfilePurpose)
            && (wanted.StackLevel is null || p.Profile.StackLevel == wanted.StackLevel)
            && (wanted.ChargingProfileId is not { Count: > 0 } ids || ids.Contains(p.Profile.Id))).ToArray();
        if (found.Length == 0)
            return new() { Status = GetChargingProfileStatus.NoProfiles };
        charger.TellLater(async cancel =>
        {
            var left = found.Length;
            foreach (var (evse, profile) in found)
                await charger.Line.CallAsync(V21Actions.ReportChargingProfiles, new()
                {
                    RequestId = request.RequestId, ChargingLimitSource = "CSO", EvseId = evse, ChargingProfile = [profile], Tbc = --left > 0,
                }, cancel);
        });
        return new() { Status = GetChargingProfileStatus.Accepted };
    }
}
