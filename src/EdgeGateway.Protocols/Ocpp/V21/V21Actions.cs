using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>
/// All actions of 2.1, most of which are 2.0.1's too: name, types, who sends them, in which versions. One field serves both versions;
/// what is written for a line is what its version has.
/// </summary>
public static class V21Actions
{
    // Station to CSMS.
    public static readonly OcppAction<AuthorizeRequest, AuthorizeResponse> Authorize = new("Authorize", Party.Station, V21Wire.Both);
    public static readonly OcppAction<BatterySwapRequest, BatterySwapResponse> BatterySwap = new("BatterySwap", Party.Station, V21Wire.Since21);
    public static readonly OcppAction<BootNotificationRequest, BootNotificationResponse> BootNotification =
        new("BootNotification", Party.Station, V21Wire.Both);
    public static readonly OcppAction<ClearedChargingLimitRequest, ClearedChargingLimitResponse> ClearedChargingLimit =
        new("ClearedChargingLimit", Party.Station, V21Wire.Both);
    public static readonly OcppAction<ClosePeriodicEventStreamRequest, ClosePeriodicEventStreamResponse> ClosePeriodicEventStream =
        new("ClosePeriodicEventStream", Party.Station, V21Wire.Since21);
    public static readonly OcppAction<FirmwareStatusNotificationRequest, FirmwareStatusNotificationResponse> FirmwareStatusNotification =
        new("FirmwareStatusNotification", Party.Station, V21Wire.Both);
    public static readonly OcppAction<Get15118EVCertificateRequest, Get15118EVCertificateResponse> Get15118EVCertificate =
        new("Get15118EVCertificate", Party.Station, V21Wire.Both);
    public static readonly OcppAction<GetCertificateChainStatusRequest, GetCertificateChainStatusResponse> GetCertificateChainStatus =
        new("GetCertificateChainStatus", Party.Station, V21Wire.Since21);
    public static readonly OcppAction<GetCertificateStatusRequest, GetCertificateStatusResponse> GetCertificateStatus =
        new("GetCertificateStatus", Party.Station, V21Wire.Both);
    public static readonly OcppAction<HeartbeatRequest, HeartbeatResponse> Heartbeat = new("Heartbeat", Party.Station, V21Wire.Both);
    public static readonly OcppAction<LogStatusNotificationRequest, LogStatusNotificationResponse> LogStatusNotification =
        new("LogStatusNotification", Party.Station, V21Wire.Both);
    public static readonly OcppAction<MeterValuesRequest, MeterValuesResponse> MeterValues =
        new("MeterValues", Party.Station, V21Wire.Both, alwaysAnswered: true);
    public static readonly OcppAction<NotifyChargingLimitRequest, NotifyChargingLimitResponse> NotifyChargingLimit =
        new("NotifyChargingLimit", Party.Station, V21Wire.Both);
    public static readonly OcppAction<NotifyCustomerInformationRequest, NotifyCustomerInformationResponse> NotifyCustomerInformation =
        new("NotifyCustomerInformation", Party.Station, V21Wire.Both);
    public static readonly OcppAction<NotifyDERAlarmRequest, NotifyDERAlarmResponse> NotifyDERAlarm =
        new("NotifyDERAlarm", Party.Station, V21Wire.Since21);
    public static readonly OcppAction<NotifyDERStartStopRequest, NotifyDERStartStopResponse> NotifyDERStartStop =
        new("NotifyDERStartStop", Party.Station, V21Wire.Since21);
    public static readonly OcppAction<NotifyDisplayMessagesRequest, NotifyDisplayMessagesResponse> NotifyDisplayMessages =
        new("NotifyDisplayMessages", Party.Station, V21Wire.Both);
    public static readonly OcppAction<NotifyEVChargingNeedsRequest, NotifyEVChargingNeedsResponse> NotifyEVChargingNeeds =
        new("NotifyEVChargingNeeds", Party.Station, V21Wire.Both);
    public static readonly OcppAction<NotifyEVChargingScheduleRequest, NotifyEVChargingScheduleResponse> NotifyEVChargingSchedule =
        new("NotifyEVChargingSchedule", Party.Station, V21Wire.Both);
    public static readonly OcppAction<NotifyEventRequest, NotifyEventResponse> NotifyEvent = new("NotifyEvent", Party.Station, V21Wire.Both);
    public static readonly OcppAction<NotifyMonitoringReportRequest, NotifyMonitoringReportResponse> NotifyMonitoringReport =
        new("NotifyMonitoringReport", Party.Station, V21Wire.Both);
    public static readonly OcppSend<NotifyPeriodicEventStreamMessage> NotifyPeriodicEventStream =
        new("NotifyPeriodicEventStream", Party.Station, V21Wire.Since21);
    public static readonly OcppAction<NotifyPriorityChargingRequest, NotifyPriorityChargingResponse> NotifyPriorityCharging =
        new("NotifyPriorityCharging", Party.Station, V21Wire.Since21);
    public static readonly OcppAction<NotifyReportRequest, NotifyReportResponse> NotifyReport = new("NotifyReport", Party.Station, V21Wire.Both);
    public static readonly OcppAction<NotifySettlementRequest, NotifySettlementResponse> NotifySettlement =
        new("NotifySettlement", Party.Station, V21Wire.Since21);
    public static readonly OcppAction<OpenPeriodicEventStreamRequest, OpenPeriodicEventStreamResponse> OpenPeriodicEventStream =
        new("OpenPeriodicEventStream", Party.Station, V21Wire.Since21);
    public static readonly OcppAction<PublishFirmwareStatusNotificationRequest, PublishFirmwareStatusNotificationResponse> PublishFirmwareStatusNotification =
        new("PublishFirmwareStatusNotification", Party.Station, V21Wire.Both);
    public static readonly OcppAction<PullDynamicScheduleUpdateRequest, PullDynamicScheduleUpdateResponse> PullDynamicScheduleUpdate =
        new("PullDynamicScheduleUpdate", Party.Station, V21Wire.Since21);
    public static readonly OcppAction<ReportChargingProfilesRequest, ReportChargingProfilesResponse> ReportChargingProfiles =
        new("ReportChargingProfiles", Party.Station, V21Wire.Both);
    public static readonly OcppAction<ReportDERControlRequest, ReportDERControlResponse> ReportDERControl =
        new("ReportDERControl", Party.Station, V21Wire.Since21);
    public static readonly OcppAction<ReservationStatusUpdateRequest, ReservationStatusUpdateResponse> ReservationStatusUpdate =
        new("ReservationStatusUpdate", Party.Station, V21Wire.Both);
    public static readonly OcppAction<SecurityEventNotificationRequest, SecurityEventNotificationResponse> SecurityEventNotification =
        new("SecurityEventNotification", Party.Station, V21Wire.Both);
    public static readonly OcppAction<SignCertificateRequest, SignCertificateResponse> SignCertificate =
        new("SignCertificate", Party.Station, V21Wire.Both);
    public static readonly OcppAction<StatusNotificationRequest, StatusNotificationResponse> StatusNotification =
        new("StatusNotification", Party.Station, V21Wire.Both);
    public static readonly OcppAction<TransactionEventRequest, TransactionEventResponse> TransactionEvent =
        new("TransactionEvent", Party.Station, V21Wire.Both, alwaysAnswered: true);
    public static readonly OcppAction<VatNumberValidationRequest, VatNumberValidationResponse> VatNumberValidation =
        new("VatNumberValidation", Party.Station, V21Wire.Since21);

    // Both ways.
    public static readonly OcppAction<DataTransferRequest, DataTransferResponse> DataTransfer = new("DataTransfer", Party.Both, V21Wire.Both);

    // CSMS to station.
    public static readonly OcppAction<AFRRSignalRequest, AFRRSignalResponse> AFRRSignal = new("AFRRSignal", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<AdjustPeriodicEventStreamRequest, AdjustPeriodicEventStreamResponse> AdjustPeriodicEventStream =
        new("AdjustPeriodicEventStream", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<CancelReservationRequest, CancelReservationResponse> CancelReservation =
        new("CancelReservation", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<CertificateSignedRequest, CertificateSignedResponse> CertificateSigned =
        new("CertificateSigned", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<ChangeAvailabilityRequest, ChangeAvailabilityResponse> ChangeAvailability =
        new("ChangeAvailability", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<ChangeTransactionTariffRequest, ChangeTransactionTariffResponse> ChangeTransactionTariff =
        new("ChangeTransactionTariff", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<ClearCacheRequest, ClearCacheResponse> ClearCache = new("ClearCache", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<ClearChargingProfileRequest, ClearChargingProfileResponse> ClearChargingProfile =
        new("ClearChargingProfile", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<ClearDERControlRequest, ClearDERControlResponse> ClearDERControl =
        new("ClearDERControl", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<ClearDisplayMessageRequest, ClearDisplayMessageResponse> ClearDisplayMessage =
        new("ClearDisplayMessage", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<ClearTariffsRequest, ClearTariffsResponse> ClearTariffs = new("ClearTariffs", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<ClearVariableMonitoringRequest, ClearVariableMonitoringResponse> ClearVariableMonitoring =
        new("ClearVariableMonitoring", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<CostUpdatedRequest, CostUpdatedResponse> CostUpdated = new("CostUpdated", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<CustomerInformationRequest, CustomerInformationResponse> CustomerInformation =
        new("CustomerInformation", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<DeleteCertificateRequest, DeleteCertificateResponse> DeleteCertificate =
        new("DeleteCertificate", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<GetBaseReportRequest, GetBaseReportResponse> GetBaseReport = new("GetBaseReport", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<GetChargingProfilesRequest, GetChargingProfilesResponse> GetChargingProfiles =
        new("GetChargingProfiles", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<GetCompositeScheduleRequest, GetCompositeScheduleResponse> GetCompositeSchedule =
        new("GetCompositeSchedule", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<GetDERControlRequest, GetDERControlResponse> GetDERControl = new("GetDERControl", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<GetDisplayMessagesRequest, GetDisplayMessagesResponse> GetDisplayMessages =
        new("GetDisplayMessages", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<GetInstalledCertificateIdsRequest, GetInstalledCertificateIdsResponse> GetInstalledCertificateIds =
        new("GetInstalledCertificateIds", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<GetLocalListVersionRequest, GetLocalListVersionResponse> GetLocalListVersion =
        new("GetLocalListVersion", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<GetLogRequest, GetLogResponse> GetLog = new("GetLog", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<GetMonitoringReportRequest, GetMonitoringReportResponse> GetMonitoringReport =
        new("GetMonitoringReport", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<GetPeriodicEventStreamRequest, GetPeriodicEventStreamResponse> GetPeriodicEventStream =
        new("GetPeriodicEventStream", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<GetReportRequest, GetReportResponse> GetReport = new("GetReport", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<GetTariffsRequest, GetTariffsResponse> GetTariffs = new("GetTariffs", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<GetTransactionStatusRequest, GetTransactionStatusResponse> GetTransactionStatus =
        new("GetTransactionStatus", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<GetVariablesRequest, GetVariablesResponse> GetVariables = new("GetVariables", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<InstallCertificateRequest, InstallCertificateResponse> InstallCertificate =
        new("InstallCertificate", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<NotifyAllowedEnergyTransferRequest, NotifyAllowedEnergyTransferResponse> NotifyAllowedEnergyTransfer =
        new("NotifyAllowedEnergyTransfer", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<NotifyWebPaymentStartedRequest, NotifyWebPaymentStartedResponse> NotifyWebPaymentStarted =
        new("NotifyWebPaymentStarted", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<PublishFirmwareRequest, PublishFirmwareResponse> PublishFirmware =
        new("PublishFirmware", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<RequestBatterySwapRequest, RequestBatterySwapResponse> RequestBatterySwap =
        new("RequestBatterySwap", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<RequestStartTransactionRequest, RequestStartTransactionResponse> RequestStartTransaction =
        new("RequestStartTransaction", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<RequestStopTransactionRequest, RequestStopTransactionResponse> RequestStopTransaction =
        new("RequestStopTransaction", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<ReserveNowRequest, ReserveNowResponse> ReserveNow = new("ReserveNow", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<ResetRequest, ResetResponse> Reset = new("Reset", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<SendLocalListRequest, SendLocalListResponse> SendLocalList = new("SendLocalList", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<SetChargingProfileRequest, SetChargingProfileResponse> SetChargingProfile =
        new("SetChargingProfile", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<SetDERControlRequest, SetDERControlResponse> SetDERControl = new("SetDERControl", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<SetDefaultTariffRequest, SetDefaultTariffResponse> SetDefaultTariff =
        new("SetDefaultTariff", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<SetDisplayMessageRequest, SetDisplayMessageResponse> SetDisplayMessage =
        new("SetDisplayMessage", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<SetMonitoringBaseRequest, SetMonitoringBaseResponse> SetMonitoringBase =
        new("SetMonitoringBase", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<SetMonitoringLevelRequest, SetMonitoringLevelResponse> SetMonitoringLevel =
        new("SetMonitoringLevel", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<SetNetworkProfileRequest, SetNetworkProfileResponse> SetNetworkProfile =
        new("SetNetworkProfile", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<SetVariableMonitoringRequest, SetVariableMonitoringResponse> SetVariableMonitoring =
        new("SetVariableMonitoring", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<SetVariablesRequest, SetVariablesResponse> SetVariables = new("SetVariables", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<TriggerMessageRequest, TriggerMessageResponse> TriggerMessage = new("TriggerMessage", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<UnlockConnectorRequest, UnlockConnectorResponse> UnlockConnector =
        new("UnlockConnector", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<UnpublishFirmwareRequest, UnpublishFirmwareResponse> UnpublishFirmware =
        new("UnpublishFirmware", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<UpdateDynamicScheduleRequest, UpdateDynamicScheduleResponse> UpdateDynamicSchedule =
        new("UpdateDynamicSchedule", Party.Csms, V21Wire.Since21);
    public static readonly OcppAction<UpdateFirmwareRequest, UpdateFirmwareResponse> UpdateFirmware = new("UpdateFirmware", Party.Csms, V21Wire.Both);
    public static readonly OcppAction<UsePriorityChargingRequest, UsePriorityChargingResponse> UsePriorityCharging =
        new("UsePriorityCharging", Party.Csms, V21Wire.Since21);

    /// <summary>2.1: every action above, in its order.</summary>
    public static readonly MessageSet V21 = new(OcppVersion.V21,
    [
        Authorize, BatterySwap, BootNotification, ClearedChargingLimit, ClosePeriodicEventStream, FirmwareStatusNotification,
        Get15118EVCertificate, GetCertificateChainStatus, GetCertificateStatus, Heartbeat, LogStatusNotification, MeterValues,
        NotifyChargingLimit, NotifyCustomerInformation, NotifyDERAlarm, NotifyDERStartStop, NotifyDisplayMessages, NotifyEVChargingNeeds,
        NotifyEVChargingSchedule, NotifyEvent, NotifyMonitoringReport, NotifyPeriodicEventStream, NotifyPriorityCharging, NotifyReport,
        NotifySettlement, OpenPeriodicEventStream, PublishFirmwareStatusNotification, PullDynamicScheduleUpdate, ReportChargingProfiles,
        ReportDERControl, ReservationStatusUpdate, SecurityEventNotification, SignCertificate, StatusNotification, TransactionEvent,
        VatNumberValidation,
        DataTransfer,
        AFRRSignal, AdjustPeriodicEventStream, CancelReservation, CertificateSigned, ChangeAvailability, ChangeTransactionTariff,
        ClearCache, ClearChargingProfile, ClearDERControl, ClearDisplayMessage, ClearTariffs, ClearVariableMonitoring, CostUpdated,
        CustomerInformation, DeleteCertificate, GetBaseReport, GetChargingProfiles, GetCompositeSchedule, GetDERControl, GetDisplayMessages,
        GetInstalledCertificateIds, GetLocalListVersion, GetLog, GetMonitoringReport, GetPeriodicEventStream, GetReport, GetTariffs,
        GetTransactionStatus, GetVariables, InstallCertificate, NotifyAllowedEnergyTransfer, NotifyWebPaymentStarted, PublishFirmware,
        RequestBatterySwap, RequestStartTransaction, RequestStopTransaction, ReserveNow, Reset, SendLocalList, SetChargingProfile,
        SetDERControl, SetDefaultTariff, SetDisplayMessage, SetMonitoringBase, SetMonitoringLevel, SetNetworkProfile, SetVariableMonitoring,
        SetVariables, TriggerMessage, UnlockConnector, UnpublishFirmware, UpdateDynamicSchedule, UpdateFirmware, UsePriorityCharging,
    ]);

    /// <summary>2.0.1: those of them that it has.</summary>
    public static readonly MessageSet V201 = new(OcppVersion.V201, [.. V21.Actions.Where(a => a.ExistsIn(OcppVersion.V201))]);

    /// <summary>The table of a line's version.</summary>
    public static MessageSet For(OcppVersion version) =>
        version == OcppVersion.V21 ? V21
        : version == OcppVersion.V201 ? V201
        : throw new ArgumentOutOfRangeException(nameof(version), version, "not of the family that serves 2.0.1 and 2.1");
}
