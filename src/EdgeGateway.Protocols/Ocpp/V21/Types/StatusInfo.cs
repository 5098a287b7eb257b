using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Why a status is what it is: a short code of the standard's list or of the vendor's.</summary>
public sealed record StatusInfo
{
    [Text(20, TooLong.Cut)]
    public required string ReasonCode { get; init; }

    [Text(1024, TooLong.Cut, In201 = 512)]
    public string? AdditionalInfo { get; init; }
}

public enum GenericStatus
{
    Accepted,
    Rejected,
}

public enum GenericDeviceModelStatus
{
    Accepted,
    Rejected,
    NotSupported,
    EmptyResultSet,
}

public enum RequestStartStopStatus
{
    Accepted,
    Rejected,
}
