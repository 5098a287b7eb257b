using EdgeGateway.Site.Care;

namespace EdgeGateway.Admin;

/// <summary>How it went.</summary>
/// <param name="Outcome"><c>Done</c>, <c>Later</c>, <c>Refused</c>, <c>NotSupported</c>, <c>TimedOut</c>, <c>Offline</c> or <c>Invalid</c>.</param>
/// <param name="Text">The charger's own word, or why not.</param>
/// <param name="Values">What was read, or what became of each setting.</param>
/// <param name="Job">The number under which it goes on: <c>GET …/jobs/{job}</c>.</param>
public sealed record CareView(string Outcome, string Text, IReadOnlyList<CareValueView> Values, int? Job);

/// <param name="Note">For example <c>read-only</c>, <c>RebootRequired</c>, <c>unknown</c>.</param>
public sealed record CareValueView(string Name, string? Value, string? Note);

/// <summary>Something that takes a charger minutes or hours.</summary>
public sealed record JobView
{
    public required int Number { get; init; }
    public required string Station { get; init; }

    /// <summary><c>Firmware</c>, <c>Diagnostics</c> or <c>SecurityLog</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>Asked</c>, <c>Running</c>, <c>Done</c>, <c>Failed</c>, <c>Replaced</c> (by a newer one) or <c>Expired</c>.</summary>
    public required string State { get; init; }
    public required bool IsOver { get; init; }

    /// <summary>The file, or where it is.</summary>
    public required string What { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset Asked { get; init; }

    /// <summary>Nothing is waited for after this.</summary>
    public required DateTimeOffset Until { get; init; }
    public required IReadOnlyList<JobStepView> Steps { get; init; }

    /// <summary>Over the gateway's own address, so far.</summary>
    public required long Bytes { get; init; }
    public long? OfBytes { get; init; }

    /// <summary>What the charger calls its log.</summary>
    public string? ToldName { get; init; }

    /// <summary>The log is here: <c>GET …/jobs/{number}/file</c>.</summary>
    public required bool HasFile { get; init; }
}

/// <param name="Said">OCPP's word, or in small letters what the gateway saw.</param>
public sealed record JobStepView(DateTimeOffset At, string Said);

/// <summary>Firmware that was put into the gateway.</summary>
public sealed record FirmwareView(string Name, long Bytes, DateTimeOffset Changed);

internal static class CareViews
{
    public static CareView View(this CareAnswer answer) => new(
        answer.Outcome.ToString(), answer.Text, [.. (answer.Values.IsDefault ? [] : answer.Values).Select(static v => new CareValueView(v.Name, v.Value, v.Note))], answer.Job);

    public static JobView View(this StationJob job) => new()
    {
        Number = job.Number,
        Station = job.Station,
        Kind = job.Kind.ToString(),
        State = job.State.ToString(),
        IsOver = job.IsOver,
        What = job.What,
        By = job.By,
        Asked = job.Asked,
        Until = job.Until,
        Steps = [.. job.Steps.Select(static s => new JobStepView(s.At, s.Said))],
        Bytes = job.Bytes,
        OfBytes = job.OfBytes,
        ToldName = job.ToldName,
        HasFile = job.HasFile,
    };
}
