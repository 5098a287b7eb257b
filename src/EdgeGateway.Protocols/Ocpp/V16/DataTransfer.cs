using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>What the standard has no message for; both sides may send it (4.3, 5.6).</summary>
public sealed record DataTransferRequest
{
    [Text(255)]
    public required string VendorId { get; init; }

    [Text(50)]
    public string? MessageId { get; init; }

    [AnyJsonAsText]
    public string? Data { get; init; }
}

public sealed record DataTransferResponse
{
    public required DataTransferStatus Status { get; init; }

    [AnyJsonAsText]
    public string? Data { get; init; }
}

public enum DataTransferStatus
{
    Accepted,
    Rejected,
    UnknownMessageId,
    UnknownVendorId,
}
