using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>What an EV asks for and can do.</summary>
public sealed record ChargingNeeds
{
    public required EnergyTransferMode RequestedEnergyTransfer { get; init; }

    public ACChargingParameters? AcChargingParameters { get; init; }

    [Since("2.1")]
    public DERChargingParameters? DerChargingParameters { get; init; }

    [Since("2.1")]
    public EVEnergyOffer? EvEnergyOffer { get; init; }

    public DCChargingParameters? DcChargingParameters { get; init; }

    [Since("2.1")]
    public V2XChargingParameters? V2xChargingParameters { get; init; }

    [Since("2.1"), AtLeastOne]
    public IReadOnlyList<EnergyTransferMode>? AvailableEnergyTransfer { get; init; }

    [Since("2.1")]
    public ControlMode? ControlMode { get; init; }

    [Since("2.1")]
    public MobilityNeedsMode? MobilityNeedsMode { get; init; }

    public DateTimeOffset? DepartureTime { get; init; }
}

/// <summary>Wh, A and V that an EV on AC asks for and can take.</summary>
public sealed record ACChargingParameters
{
    [WholeIn201]
    public required decimal EnergyAmount { get; init; }

    [WholeIn201]
    public required decimal EvMinCurrent { get; init; }

    [WholeIn201]
    public required decimal EvMaxCurrent { get; init; }

    [WholeIn201]
    public required decimal EvMaxVoltage { get; init; }
}

/// <summary>A, V, W, Wh and percent that an EV on DC asks for and can take.</summary>
public sealed record DCChargingParameters
{
    [WholeIn201]
    public required decimal EvMaxCurrent { get; init; }

    [WholeIn201]
    public required decimal EvMaxVoltage { get; init; }

    [WholeIn201]
    public decimal? EvMaxPower { get; init; }

    [WholeIn201]
    public decimal? EvEnergyCapacity { get; init; }

    [WholeIn201]
    public decimal? EnergyAmount { get; init; }

    [Between(0, 100, In201 = true)]
    public int? StateOfCharge { get; init; }

    [Between(0, 100, In201 = true)]
    public int? FullSoC { get; init; }

    [Between(0, 100, In201 = true)]
    public int? BulkSoC { get; init; }
}

/// <summary>What an EV that can discharge can do: W, A, V, Wh.</summary>
public sealed record V2XChargingParameters
{
    public decimal? MinChargePower { get; init; }

    [JsonPropertyName("minChargePower_L2")]
    public decimal? MinChargePowerL2 { get; init; }

    [JsonPropertyName("minChargePower_L3")]
    public decimal? MinChargePowerL3 { get; init; }

    public decimal? MaxChargePower { get; init; }

    [JsonPropertyName("maxChargePower_L2")]
    public decimal? MaxChargePowerL2 { get; init; }

    [JsonPropertyName("maxChargePower_L3")]
    public decimal? MaxChargePowerL3 { get; init; }

    public decimal? MinDischargePower { get; init; }

    [JsonPropertyName("minDischargePower_L2")]
    public decimal? MinDischargePowerL2 { get; init; }

    [JsonPropertyName("minDischargePower_L3")]
    public decimal? MinDischargePowerL3 { get; init; }

    public decimal? MaxDischargePower { get; init; }

    [JsonPropertyName("maxDischargePower_L2")]
    public decimal? MaxDischargePowerL2 { get; init; }

    [JsonPropertyName("maxDischargePower_L3")]
    public decimal? MaxDischargePowerL3 { get; init; }

    public decimal? MinChargeCurrent { get; init; }

    public decimal? MaxChargeCurrent { get; init; }

    public decimal? MinDischargeCurrent { get; init; }

    public decimal? MaxDischargeCurrent { get; init; }

    public decimal? MinVoltage { get; init; }

    public decimal? MaxVoltage { get; init; }

    public decimal? EvTargetEnergyRequest { get; init; }

    public decimal? EvMinEnergyRequest { get; init; }

    public decimal? EvMaxEnergyRequest { get; init; }

    public decimal? EvMinV2XEnergyRequest { get; init; }

    public decimal? EvMaxV2XEnergyRequest { get; init; }

    [Between(0, 100)]
    public int? TargetSoC { get; init; }
}

public enum ControlMode
{
    ScheduledControl,
    DynamicControl,
}

public enum MobilityNeedsMode
{
    EVCC,
    [JsonStringEnumMemberName("EVCC_SECC")] EVCCSECC,
}
