using System.Collections.Immutable;

namespace EdgeGateway.Certificates;

/// <summary>Where the site's own authority lies, whom else it trusts, and how long what it issues lasts.</summary>
public sealed record CertificatesOptions
{
    /// <summary>Holds private keys: mode 0700, beside the database, for the service may write nowhere else (S12).</summary>
    public string Directory { get; init; } = "/var/lib/edge-gateway/certificates";

    /// <summary>PEM files with further authorities whose client certificates are accepted: those of chargers' vendors.</summary>
    public ImmutableArray<string> TrustedRoots { get; init; } = [];

    /// <summary>Goes into every subject as O (OCPP 2.0.1 A00.FR.508); 64 characters are what X.509 has room for.</summary>
    public string Organization { get; init; } = "EdgeGateway";

    /// <summary>Days that a station's certificate is good for. A charger that cannot renew by itself needs a visit after it.</summary>
    public int StationDays { get; init; } = 730;

    /// <summary>Days that the listener's own certificate is good for; it is renewed by itself.</summary>
    public int ServerDays { get; init; } = 365;
}
