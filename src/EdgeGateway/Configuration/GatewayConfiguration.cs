using System.Collections.Immutable;
using System.Net;
using EdgeGateway.Certificates;
using EdgeGateway.Chargers;
using EdgeGateway.Hubs;
using EdgeGateway.Journal;
using EdgeGateway.Meters;
using EdgeGateway.Mqtt;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Configuration;

/// <summary>The file, checked and frozen (PRODUCT §3). Replaced whole when it changes; the joining code hands each folder its part.</summary>
public sealed record GatewayConfiguration
{
    public required SiteConfiguration Site { get; init; }
    public Listeners Listeners { get; init; } = new();
    public ChargersOptions Chargers { get; init; } = new();
    public MetersOptions Meters { get; init; } = new();

    /// <summary>Devices on Modbus that are known: built in, and the installer's own.</summary>
    public TemplateBook Templates { get; init; } = TemplateBook.Embedded;

    /// <summary>Its <c>PublicUrl</c> is empty when none is given: then it is where the listener is bound, below <c>/ocpi</c> (loopback only).</summary>
    public HubsOptions Hubs { get; init; } = new() { PublicUrl = "" };
    public MqttSettings Mqtt { get; init; } = new();
    public StorageOptions Storage { get; init; } = new();
    public CertificatesOptions Certificates { get; init; } = new();
    public AdminSettings Admin { get; init; } = new();
    public LogSettings Log { get; init; } = new();
}

/// <summary>Where the three listeners are. A change needs a restart.</summary>
public sealed record Listeners
{
    public ImmutableArray<ListenUrl> Ocpp { get; init; } = [ListenUrl.Http(IPAddress.Any, 8887)];

    /// <summary>Null: where one is needed, it is the site authority's.</summary>
    public CertificateFiles? OcppCertificate { get; init; }
    public ListenUrl Ocpi { get; init; } = ListenUrl.Http(IPAddress.Loopback, 8889);
    public CertificateFiles? OcpiCertificate { get; init; }
    public ListenUrl Admin { get; init; } = ListenUrl.Http(IPAddress.Loopback, 8080);
    public CertificateFiles? AdminCertificate { get; init; }

    public bool Equals(Listeners? other) => ToString() == other?.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() =>
        $"ocpp {string.Join(' ', Ocpp)} {OcppCertificate}, ocpi {Ocpi} {OcpiCertificate}, admin {Admin} {AdminCertificate}";
}

/// <summary>PEM files; read again when they change.</summary>
/// <param name="Key">Null: the key is in the same file.</param>
public sealed record CertificateFiles(string Certificate, string? Key);

/// <summary>The least level that is logged, by the beginning of a category's name.</summary>
public sealed record LogSettings
{
    public LogLevel Default { get; init; } = LogLevel.Information;
    public ImmutableSortedDictionary<string, LogLevel> ByCategory { get; init; } = ImmutableSortedDictionary<string, LogLevel>.Empty;

    public bool Equals(LogSettings? other) => other is not null && Default == other.Default && ByCategory.SequenceEqual(other.ByCategory);

    public override int GetHashCode() => HashCode.Combine(Default, ByCategory.Count);
}

public sealed record AdminSettings
{
    /// <summary>Basic auth, any user name. Off loopback there has to be one.</summary>
    public string? Password { get; init; }

    /// <summary>Records print their members; a password is not to be printed (S11).</summary>
    public override string ToString() => Password is null ? "no password" : "a password";
}
