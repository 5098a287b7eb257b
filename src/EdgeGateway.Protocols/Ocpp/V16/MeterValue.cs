using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Samples taken at one moment (7.33).</summary>
public sealed record MeterValue
{
    public required DateTimeOffset? Timestamp { get; init; }

    public required IReadOnlyList<SampledValue> SampledValue { get; init; }
}

/// <summary>One sample (7.43). What is absent has the default of the standard.</summary>
public sealed record SampledValue
{
    public required string Value { get; init; }

    public ReadingContext? Context { get; init; }

    [Vital]
    public ValueFormat? Format { get; init; }

    [Vital]
    public Measurand? Measurand { get; init; }

    [Vital]
    public Phase? Phase { get; init; }

    [Vital]
    public Location? Location { get; init; }

    [Vital]
    public UnitOfMeasure? Unit { get; init; }
}

public enum ReadingContext
{
    [JsonStringEnumMemberName("Interruption.Begin")] InterruptionBegin,
    [JsonStringEnumMemberName("Interruption.End")] InterruptionEnd,
    [JsonStringEnumMemberName("Sample.Clock")] SampleClock,
    [JsonStringEnumMemberName("Sample.Periodic")] SamplePeriodic,
    [JsonStringEnumMemberName("Transaction.Begin")] TransactionBegin,
    [JsonStringEnumMemberName("Transaction.End")] TransactionEnd,
    Trigger,
    Other,
}

public enum ValueFormat
{
    Raw,
    SignedData,
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
    Cable,
    EV,
    Inlet,
    Outlet,
    Body,
}
