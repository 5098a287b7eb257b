using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>A part of the report that GetBaseReport or GetReport asked for (B07, B08).</summary>
public sealed record NotifyReportRequest
{
    public required int RequestId { get; init; }

    public required DateTimeOffset GeneratedAt { get; init; }

    [NotBelow(0)]
    public required long SeqNo { get; init; }

    [AtLeastOne]
    public IReadOnlyList<ReportData>? ReportData { get; init; }

    public bool? Tbc { get; init; }
}

/// <summary>A variable of the device model with all that it has.</summary>
public sealed record ReportData
{
    public required Component Component { get; init; }

    public required Variable Variable { get; init; }

    [AtLeastOne, AtMost(4)]
    public required IReadOnlyList<VariableAttribute> VariableAttribute { get; init; }

    public VariableCharacteristics? VariableCharacteristics { get; init; }
}

/// <summary>One of a variable's up to four values.</summary>
public sealed record VariableAttribute
{
    [Vital]
    public AttributeKind? Type { get; init; }

    [Text(2500, TooLong.Keep)]
    public string? Value { get; init; }

    public Mutability? Mutability { get; init; }

    public bool? Persistent { get; init; }

    public bool? Constant { get; init; }
}

public enum Mutability
{
    ReadOnly,
    WriteOnly,
    ReadWrite,
}

/// <summary>What values a variable can take.</summary>
public sealed record VariableCharacteristics
{
    public required DataKind DataType { get; init; }

    public required bool SupportsMonitoring { get; init; }

    [Text(16, TooLong.Keep)]
    public string? Unit { get; init; }

    public decimal? MinLimit { get; init; }

    public decimal? MaxLimit { get; init; }

    [Since("2.1"), NotBelow(1)]
    public int? MaxElements { get; init; }

    [Text(1000, TooLong.Keep)]
    public string? ValuesList { get; init; }
}

public enum DataKind
{
    [JsonStringEnumMemberName("string")] String,
    [JsonStringEnumMemberName("decimal")] Decimal,
    [JsonStringEnumMemberName("integer")] Integer,
    [JsonStringEnumMemberName("dateTime")] DateTime,
    [JsonStringEnumMemberName("boolean")] Boolean,
    OptionList,
    SequenceList,
    MemberList,
}

public sealed record NotifyReportResponse;
