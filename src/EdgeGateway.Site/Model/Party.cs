namespace EdgeGateway.Site.Model;

/// <summary>A party of the roaming world: two-letter country and three-letter party id, compared without case.</summary>
public sealed record Party(string CountryCode, string PartyId)
{
    public bool Is(Party? other) =>
        other is not null
        && string.Equals(CountryCode, other.CountryCode, StringComparison.OrdinalIgnoreCase)
        && string.Equals(PartyId, other.PartyId, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{CountryCode}-{PartyId}";
}
