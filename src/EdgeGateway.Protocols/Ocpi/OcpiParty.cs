namespace EdgeGateway.Protocols.Ocpi;

/// <summary>A party: alpha-2 country and three characters. Both compare without case (1.2 ids) and are kept in upper case.</summary>
public readonly record struct OcpiParty
{
    public OcpiParty(string countryCode, string partyId)
    {
        CountryCode = countryCode.ToUpperInvariant();
        PartyId = partyId.ToUpperInvariant();
    }

    public string CountryCode { get; }

    public string PartyId { get; }

    public override string ToString() => $"{CountryCode}*{PartyId}";
}

/// <summary>OCPI's case-insensitive string: ids that peers may spell in either case (T13).</summary>
public static class CiString
{
    public static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
