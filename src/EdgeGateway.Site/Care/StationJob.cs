using System.Collections.Immutable;

namespace EdgeGateway.Site.Care;

/// <summary>Something a charger was asked to do that takes minutes or hours: fetch firmware and install it, bring a log.</summary>
public sealed record StationJob
{
    /// <summary>1-based and for ever within its station; what 2.x calls requestId.</summary>
    public required int Number { get; init; }
    public required string Station { get; init; }
    public required JobKind Kind { get; init; }
    public JobState State { get; init; }

    /// <summary>The file, or the address elsewhere, for people: without user names and passwords.</summary>
    public required string What { get; init; }

    /// <summary>Who asked.</summary>
    public required string By { get; init; }
    public required DateTimeOffset Asked { get; init; }

    /// <summary>Nothing is waited for any longer after this; a file's address dies with it.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>What was heard of it, oldest first; repeats are one step.</summary>
    public ImmutableArray<JobStep> Steps { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Bytes that went over the gateway's own address so far.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes there are in all; null when nobody said.</summary>
    public long? OfBytes { get; init; }

    /// <summary>A log's file as the charger calls it; words of its own, and never a path of ours.</summary>
    public string? ToldName { get; init; }

    /// <summary>The log is here.</summary>
    public bool HasFile { get; init; }

    public bool IsOver => State is not (JobState.Asked or JobState.Running);
}

/// <param name="Said">OCPP's word (<c>Downloading</c>), or what the gateway saw (<c>fetched</c>, <c>brought</c>).</param>
public sealed record JobStep(DateTimeOffset At, string Said);

public enum JobKind
{
    Firmware,
    Diagnostics,
    SecurityLog,
}

public enum JobState
{
    /// <summary>The charger was asked and has told nothing yet.</summary>
    Asked,
    Running,
    Done,
    Failed,

    /// <summary>A newer one of its kind came in its place.</summary>
    Replaced,

    /// <summary>Nothing more was heard of it in time.</summary>
    Expired,
}
