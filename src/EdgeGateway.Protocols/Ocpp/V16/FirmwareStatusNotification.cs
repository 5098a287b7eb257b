namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>How far the update asked for by UpdateFirmware has come (4.5).</summary>
public sealed record FirmwareStatusNotificationRequest
{
    public required FirmwareStatus Status { get; init; }
}

public enum FirmwareStatus
{
    Downloaded,
    DownloadFailed,
    Downloading,
    Idle,
    InstallationFailed,
    Installing,
    Installed,
}

public sealed record FirmwareStatusNotificationResponse;
