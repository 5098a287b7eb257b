using System.Collections.Immutable;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Simulators.Charger;

/// <summary>A setting of a charger, under the name that each family has for it.</summary>
/// <param name="Key">Of 1.6; null where 1.6 has none.</param>
/// <param name="Component">Of the device model; null where 2.x has none.</param>
public sealed record ChargerSetting(string? Key, string? Component, string? Variable, string Value, Mutability Mutability = Mutability.ReadWrite)
{
    public DataKind Kind { get; init; } = DataKind.String;

    /// <summary>It takes effect after a restart.</summary>
    public bool NeedsReboot { get; init; }
    public decimal? MaxLimit { get; init; }
}

/// <summary>What became of a wish to change a setting.</summary>
public enum SettingAnswer
{
    Accepted,
    Rejected,
    RebootRequired,
    Unknown,
}

/// <summary>What can be read and set at a charger: 1.6's configuration and 2.x's device model are two views of it.</summary>
public sealed class ChargerSettings
{
    public const string MeterInterval = "MeterValueSampleInterval";
    public const string Password = "AuthorizationKey";

    private readonly Lock _lock = new();
    private readonly Func<ChargerSetting, string, bool> _accepts;
    private ImmutableArray<ChargerSetting> _all;

    /// <param name="accepts">Whether a value will do; it takes effect with the answer.</param>
    internal ChargerSettings(SimulatedChargerOptions options, Func<ChargerSetting, string, bool> accepts)
    {
        _accepts = accepts;
        _all = [.. Of(options)];
    }

    public ImmutableArray<ChargerSetting> All
    {
        get
        {
            lock (_lock)
                return _all;
        }
    }

    /// <summary>The value under 1.6's key or <c>Component.Variable</c>; null if there is no such setting.</summary>
    public string? this[string name] => Find(name)?.Value;

    internal ChargerSetting? Find(string name) =>
        All.FirstOrDefault(s => string.Equals(s.Key, name, StringComparison.OrdinalIgnoreCase) || string.Equals($"{s.Component}.{s.Variable}", name, StringComparison.OrdinalIgnoreCase));

    internal SettingAnswer Change(string name, string value)
    {
        if (Find(name) is not { } setting)
            return SettingAnswer.Unknown;
        if (setting.Mutability == Mutability.ReadOnly || !Fits(setting, value) || !_accepts(setting, value))
            return SettingAnswer.Rejected;
        lock (_lock)
            _all = _all.Replace(_all.First(s => (s.Key, s.Component, s.Variable) == (setting.Key, setting.Component, setting.Variable)), setting with { Value = value });
        return setting.NeedsReboot ? SettingAnswer.RebootRequired : SettingAnswer.Accepted;
    }

    private static bool Fits(ChargerSetting setting, string value) => setting.Kind switch
    {
        DataKind.Integer => int.TryParse(value, out var number) && number >= 0,
        DataKind.Boolean => bool.TryParse(value, out _),
        _ => true,
    };

    private static IEnumerable<ChargerSetting> Of(SimulatedChargerOptions options)
    {
        const Mutability ReadOnly = Mutability.ReadOnly;
        var profiles = $"Core,RemoteTrigger,SmartCharging,LocalAuthListManagement,FirmwareManagement{(options.Reserves ? ",Reservation" : "")}";
        yield return Whole(MeterInterval, "SampledDataCtrlr", "TxUpdatedInterval", (int)options.MeterInterval.TotalSeconds, options.FixedMeterInterval ? ReadOnly : Mutability.ReadWrite);
        yield return new("MeterValuesSampledData", "SampledDataCtrlr", "TxUpdatedMeasurands", "Energy.Active.Import.Register,Power.Active.Import") { Kind = DataKind.MemberList };
        yield return new("StopTxnSampledData", "SampledDataCtrlr", "TxEndedMeasurands", "Energy.Active.Import.Register") { Kind = DataKind.MemberList };
        yield return new(null, "SampledDataCtrlr", "TxStartedMeasurands", "Energy.Active.Import.Register") { Kind = DataKind.MemberList };
        yield return Whole(null, "SampledDataCtrlr", "TxEndedInterval", 0);
        yield return Whole("ClockAlignedDataInterval", "AlignedDataCtrlr", "Interval", 0);
        yield return Whole("HeartbeatInterval", "OCPPCommCtrlr", "HeartbeatInterval", 300);
        yield return Whole("WebSocketPingInterval", "OCPPCommCtrlr", "WebSocketPingInterval", 5);
        yield return Whole("TransactionMessageAttempts", "OCPPCommCtrlr", "MessageAttempts", 100);
        yield return Whole("TransactionMessageRetryInterval", "OCPPCommCtrlr", "MessageAttemptInterval", (int)Math.Ceiling(options.ResendInterval.TotalSeconds));
        yield return Truth("StopTransactionOnInvalidId", "TxCtrlr", "StopTxOnInvalidId", true);
        yield return Truth("StopTransactionOnEVSideDisconnect", "TxCtrlr", "StopTxOnEVSideDisconnect", true);
        yield return new(null, "TxCtrlr", "TxStartPoint", $"{options.StartPoint}") { Kind = DataKind.MemberList, NeedsReboot = true };
        yield return new(null, "TxCtrlr", "TxStopPoint", $"{options.StopPoint}") { Kind = DataKind.MemberList, NeedsReboot = true };
        yield return Whole("ConnectionTimeOut", "TxCtrlr", "EVConnectionTimeOut", 60);
        yield return Truth("AuthorizeRemoteTxRequests", "AuthCtrlr", "AuthorizeRemoteStart", false, ReadOnly);
        yield return Truth("LocalAuthorizeOffline", "AuthCtrlr", "LocalAuthorizeOffline", true);
        yield return Truth("LocalPreAuthorize", "AuthCtrlr", "LocalPreAuthorize", false);
        yield return Truth("AllowOfflineTxForUnknownId", "AuthCtrlr", "OfflineTxForUnknownIdEnabled", options.StartsOffline);
        yield return Truth("LocalAuthListEnabled", "LocalAuthListCtrlr", "Enabled", true);
        yield return Whole("LocalAuthListMaxLength", "LocalAuthListCtrlr", "Entries", options.LocalListEntries, ReadOnly) with { MaxLimit = options.LocalListEntries };
        yield return Whole("SendLocalListMaxLength", "LocalAuthListCtrlr", "ItemsPerMessage", options.LocalListPerMessage, ReadOnly);
        yield return new("SupportedFeatureProfiles", null, null, profiles, ReadOnly);
        yield return new("NumberOfConnectors", null, null, $"{options.Connectors}", ReadOnly);
        yield return new("SupportedFileTransferProtocols", "OCPPCommCtrlr", "FileTransferProtocols", "HTTP,HTTPS", ReadOnly) { Kind = DataKind.MemberList };
        yield return Whole("ChargeProfileMaxStackLevel", "SmartChargingCtrlr", "ProfileStackLevel", options.Quirks.HasFlag(ChargerQuirks.OnlyStackLevelZero) ? 0 : 9, ReadOnly);
        yield return new(
            "ChargingScheduleAllowedChargingRateUnit", "SmartChargingCtrlr", "RateUnit", options.Quirks.HasFlag(ChargerQuirks.OnlyWatts) ? "Power" : "Current,Power", ReadOnly)
        { Kind = DataKind.MemberList };
        yield return Whole("ChargingScheduleMaxPeriods", "SmartChargingCtrlr", "PeriodsPerSchedule", 24, ReadOnly);
        yield return Whole("MaxChargingProfilesInstalled", "SmartChargingCtrlr", "Entries", 20, ReadOnly) with { MaxLimit = 20 };
        yield return Truth(null, "SmartChargingCtrlr", "Available", true, ReadOnly);
        yield return Truth(null, "ReservationCtrlr", "Available", options.Reserves, ReadOnly);
        yield return new(Password, "SecurityCtrlr", "BasicAuthPassword", "", Mutability.WriteOnly);
        yield return new("CpoName", "SecurityCtrlr", "OrganizationName", "Example Charging");
        yield return Whole("SecurityProfile", "SecurityCtrlr", "SecurityProfile", options.Endpoint.StartsWith("wss", StringComparison.Ordinal) ? options.ClientCertificate is null ? 2 : 3 : 1, ReadOnly);
        yield return new(null, "ChargingStation", "Model", options.Model, ReadOnly);
        yield return new(null, "ChargingStation", "VendorName", options.Vendor, ReadOnly);
        yield return new(null, "ChargingStation", "AvailabilityState", "Available", ReadOnly) { Kind = DataKind.OptionList };
    }

    private static ChargerSetting Whole(string? key, string component, string variable, int value, Mutability mutability = Mutability.ReadWrite) =>
        new(key, component, variable, $"{value}", mutability) { Kind = DataKind.Integer };

    private static ChargerSetting Truth(string? key, string component, string variable, bool value, Mutability mutability = Mutability.ReadWrite) =>
        new(key, component, variable, value ? "true" : "false", mutability) { Kind = DataKind.Boolean };
}
