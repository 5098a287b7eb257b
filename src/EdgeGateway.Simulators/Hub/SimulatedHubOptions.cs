using EdgeGateway.Protocols.Ocpi;

namespace EdgeGateway.Simulators.Hub;

/// <summary>What a simulated hub is.</summary>
public sealed record SimulatedHubOptions
{
    public string Name { get; init; } = "Simulated Hub";
    public string CountryCode { get; init; } = "DE";
    public string PartyId { get; init; } = "HUB";

    /// <summary>Token A, given to the CPO by hand; works for one registration.</summary>
    public required string RegistrationToken { get; init; }

    /// <summary>What it offers; the CPO picks.</summary>
    public IReadOnlyList<OcpiVersion> Versions { get; init; } = [OcpiVersion.V211, OcpiVersion.V221, OcpiVersion.V230];

    /// <summary>X-Total-Count on its lists, which hubs seldom send (§16).</summary>
    public bool TotalCounts { get; init; }

    /// <summary>0 = any free one. It stays the same through <see cref="SimulatedHub.GoDownAsync"/> and <see cref="SimulatedHub.ComeUpAsync"/>.</summary>
    public int Port { get; init; }

    /// <summary>Most tokens on one page, whatever <c>limit</c> says.</summary>
    public int TokenPageSize { get; init; } = 50;

    /// <summary>A hub that takes tokens unencoded, against the text of 2.2.1 and later (T2).</summary>
    public bool PlainTokens { get; init; }

    /// <summary>A hub that refuses a CDR it has already with 2000, which is as good as a delivery (D3).</summary>
    public bool RefusesRepeatedCdrs { get; init; }

    /// <summary>Seed of the tokens it gives out.</summary>
    public int Seed { get; init; } = 1;
}
