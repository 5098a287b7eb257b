using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Store how to reach a CSMS, in one of the configuration slots (B09).</summary>
public sealed record SetNetworkProfileRequest
{
    public required int ConfigurationSlot { get; init; }

    public required NetworkConnectionProfile ConnectionData { get; init; }
}

/// <summary>How to reach a CSMS.</summary>
public sealed record NetworkConnectionProfile
{
    public required OcppInterface OcppInterface { get; init; }

    public required OcppTransport OcppTransport { get; init; }

    /// <summary>In seconds.</summary>
    public required int MessageTimeout { get; init; }

    [Text(2000, TooLong.Keep, In201 = 512)]
    public required string OcppCsmsUrl { get; init; }

    [NotBelow(0)]
    public required int SecurityProfile { get; init; }

    public APN? Apn { get; init; }

    [MandatoryIn201]
    public OcppVersionKind? OcppVersion { get; init; }

    [Since("2.1"), Text(48, TooLong.Keep)]
    public string? Identity { get; init; }

    [Since("2.1"), Text(64)]
    public string? BasicAuthPassword { get; init; }

    public VPN? Vpn { get; init; }
}

/// <summary>How to reach a mobile network.</summary>
public sealed record APN
{
    [Text(2000, TooLong.Keep, In201 = 512)]
    public required string Apn { get; init; }

    public required APNAuthentication ApnAuthentication { get; init; }

    [Text(50, TooLong.Keep, In201 = 20)]
    public string? ApnUserName { get; init; }

    [Text(64, In201 = 20)]
    public string? ApnPassword { get; init; }

    public int? SimPin { get; init; }

    [Text(6, TooLong.Keep)]
    public string? PreferredNetwork { get; init; }

    public bool? UseOnlyPreferredNetwork { get; init; }
}

public enum APNAuthentication
{
    PAP,
    CHAP,
    NONE,
    AUTO,
}

public enum OcppVersionKind
{
    OCPP12,
    OCPP15,
    OCPP16,
    OCPP20,
    [Since("2.1")] OCPP201,
    [Since("2.1")] OCPP21,
}

public enum OcppInterface
{
    Wired0,
    Wired1,
    Wired2,
    Wired3,
    Wireless0,
    Wireless1,
    Wireless2,
    Wireless3,
    [Since("2.1")] Any,
}

public enum OcppTransport
{
    SOAP,
    JSON,
}

/// <summary>How to reach a private network.</summary>
public sealed record VPN
{
    [Text(2000, TooLong.Keep, In201 = 512)]
    public required string Server { get; init; }

    [Text(50, TooLong.Keep, In201 = 20)]
    public required string User { get; init; }

    [Text(64, In201 = 20)]
    public required string Password { get; init; }

    [Text(255)]
    public required string Key { get; init; }

    public required VpnKind Type { get; init; }

    [Text(50, TooLong.Keep, In201 = 20)]
    public string? Group { get; init; }
}

public enum VpnKind
{
    IKEv2,
    IPSec,
    L2TP,
    PPTP,
}

public sealed record SetNetworkProfileResponse
{
    public required SetNetworkProfileStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum SetNetworkProfileStatus
{
    Accepted,
    Rejected,
    Failed,
}
