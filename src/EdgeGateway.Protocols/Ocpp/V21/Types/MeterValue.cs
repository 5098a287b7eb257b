using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Samples taken at one moment.</summary>
public sealed record MeterValue
{
    [AtLeastOne]
    public required IReadOnlyList<SampledValue> SampledValue { get; init; }

    public required DateTimeOffset? Timestamp { get; init; }
}

/// <summary>One sample. What is absent has the default of the standard; <see cref="MeterSamples"/> fills it in.</summary>
public sealed record SampledValue
{
    public required decimal Value { get; init; }

    [Vital]
    public Measurand? Measurand { get; init; }

    public ReadingContext? Context { get; init; }

    [Vital]
    public Phase? Phase { get; init; }

    [Vital]
    public Location? Location { get; init; }

    public SignedMeterValue? SignedMeterValue { get; init; }

    [Vital]
    public UnitOfMeasure? UnitOfMeasure { get; init; }
}

/// <summary>A sample as the meter signed it, kept as it came (FIELD-NOTES 24).</summary>
public sealed record SignedMeterValue
{
    /// <summary>Base64.</summary>
    [Text(32768, TooLong.Keep, In201 = 2500)]
    public required string? SignedMeterData { get; init; }

    [Text(50, TooLong.Keep)]
    public required string? EncodingMethod { get; init; }

    [Text(50, TooLong.Keep), MandatoryIn201]
    public string? SigningMethod { get; init; }

    /// <summary>Base64.</summary>
    [Text(2500, TooLong.Keep), MandatoryIn201]
    public string? PublicKey { get; init; }
}

/// <summary>The unit (Wh if absent) and the power of ten that the value is to be multiplied by (0 if absent).</summary>
public sealed record UnitOfMeasure
{
    [Vital, Text(20, TooLong.Keep)]
    public string? Unit { get; init; }

    [Vital]
    public int? Multiplier { get; init; }
}

public enum ReadingContext
{
    [JsonStringEnumMemberName("Interruption.Begin")] InterruptionBegin,
    [JsonStringEnumMemberName("Interruption.End")] InterruptionEnd,
    Other,
    [JsonStringEnumMemberName("Sample.Clock")] SampleClock,
    [JsonStringEnumMemberName("Sample.Periodic")] SamplePeriodic,
    [JsonStringEnumMemberName("Transaction.Begin")] TransactionBegin,
    [JsonStringEnumMemberName("Transaction.End")] TransactionEnd,
    Trigger,
}

public enum Phase
{
    L1,
    L2,
    L3,
    N,
    [JsonStringEnumMemberName("L1-N")] L1N,
    [JsonStringEnumMemberName("L2-N")] L2N,
    [JsonStringEnumMemberName("L3-N")] L3N,
    [JsonStringEnumMemberName("L1-L2")] L1L2,
    [JsonStringEnumMemberName("L2-L3")] L2L3,
    [JsonStringEnumMemberName("L3-L1")] L3L1,
}

public enum Location
{
    Body,
    Cable,
    EV,
    Inlet,
    Outlet,
    [Since("2.1")] Upstream,
}
