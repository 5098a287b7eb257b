using System.Collections.Immutable;
using System.Text.Json.Serialization;
using EdgeGateway.Site.Care;

namespace EdgeGateway.Chargers.Files;

/// <summary>A job with what only the gateway needs of it.</summary>
internal sealed record KeptJob
{
    public required StationJob Job { get; init; }

    /// <summary>SHA-256 of the address's token, in hex: the token itself is told to the charger and kept nowhere (S11).</summary>
    public string? TokenHash { get; init; }

    /// <summary>Name of the file below its directory: of the firmware, or of the log once it is here.</summary>
    public string? File { get; init; }

    /// <summary>The address has served: what it was for has gone over it whole, or nobody needs it any longer.</summary>
    public bool IsClosed { get; init; }

    /// <summary>What the charger ran when it was asked to take other firmware.</summary>
    public string? FirmwareBefore { get; init; }

    public bool IsOpenAt(DateTimeOffset now) => !IsClosed && !Job.IsOver && now < Job.Until;
}

/// <summary>A station's jobs, oldest first.</summary>
internal sealed record KeptJobs
{
    public ImmutableArray<KeptJob> Jobs { get; init => field = value.IsDefault ? [] : value; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(KeptJobs))]
internal sealed partial class FilesJson : JsonSerializerContext;
