using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Hold an EVSE for a token (H01).</summary>
public sealed record ReserveNowRequest
{
    [NotBelow(0)]
    public required int Id { get; init; }

    public required DateTimeOffset ExpiryDateTime { get; init; }

    public required IdToken IdToken { get; init; }

    [Text(20, TooLong.Keep)]
    [OneOfIn201(
        "cCCS1", "cCCS2", "cG105", "cTesla", "cType1", "cType2", "s309-1P-16A", "s309-1P-32A", "s309-3P-16A", "s309-3P-32A", "sBS1361", "sCEE-7-7",
        "sType2", "sType3", "Other1PhMax16A", "Other1PhOver16A", "Other3Ph", "Pan", "wInductive", "wResonant", "Undetermined", "Unknown")]
    public string? ConnectorType { get; init; }

    [NotBelow(0)]
    public int? EvseId { get; init; }

    public IdToken? GroupIdToken { get; init; }
}

public sealed record ReserveNowResponse
{
    public required ReserveNowStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }
}

public enum ReserveNowStatus
{
    Accepted,
    Faulted,
    Occupied,
    Rejected,
    Unavailable,
}
