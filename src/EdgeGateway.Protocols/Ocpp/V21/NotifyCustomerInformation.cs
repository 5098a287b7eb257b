using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A part of what CustomerInformation asked for (N09).</summary>
public sealed record NotifyCustomerInformationRequest
{
    [Text(512, TooLong.Cut)]
    public required string Data { get; init; }

    [NotBelow(0)]
    public required long SeqNo { get; init; }

    public required DateTimeOffset GeneratedAt { get; init; }

    [NotBelow(0)]
    public required int RequestId { get; init; }

    public bool? Tbc { get; init; }
}

public sealed record NotifyCustomerInformationResponse;
