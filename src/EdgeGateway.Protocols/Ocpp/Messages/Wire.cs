using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.Messages;

/// <summary>
/// The serialisers of a family of versions. Its types are those of the newest version; the older one is another way of writing them.
/// Whatever comes in is read as the newest: a 2.0.1 station that sends a member of 2.1 does no harm.
/// </summary>
public sealed class Wire
{
    private readonly OcppVersion _newest;
    private readonly OcppVersion? _older;
    private readonly JsonSerializerOptions? _olderOptions;

    public Wire(OcppVersion version, JsonSerializerOptions options) => (_newest, Options) = (version, options);

    public Wire(OcppVersion newest, JsonSerializerOptions options, OcppVersion older, JsonSerializerOptions olderOptions)
        : this(newest, options) => (_older, _olderOptions) = (older, olderOptions);

    /// <summary>Of the newest version.</summary>
    public JsonSerializerOptions Options { get; }

    /// <summary>How this version is written; null if it has none of this.</summary>
    public JsonSerializerOptions? For(OcppVersion version) =>
        version == _newest ? Options : version == _older ? _olderOptions : null;
}

/// <summary>The contract of one version over its family's types.</summary>
/// <param name="types">The generated serialisers.</param>
internal sealed class VersionContract(IJsonTypeInfoResolver types) : IJsonTypeInfoResolver
{
    /// <summary>Whether members that came later are left out.</summary>
    public bool IsOlder { get; init; }

    /// <summary>
    /// Whether each object may have a `customData` (2.x: for agreements between two vendors). We have none with anybody, so no
    /// record has such a member: what comes is passed over without a warning, and nothing of ours needs to send one.
    /// </summary>
    public bool HasCustomData { get; init; }

    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options)
    {
        var contract = types.GetTypeInfo(type, options);
        if (contract is null || !IsOlder) return contract;
        foreach (var member in contract.Properties)
        {
            // Muted, not removed: a contract that lost a required member would refuse its own type.
            if (IsLater(member)) member.ShouldSerialize = static (_, _) => false;
        }
        return contract;
    }

    public static bool IsLater(JsonPropertyInfo member) =>
        member.AttributeProvider?.IsDefined(typeof(SinceAttribute), inherit: true) == true;
}
