namespace EdgeGateway.Chargers.Security;

/// <summary>What the connection under a charger's request knows of who calls. Set on it by whoever opened the listener.</summary>
public sealed record LineTransport
{
    /// <summary>TLS: what profiles 2 and 3 ask for.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>The one that was presented, its key proved by the handshake; null where there was none.</summary>
    public ClientCertificate? Certificate { get; init; }

    /// <summary>To be called once the caller was let in: until then it is one of few who may wait, and for seconds only (S3, S5).</summary>
    public Action Admitted { get; init; } = static () => { };
}

/// <summary>A client certificate as the chargers' door sees it.</summary>
/// <param name="Serial">Hex; what it is called in <c>cert list</c>.</param>
/// <param name="Station">The station that the site's authority issued it to; null for a vendor's.</param>
/// <param name="Because">Why it is not trusted; null where it is.</param>
public sealed record ClientCertificate(string Serial, string? CommonName, string? Station, DateTimeOffset NotAfter, string? Because)
{
    public bool IsTrusted => Because is null;

    /// <summary>Whether it has been taken back since; looked up each time.</summary>
    public Func<bool> IsRevoked { get; init; } = static () => false;

    /// <summary>Whom it speaks for: the station it was issued to, else its CN (S2).</summary>
    public string Name => Station ?? CommonName ?? "?";
}
