using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>All actions of 1.6 and of its security whitepaper: name, types and who sends them. The whole version in one table.</summary>
public static class V16Actions
{
    private static readonly Wire Wire = new(OcppVersion.V16, V16Json.Default.Options);

    // Charge point to central system.
    public static readonly OcppAction<AuthorizeRequest, AuthorizeResponse> Authorize = new("Authorize", Party.Station, Wire);
    public static readonly OcppAction<BootNotificationRequest, BootNotificationResponse> BootNotification =
        new("BootNotification", Party.Station, Wire);
    public static readonly OcppAction<DiagnosticsStatusNotificationRequest, DiagnosticsStatusNotificationResponse> DiagnosticsStatusNotification =
        new("DiagnosticsStatusNotification", Party.Station, Wire);
    public static readonly OcppAction<FirmwareStatusNotificationRequest, FirmwareStatusNotificationResponse> FirmwareStatusNotification =
        new("FirmwareStatusNotification", Party.Station, Wire);
    public static readonly OcppAction<HeartbeatRequest, HeartbeatResponse> Heartbeat = new("Heartbeat", Party.Station, Wire);
    public static readonly OcppAction<MeterValuesRequest, MeterValuesResponse> MeterValues =
        new("MeterValues", Party.Station, Wire, alwaysAnswered: true);
    public static readonly OcppAction<StartTransactionRequest, StartTransactionResponse> StartTransaction =
        new("StartTransaction", Party.Station, Wire, alwaysAnswered: true);
    public static readonly OcppAction<StatusNotificationRequest, StatusNotificationResponse> StatusNotification =
        new("StatusNotification", Party.Station, Wire);
    public static readonly OcppAction<StopTransactionRequest, StopTransactionResponse> StopTransaction =
        new("StopTransaction", Party.Station, Wire, alwaysAnswered: true);
    public static readonly OcppAction<LogStatusNotificationRequest, LogStatusNotificationResponse> LogStatusNotification =
        new("LogStatusNotification", Party.Station, Wire);
    public static readonly OcppAction<SecurityEventNotificationRequest, SecurityEventNotificationResponse> SecurityEventNotification =
        new("SecurityEventNotification", Party.Station, Wire);
    public static readonly OcppAction<SignCertificateRequest, SignCertificateResponse> SignCertificate = new("SignCertificate", Party.Station, Wire);
    public static readonly OcppAction<SignedFirmwareStatusNotificationRequest, SignedFirmwareStatusNotificationResponse> SignedFirmwareStatusNotification =
        new("SignedFirmwareStatusNotification", Party.Station, Wire);

    // Both ways.
    public static readonly OcppAction<DataTransferRequest, DataTransferResponse> DataTransfer = new("DataTransfer", Party.Both, Wire);

    // Central system to charge point.
    public static readonly OcppAction<CancelReservationRequest, CancelReservationResponse> CancelReservation =
        new("CancelReservation", Party.Csms, Wire);
    public static readonly OcppAction<ChangeAvailabilityRequest, ChangeAvailabilityResponse> ChangeAvailability =
        new("ChangeAvailability", Party.Csms, Wire);
    public static readonly OcppAction<ChangeConfigurationRequest, ChangeConfigurationResponse> ChangeConfiguration =
        new("ChangeConfiguration", Party.Csms, Wire);
    public static readonly OcppAction<ClearCacheRequest, ClearCacheResponse> ClearCache = new("ClearCache", Party.Csms, Wire);
    public static readonly OcppAction<ClearChargingProfileRequest, ClearChargingProfileResponse> ClearChargingProfile =
        new("ClearChargingProfile", Party.Csms, Wire);
    public static readonly OcppAction<GetCompositeScheduleRequest, GetCompositeScheduleResponse> GetCompositeSchedule =
        new("GetCompositeSchedule", Party.Csms, Wire);
    public static readonly OcppAction<GetConfigurationRequest, GetConfigurationResponse> GetConfiguration = new("GetConfiguration", Party.Csms, Wire);
    public static readonly OcppAction<GetDiagnosticsRequest, GetDiagnosticsResponse> GetDiagnostics = new("GetDiagnostics", Party.Csms, Wire);
    public static readonly OcppAction<GetLocalListVersionRequest, GetLocalListVersionResponse> GetLocalListVersion =
        new("GetLocalListVersion", Party.Csms, Wire);
    public static readonly OcppAction<RemoteStartTransactionRequest, RemoteStartTransactionResponse> RemoteStartTransaction =
        new("RemoteStartTransaction", Party.Csms, Wire);
    public static readonly OcppAction<RemoteStopTransactionRequest, RemoteStopTransactionResponse> RemoteStopTransaction =
        new("RemoteStopTransaction", Party.Csms, Wire);
    public static readonly OcppAction<ReserveNowRequest, ReserveNowResponse> ReserveNow = new("ReserveNow", Party.Csms, Wire);
    public static readonly OcppAction<ResetRequest, ResetResponse> Reset = new("Reset", Party.Csms, Wire);
    public static readonly OcppAction<SendLocalListRequest, SendLocalListResponse> SendLocalList = new("SendLocalList", Party.Csms, Wire);
    public static readonly OcppAction<SetChargingProfileRequest, SetChargingProfileResponse> SetChargingProfile =
        new("SetChargingProfile", Party.Csms, Wire);
    public static readonly OcppAction<TriggerMessageRequest, TriggerMessageResponse> TriggerMessage = new("TriggerMessage", Party.Csms, Wire);
    public static readonly OcppAction<UnlockConnectorRequest, UnlockConnectorResponse> UnlockConnector = new("UnlockConnector", Party.Csms, Wire);
    public static readonly OcppAction<UpdateFirmwareRequest, UpdateFirmwareResponse> UpdateFirmware = new("UpdateFirmware", Party.Csms, Wire);
    public static readonly OcppAction<CertificateSignedRequest, CertificateSignedResponse> CertificateSigned =
        new("CertificateSigned", Party.Csms, Wire);
    public static readonly OcppAction<DeleteCertificateRequest, DeleteCertificateResponse> DeleteCertificate =
        new("DeleteCertificate", Party.Csms, Wire);
    public static readonly OcppAction<ExtendedTriggerMessageRequest, ExtendedTriggerMessageResponse> ExtendedTriggerMessage =
        new("ExtendedTriggerMessage", Party.Csms, Wire);
    public static readonly OcppAction<GetInstalledCertificateIdsRequest, GetInstalledCertificateIdsResponse> GetInstalledCertificateIds =
        new("GetInstalledCertificateIds", Party.Csms, Wire);
    public static readonly OcppAction<GetLogRequest, GetLogResponse> GetLog = new("GetLog", Party.Csms, Wire);
    public static readonly OcppAction<InstallCertificateRequest, InstallCertificateResponse> InstallCertificate =
        new("InstallCertificate", Party.Csms, Wire);
    public static readonly OcppAction<SignedUpdateFirmwareRequest, SignedUpdateFirmwareResponse> SignedUpdateFirmware =
        new("SignedUpdateFirmware", Party.Csms, Wire);

    /// <summary>The table: every action above, in its order.</summary>
    public static readonly MessageSet All = new(OcppVersion.V16,
    [
        Authorize, BootNotification, DiagnosticsStatusNotification, FirmwareStatusNotification, Heartbeat, MeterValues, StartTransaction,
        StatusNotification, StopTransaction, LogStatusNotification, SecurityEventNotification, SignCertificate,
        SignedFirmwareStatusNotification,
        DataTransfer,
        CancelReservation, ChangeAvailability, ChangeConfiguration, ClearCache, ClearChargingProfile, GetCompositeSchedule,
        GetConfiguration, GetDiagnostics, GetLocalListVersion, RemoteStartTransaction, RemoteStopTransaction, ReserveNow, Reset,
        SendLocalList, SetChargingProfile, TriggerMessage, UnlockConnector, UpdateFirmware, CertificateSigned, DeleteCertificate,
        ExtendedTriggerMessage, GetInstalledCertificateIds, GetLog, InstallCertificate, SignedUpdateFirmware,
    ]);
}
