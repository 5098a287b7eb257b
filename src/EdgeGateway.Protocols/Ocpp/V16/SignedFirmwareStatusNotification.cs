namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>How far the update asked for by SignedUpdateFirmware has come (security whitepaper, L01).</summary>
public sealed record SignedFirmwareStatusNotificationRequest
{
    public required SignedFirmwareStatus Status { get; init; }

    public int? RequestId { get; init; }
}

public enum SignedFirmwareStatus
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

public sealed record SignedFirmwareStatusNotificationResponse;
