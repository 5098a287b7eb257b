using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A text for people, in a format of its own.</summary>
public sealed record MessageContent
{
    public required MessageFormat Format { get; init; }

    [Text(1024, TooLong.Keep, In201 = 512)]
    public required string Content { get; init; }

    [Text(8, TooLong.Keep)]
    public string? Language { get; init; }
}

public enum MessageFormat
{
    ASCII,
    HTML,
    URI,
    UTF8,
    [Since("2.1")] QRCODE,
}
