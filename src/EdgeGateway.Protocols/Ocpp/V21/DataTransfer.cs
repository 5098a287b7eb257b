using System.Text.Json;
using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>What the standard has no message for; both sides may send it (P01, P02).</summary>
public sealed record DataTransferRequest
{
    [Text(255, TooLong.Keep)]
    public required string VendorId { get; init; }

    [Text(50, TooLong.Keep)]
    public string? MessageId { get; init; }

    public JsonElement? Data { get; init; }
}

public sealed record DataTransferResponse
{
    public required DataTransferStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }

    public JsonElement? Data { get; init; }
}

public enum DataTransferStatus
{
    Accepted,
    Rejected,
    UnknownMessageId,
    UnknownVendorId,
}
