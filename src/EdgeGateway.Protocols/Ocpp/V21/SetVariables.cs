using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Set variables of the device model (B05).</summary>
public sealed record SetVariablesRequest
{
    [AtLeastOne]
    public required IReadOnlyList<SetVariableData> SetVariableData { get; init; }
}

/// <summary>A value for a variable.</summary>
public sealed record SetVariableData
{
    [Text(2500, TooLong.Keep, In201 = 1000)]
    public required string AttributeValue { get; init; }

    public required Component Component { get; init; }

    public required Variable Variable { get; init; }

    [Vital]
    public AttributeKind? AttributeType { get; init; }
}

public sealed record SetVariablesResponse
{
    [AtLeastOne]
    public required IReadOnlyList<SetVariableResult> SetVariableResult { get; init; }
}

/// <summary>What became of one value.</summary>
public sealed record SetVariableResult
{
    public required SetVariableStatus AttributeStatus { get; init; }

    public required Component Component { get; init; }

    public required Variable Variable { get; init; }

    public AttributeKind? AttributeType { get; init; }

    public StatusInfo? AttributeStatusInfo { get; init; }
}

public enum SetVariableStatus
{
    Accepted,
    Rejected,
    UnknownComponent,
    UnknownVariable,
    NotSupportedAttributeType,
    RebootRequired,
}
