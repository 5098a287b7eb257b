using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Registering;

/// <summary>What a hub speaks, and where. Lists of versions and endpoints look the same in every version, but for a role that 2.1.1 leaves out.</summary>
public sealed record Discovered(string Version, IHubDialect Dialect, IReadOnlyList<HubEndpoint> Endpoints, TokenEncoding Encoding);

/// <summary>GET versions, choose, GET details (V1, V2): the first steps of every handshake, whoever began it.</summary>
internal static class Discovery
{
    /// <param name="Failure">Null when something was found.</param>
    /// <param name="Code">The status code that tells a hub why (checklist §3).</param>
    public readonly record struct Outcome(Discovered? Found, string? Failure, int Code, bool MayPass, bool IsUnauthorized = false);

    /// <param name="heard">How the hub wrote its own token, when it began the handshake.</param>
    public static async Task<Outcome> LookAsync(
        HubLink link, HubUrls urls, string versionsUrl, string token, TokenEncoding? heard, CancellationToken cancellationToken)
    {
        var isAuto = link.Options.TokenEncoding == HubTokenEncoding.Auto;
        var first = isAuto ? heard ?? link.Encoding : link.Encoding;
        var client = link.Client(token, first, Wire.OcpiJson.For(OcpiVersion.V221));
        OcpiReply<IReadOnlyList<Wire.VersionInfo>> versions;
        if (isAuto)
            (versions, client) = await client.GetListTryingTokenFormsAsync<Wire.VersionInfo>(versionsUrl, null, cancellationToken);
        else
            versions = await client.GetListAsync<Wire.VersionInfo>(versionsUrl, null, cancellationToken);
        if (!versions.HasData)
            return Failed($"GET versions: {versions.Reason}", OcpiStatus.ClientApiUnusable, mayPass: true) with { IsUnauthorized = versions.HttpStatus == 401 };

        foreach (var version in HubDialects.For(link.Options))
        {
            if (versions.Data.FirstOrDefault(v => OcpiVersions.Parse(v.Version) == version) is not { } offered)
                continue;
            // Wherever these urls lead, our token goes with the call: not in the clear, and not into our own network (T1, S9).
            if (await urls.DetourAsync(link, offered.Url, versionsUrl, cancellationToken) is { } detour)
                return Failed($"its url for version {version.Text()}: {detour}", OcpiStatus.ClientApiUnusable, mayPass: false);
            var text = version.Text();
            var dialect = HubDialects.For(text, link.Options)!;
            // T2: auto is by version, where the hub has neither shown nor proven another form. Versions urls often take both, modules one.
            var byVersion = dialect.HasRouting ? TokenEncoding.Base64 : TokenEncoding.Plain;
            var isOpen = isAuto && heard is null && link.Record.Version != text && client.Access.TokenEncoding == first && first != byVersion;
            var asked = isOpen ? client.With(client.Access with { TokenEncoding = byVersion }) : client;
            var details = await asked.GetAsync<Wire.VersionDetails>(offered.Url, null, cancellationToken);
            if (isOpen && details.HttpStatus == 401)
                details = await client.GetAsync<Wire.VersionDetails>(offered.Url, null, cancellationToken);
            else
                client = asked;
            if (!details.HasData)
                return Failed($"GET version details: {details.Reason}", OcpiStatus.ClientApiUnusable, mayPass: true);
            var endpoints = details.Data.Endpoints.Select(Endpoint).ToList();
            if (!endpoints.Exists(e => CiString.Same(e.Module, Wire.ModuleId.Credentials)))
                return Failed($"its version {version.Text()} has no credentials endpoint", OcpiStatus.NoMatchingEndpoints, mayPass: false);
            foreach (var endpoint in endpoints)
            {
                if (await urls.DetourAsync(link, endpoint.Url, versionsUrl, cancellationToken) is { } elsewhere)
                    return Failed($"its endpoint {endpoint.Module}: {elsewhere}", OcpiStatus.ClientApiUnusable, mayPass: false);
            }
            return new(new(text, dialect, endpoints, client.Access.TokenEncoding), null, OcpiStatus.Success, false);
        }
        var theirs = string.Join(", ", versions.Data.Select(v => v.Version));
        var ours = string.Join(", ", HubDialects.For(link.Options).Select(v => v.Text()));
        return Failed($"no common version: the hub has {theirs}; we speak {ours} with it", OcpiStatus.UnsupportedVersion, mayPass: false);
    }

    private static Outcome Failed(string why, int code, bool mayPass) => new(null, why, code, mayPass);

    private static HubEndpoint Endpoint(Wire.Endpoint endpoint) => new(endpoint.Identifier, endpoint.Role?.Known switch
    {
        Wire.InterfaceRole.Receiver => true,
        Wire.InterfaceRole.Sender when !CiString.Same(endpoint.Identifier, Wire.ModuleId.Credentials) => false,
        _ => null,
    }, endpoint.Url);
}
