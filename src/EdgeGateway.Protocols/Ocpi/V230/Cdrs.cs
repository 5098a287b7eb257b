using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>Section 10. Times in hours, energy in kWh. Written once, frozen as bytes and never changed after (D3).</summary>
public sealed record Cdr
{
    [CiString(2, Min = 2)]
    public required string CountryCode { get; init; }

    [CiString(3, Min = 3)]
    public required string PartyId { get; init; }

    /// <summary>At most 36 of the 39 are ours, so that a suffix fits a credit CDR (D4).</summary>
    [CiString(39)]
    public required string Id { get; init; }

    public required DateTimeOffset StartDateTime { get; init; }

    public required DateTimeOffset EndDateTime { get; init; }

    [CiString(36)]
    public string? SessionId { get; init; }

    public required CdrToken CdrToken { get; init; }

    public required AuthMethod AuthMethod { get; init; }

    [CiString(36)]
    public string? AuthorizationReference { get; init; }

    public required CdrLocation CdrLocation { get; init; }

    [Text(255)]
    public string? MeterId { get; init; }

    [CiString(3, Min = 3)]
    public required string Currency { get; init; }

    public IReadOnlyList<Tariff>? Tariffs { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<ChargingPeriod> ChargingPeriods { get; init; }

    public SignedData? SignedData { get; init; }

    public required Price TotalCost { get; init; }

    public Price? TotalFixedCost { get; init; }

    public required decimal TotalEnergy { get; init; }

    public Price? TotalEnergyCost { get; init; }

    public required decimal TotalTime { get; init; }

    public Price? TotalTimeCost { get; init; }

    public decimal? TotalParkingTime { get; init; }

    public Price? TotalParkingCost { get; init; }

    public Price? TotalReservationCost { get; init; }

    [Text(255)]
    public string? Remark { get; init; }

    [CiString(39)]
    public string? InvoiceReferenceId { get; init; }

    public bool? Credit { get; init; }

    [CiString(39)]
    public string? CreditReferenceId { get; init; }

    public bool? HomeChargingCompensation { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}

/// <summary>The location as it was when the session began (D5).</summary>
public sealed record CdrLocation
{
    [CiString(36)]
    public required string Id { get; init; }

    [Text(255)]
    public string? Name { get; init; }

    /// <summary>255 since the errata of Location; a CDR's reader may still hold it to 45, so shorten what is sent.</summary>
    [Text(255)]
    public required string Address { get; init; }

    [Text(45)]
    public required string City { get; init; }

    [Text(10)]
    public string? PostalCode { get; init; }

    [Text(45)]
    public string? State { get; init; }

    /// <summary>Alpha-3.</summary>
    [CiString(3, Min = 3)]
    public required string Country { get; init; }

    public required GeoLocation Coordinates { get; init; }

    [CiString(36)]
    public required string EvseUid { get; init; }

    [CiString(48)]
    public required string EvseId { get; init; }

    [CiString(36)]
    public required string ConnectorId { get; init; }

    public required Open<ConnectorType> ConnectorStandard { get; init; }

    public required ConnectorFormat ConnectorFormat { get; init; }

    public required PowerType ConnectorPowerType { get; init; }
}

/// <summary>Who charged: all members are mandatory in sessions and CDRs.</summary>
public sealed record CdrToken
{
    [CiString(2, Min = 2)]
    public required string CountryCode { get; init; }

    [CiString(3, Min = 3)]
    public required string PartyId { get; init; }

    [CiString(36)]
    public required string Uid { get; init; }

    public required Open<TokenType> Type { get; init; }

    [CiString(36)]
    public required string ContractId { get; init; }
}

/// <summary>What the meter signed, bytes unchanged (D8).</summary>
public sealed record SignedData
{
    [CiString(36)]
    public required string EncodingMethod { get; init; }

    public int? EncodingMethodVersion { get; init; }

    [Text(512)]
    public string? PublicKey { get; init; }

    [AtLeastOne]
    public required IReadOnlyList<SignedValue> SignedValues { get; init; }

    [Text(512)]
    public string? Url { get; init; }
}

public sealed record SignedValue
{
    /// <summary>Start, End or Intermediate.</summary>
    [CiString(32)]
    public required string Nature { get; init; }

    [Text(5000)]
    public required string PlainData { get; init; }

    [Text(5000)]
    public required string SignedData { get; init; }
}
