namespace EdgeGateway.Chargers.Security;

/// <summary>The security profiles of OCPP, and the least that each station is let in with.</summary>
public sealed class SecurityProfiles
{
    /// <summary>Profile 0: nobody proves anything.</summary>
    public const int Nothing = 0;
    public const int Password = 1;

    /// <summary>A password over TLS.</summary>
    public const int Encrypted = 2;

    /// <summary>TLS with a client certificate.</summary>
    public const int Certificate = 3;

    /// <summary>The file says it; else what the station was raised to. Null: a password, over whatever it comes.</summary>
    public ValueTask<int?> LeastAsync(StationAccess access, CancellationToken cancellationToken) => new(access.SecurityProfile);
}
