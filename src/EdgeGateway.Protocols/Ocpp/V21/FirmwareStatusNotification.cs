using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>How far the update asked for by UpdateFirmware has come (L01).</summary>
public sealed record FirmwareStatusNotificationRequest
{
    public required FirmwareStatus Status { get; init; }

    public int? RequestId { get; init; }

    [Since("2.1")]
    public StatusInfo? StatusInfo { get; init; }
}

public enum FirmwareStatus
{
    Downloaded,
    DownloadFailed,
    Downloading,
    DownloadScheduled,
    DownloadPaused,
    Idle,
    InstallationFailed,
    Installing,
    Installed,
    InstallRebooting,
    InstallScheduled,
    InstallVerificationFailed,
    InvalidSignature,
    SignatureVerified,
}

public sealed record FirmwareStatusNotificationResponse;
