using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Fetch and install firmware (5.19).</summary>
public sealed record UpdateFirmwareRequest
{
    [AbsoluteUri]
    public required string Location { get; init; }

    public int? Retries { get; init; }

    public required DateTimeOffset RetrieveDate { get; init; }

    public int? RetryInterval { get; init; }
}

public sealed record UpdateFirmwareResponse;
