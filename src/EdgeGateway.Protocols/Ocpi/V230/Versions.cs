using System.Text.Json.Serialization;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>One line of the versions list (class Version of the standard; that name is .NET's).</summary>
public sealed record VersionInfo
{
    [CiString(10)]
    public required string Version { get; init; }

    [Form(StringForm.Url)]
    public required string Url { get; init; }
}

public sealed record VersionDetails
{
    [CiString(10)]
    public required string Version { get; init; }

    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    /// <summary>
    /// The url of a module of the peer; the role is not looked at for credentials, where it means nothing (V1). Null when it has none that
    /// could be called.
    /// </summary>
    public string? Find(string module, InterfaceRole role) => Endpoints.FirstOrDefault(endpoint =>
        CiString.Same(endpoint.Identifier, module) && OcpiUrl.IsHttp(endpoint.Url) && (module == ModuleId.Credentials || endpoint.Role is null || endpoint.Role == role))?.Url;
}

public sealed record Endpoint
{
    [CiString(36)]
    public required string Identifier { get; init; }

    /// <summary>Always sent; a peer that leaves it out, as 2.1.1 does, is read as having the role asked for.</summary>
    public Open<InterfaceRole>? Role { get; init; }

    /// <summary>Not judged as a url when read: one odd endpoint of a module that we do not use must not end a handshake.</summary>
    [Text(1000)]
    public required string Url { get; init; }
}

[JsonConverter(typeof(EnumTextConverter<InterfaceRole>))]
public enum InterfaceRole
{
    Sender,
    Receiver,
}

/// <summary>Module identifiers; parties may have more.</summary>
public static class ModuleId
{
    public const string Cdrs = "cdrs";
    public const string ChargingProfiles = "chargingprofiles";
    public const string Commands = "commands";
    public const string Credentials = "credentials";
    public const string HubClientInfo = "hubclientinfo";
    public const string Locations = "locations";
    public const string Sessions = "sessions";
    public const string Tariffs = "tariffs";
    public const string Tokens = "tokens";
    public const string Versions = "versions";
}
