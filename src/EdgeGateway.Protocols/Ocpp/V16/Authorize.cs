using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>May this tag charge here (4.1)?</summary>
public sealed record AuthorizeRequest
{
    [Text(20, TooLong.Keep)]
    public required string IdTag { get; init; }
}

public sealed record AuthorizeResponse
{
    public required IdTagInfo IdTagInfo { get; init; }
}
