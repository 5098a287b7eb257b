using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>How far PublishFirmware has come (L03).</summary>
public sealed record PublishFirmwareStatusNotificationRequest
{
    public required PublishFirmwareStatus Status { get; init; }

    [AtLeastOne, Text(2000, TooLong.Keep, In201 = 512)]
    public IReadOnlyList<string>? Location { get; init; }

    [NotBelow(0)]
    public int? RequestId { get; init; }

    [Since("2.1")]
    public StatusInfo? StatusInfo { get; init; }
}

public enum PublishFirmwareStatus
{
    Idle,
    DownloadScheduled,
    Downloading,
    Downloaded,
    Published,
    DownloadFailed,
    DownloadPaused,
    InvalidChecksum,
    ChecksumVerified,
    PublishFailed,
}

public sealed record PublishFirmwareStatusNotificationResponse;
