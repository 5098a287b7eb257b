using System.Text.Json;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>The two ways of writing the one set of types: all of it for 2.1, without what came later for 2.0.1.</summary>
internal static class V21Wire
{
    private static readonly JsonSerializerOptions Options21 = Options(isOlder: false);

    /// <summary>Of actions that 2.0.1 has too.</summary>
    public static readonly Wire Both = new(OcppVersion.V21, Options21, OcppVersion.V201, Options(isOlder: true));

    /// <summary>Of actions that came with 2.1.</summary>
    public static readonly Wire Since21 = new(OcppVersion.V21, Options21);

    private static JsonSerializerOptions Options(bool isOlder)
    {
        var options = new JsonSerializerOptions(V21Json.Default.Options)
        {
            TypeInfoResolver = new VersionContract(V21Json.Default) { IsOlder = isOlder, HasCustomData = true },
        };
        options.MakeReadOnly();
        return options;
    }
}
