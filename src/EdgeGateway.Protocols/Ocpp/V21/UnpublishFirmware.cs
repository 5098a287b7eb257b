using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Stop offering firmware (L04).</summary>
public sealed record UnpublishFirmwareRequest
{
    [Text(32)]
    public required string Checksum { get; init; }
}

public sealed record UnpublishFirmwareResponse
{
    public required UnpublishFirmwareStatus Status { get; init; }
}

public enum UnpublishFirmwareStatus
{
    DownloadOngoing,
    NoFirmware,
    Unpublished,
}
