namespace EdgeGateway.Simulators.Charger;

/// <summary>What a simulated charger is like; the defaults are a well-behaved 11 kW wallbox.</summary>
public sealed record SimulatedChargerOptions
{
    public required string Identity { get; init; }

    /// <summary>For example <c>ws://127.0.0.1:8887/ocpp</c>; the identity is appended.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Basic authentication; null = none.</summary>
    public string? Password { get; init; }
    public int Connectors { get; init; } = 1;
    public string Vendor { get; init; } = "Simulated";
    public string Model { get; init; } = "Wallbox 11";
    public string Firmware { get; init; } = "1.0.0";

    /// <summary>While a car charges.</summary>
    public int PowerW { get; init; } = 11_000;

    /// <summary>Lifetime register of the first connector when the simulation begins, in Wh.</summary>
    public long RegisterWh { get; init; } = 100_000;

    /// <summary>Between two MeterValues of a transaction, until the central system sets MeterValueSampleInterval.</summary>
    public TimeSpan MeterInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The interval is read-only, as on chargers that reject the key.</summary>
    public bool FixedMeterInterval { get; init; }

    /// <summary>MeterValues tell Wh since the start of the session; Start and Stop the lifetime register (FIELD-NOTES 12).</summary>
    public bool SessionRelativeMeter { get; init; }

    /// <summary>Charges cards that it cannot ask about while it has no line.</summary>
    public bool StartsOffline { get; init; } = true;

    /// <summary>Its clock after a power-up, until the first BootNotification answer sets it (FIELD-NOTES 11); null = right.</summary>
    public DateTimeOffset? ClockAfterPowerUp { get; init; }

    /// <summary>What the car of a remote start wants, in Wh.</summary>
    public long RemoteNeedWh { get; init; } = 5_000;

    /// <summary>Knows ReserveNow and CancelReservation; many do not.</summary>
    public bool Reserves { get; init; } = true;
    public ReplayIds ReplayIds { get; init; } = ReplayIds.Mixed;
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Before a message that was not answered is sent again on the same line.</summary>
    public TimeSpan ResendInterval { get; init; } = TimeSpan.FromSeconds(2);
    public TimeSpan ReconnectFirst { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan ReconnectLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Seed of everything random about it.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Under which message ids unanswered messages are sent again (1.6-J errata 3.1; FIELD-NOTES 1).</summary>
public enum ReplayIds
{
    New,
    Same,
    Mixed,
}

/// <summary>Something that a charger did, for people.</summary>
/// <param name="Connector">0 = the charger itself.</param>
public sealed record ChargerEvent(DateTimeOffset At, string Charger, int Connector, string What);
