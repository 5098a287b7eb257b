using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Upload a log to an address (security whitepaper, N01).</summary>
public sealed record GetLogRequest
{
    public required LogParameters Log { get; init; }

    public required LogType LogType { get; init; }

    public required int RequestId { get; init; }

    public int? Retries { get; init; }

    public int? RetryInterval { get; init; }
}

public enum LogType
{
    DiagnosticsLog,
    SecurityLog,
}

public sealed record LogParameters
{
    [Text(512)]
    public required string RemoteLocation { get; init; }

    public DateTimeOffset? OldestTimestamp { get; init; }

    public DateTimeOffset? LatestTimestamp { get; init; }
}

public sealed record GetLogResponse
{
    public required LogStatus Status { get; init; }

    [Text(255, TooLong.Cut)]
    public string? Filename { get; init; }
}

public enum LogStatus
{
    Accepted,
    Rejected,
    AcceptedCanceled,
}
