using System.Collections.Concurrent;

namespace EdgeGateway.Simulators.Hub;

/// <summary>A party behind the hub (H1).</summary>
public sealed record HubParty
{
    public string CountryCode { get; init; } = "DE";
    public string PartyId { get; init; } = "MSP";

    /// <summary>CPO, EMSP, NSP, …</summary>
    public string Role { get; init; } = "EMSP";

    /// <summary>CONNECTED, OFFLINE, PLANNED or SUSPENDED.</summary>
    public string Status { get; init; } = "CONNECTED";
    public DateTimeOffset LastUpdated { get; init; } = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal string Key => $"{CountryCode}/{PartyId}/{Role}";
}

/// <summary>The parties behind a hub; at first the one whose tokens it has.</summary>
public sealed class HubParties
{
    private readonly ConcurrentDictionary<string, HubParty> _parties = new(StringComparer.OrdinalIgnoreCase);

    public HubParties() => Put(new());

    public IReadOnlyList<HubParty> All => [.. _parties.Values.OrderBy(p => p.Key, StringComparer.Ordinal)];

    public void Put(HubParty party) => _parties[party.Key] = party;
}
