using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Upload the diagnostics to an address (5.9).</summary>
public sealed record GetDiagnosticsRequest
{
    [AbsoluteUri]
    public required string Location { get; init; }

    public int? Retries { get; init; }

    public int? RetryInterval { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? StopTime { get; init; }
}

public sealed record GetDiagnosticsResponse
{
    [Text(255, TooLong.Cut)]
    public string? FileName { get; init; }
}
