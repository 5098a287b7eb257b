using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

public enum UnitOfMeasure
{
    Wh,
    [JsonStringEnumMemberName("kWh")] KWh,
    [JsonStringEnumMemberName("varh")] Varh,
    [JsonStringEnumMemberName("kvarh")] Kvarh,
    W,
    [JsonStringEnumMemberName("kW")] KW,
    VA,
    [JsonStringEnumMemberName("kVA")] KVA,
    [JsonStringEnumMemberName("var")] Var,
    [JsonStringEnumMemberName("kvar")] Kvar,
    A,
    V,
    K,
    // Both spellings are in the schemas and both are right (1.6-J errata 2.1).
    [WireAlias("Celcius")] Celsius,
    Fahrenheit,
    [WireAlias("%", Tolerated = true)] Percent,
}
