using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Read variables of the device model (B06).</summary>
public sealed record GetVariablesRequest
{
    [AtLeastOne]
    public required IReadOnlyList<GetVariableData> GetVariableData { get; init; }
}

/// <summary>A variable whose value is wanted.</summary>
public sealed record GetVariableData
{
    public required Component Component { get; init; }

    public required Variable Variable { get; init; }

    [Vital]
    public AttributeKind? AttributeType { get; init; }
}

public sealed record GetVariablesResponse
{
    [AtLeastOne]
    public required IReadOnlyList<GetVariableResult> GetVariableResult { get; init; }
}

/// <summary>The value of one variable, or why there is none.</summary>
public sealed record GetVariableResult
{
    public required GetVariableStatus AttributeStatus { get; init; }

    public required Component Component { get; init; }

    public required Variable Variable { get; init; }

    public StatusInfo? AttributeStatusInfo { get; init; }

    public AttributeKind? AttributeType { get; init; }

    [Text(2500, TooLong.Keep)]
    public string? AttributeValue { get; init; }
}

public enum GetVariableStatus
{
    Accepted,
    Rejected,
    UnknownComponent,
    UnknownVariable,
    NotSupportedAttributeType,
}
