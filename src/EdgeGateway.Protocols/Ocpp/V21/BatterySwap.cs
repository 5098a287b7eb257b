using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>Batteries were put into or taken out of a swap station (S03).</summary>
public sealed record BatterySwapRequest
{
    [AtLeastOne]
    public required IReadOnlyList<BatteryData> BatteryData { get; init; }

    public required BatterySwapEvent EventType { get; init; }

    public required IdToken IdToken { get; init; }

    public required int RequestId { get; init; }
}

/// <summary>One battery.</summary>
public sealed record BatteryData
{
    [NotBelow(0)]
    public required int EvseId { get; init; }

    [Text(50, TooLong.Cut)]
    public required string SerialNumber { get; init; }

    [Between(0, 100)]
    public required decimal SoC { get; init; }

    [Between(0, 100)]
    public required decimal SoH { get; init; }

    public DateTimeOffset? ProductionDate { get; init; }

    [Text(500, TooLong.Cut)]
    public string? VendorInfo { get; init; }
}

public enum BatterySwapEvent
{
    BatteryIn,
    BatteryOut,
    BatteryOutTimeout,
}

public sealed record BatterySwapResponse;
