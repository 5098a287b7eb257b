using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Upload a log to an address (N01).</summary>
public sealed record GetLogRequest
{
    public required LogParameters Log { get; init; }

    public required LogKind LogType { get; init; }

    public required int RequestId { get; init; }

    [NotBelow(0)]
    public int? Retries { get; init; }

    /// <summary>In seconds.</summary>
    public int? RetryInterval { get; init; }
}

/// <summary>Where a log goes, and from when to when.</summary>
public sealed record LogParameters
{
    [Text(2000, TooLong.Keep, In201 = 512)]
    public required string RemoteLocation { get; init; }

    public DateTimeOffset? OldestTimestamp { get; init; }

    public DateTimeOffset? LatestTimestamp { get; init; }
}

public enum LogKind
{
    DiagnosticsLog,
    SecurityLog,
    [Since("2.1")] DataCollectorLog,
}

public sealed record GetLogResponse
{
    public required LogStatus Status { get; init; }

    public StatusInfo? StatusInfo { get; init; }

    [Text(255, TooLong.Cut)]
    public string? Filename { get; init; }
}

public enum LogStatus
{
    Accepted,
    Rejected,
    AcceptedCanceled,
}
