using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Simulators.Charger;

namespace EdgeGateway.SystemTests.Fixtures;

/// <summary>A site's chargers as they come: every version, by turns.</summary>
public static class Fleet
{
    private static readonly OcppVersion[] Versions = [OcppVersion.V16, OcppVersion.V201, OcppVersion.V21];

    public static SimulatedChargerOptions Mixed(SimulatedChargerOptions options, int number) => options with { Version = Versions[number % Versions.Length] };
}
