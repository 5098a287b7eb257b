using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Fetch firmware and offer it to the stations behind a local controller (L03).</summary>
public sealed record PublishFirmwareRequest
{
    [Text(2000, TooLong.Keep, In201 = 512)]
    public required string Location { get; init; }

    [Text(32)]
    public required string Checksum { get; init; }

    [NotBelow(0)]
    public required int RequestId { get; init; }

    [NotBelow(0)]
    public int? Retries { get; init; }

    [NotBelow(0)]
    public int? RetryInterval { get; init; }
}

public sealed record PublishFirmwareResponse
{
    public required GenericStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}
