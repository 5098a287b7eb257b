using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Simulators.Charger;

/// <summary>What a simulated charger is like; the defaults are a well-behaved 11 kW wallbox that speaks 1.6.</summary>
public sealed record SimulatedChargerOptions
{
    public required string Identity { get; init; }

    /// <summary>For example <c>ws://127.0.0.1:8887/ocpp</c>; the identity is appended.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The only one that it offers.</summary>
    public OcppVersion Version { get; init; } = OcppVersion.V16;

    /// <summary>Basic authentication; null = none.</summary>
    public string? Password { get; init; }

    /// <summary>With its key, for mutual TLS (profile 3); null = none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The root that it trusts a <c>wss://</c> endpoint by; null = the system's.</summary>
    public X509Certificate2? TrustedRoot { get; init; }

    /// <summary>Each an EVSE of its own in 2.x.</summary>
    public int Connectors { get; init; } = 1;
    public string Vendor { get; init; } = "Simulated";
    public string Model { get; init; } = "Wallbox 11";
    public string Firmware { get; init; } = "1.0.0";

    /// <summary>While a car charges and nothing limits it.</summary>
    public int PowerW { get; init; } = 11_000;

    /// <summary>Lifetime register of the first connector when the simulation begins, in Wh.</summary>
    public long RegisterWh { get; init; } = 100_000;

    /// <summary>Has a meter of its own; without one it tells 0 at the start and at the end, and nothing between.</summary>
    public bool HasMeter { get; init; } = true;

    /// <summary>How long a car hesitates between being let and drawing.</summary>
    public TimeSpan DrawsAfter { get; init; }

    /// <summary>Between two meter values of a transaction, until the central system sets another.</summary>
    public TimeSpan MeterInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The interval is read-only, as on chargers that reject the key.</summary>
    public bool FixedMeterInterval { get; init; }

    /// <summary>Meter values tell Wh since the start of the session; a start and a stop of 1.6 the lifetime register (FIELD-NOTES 12).</summary>
    public bool SessionRelativeMeter { get; init; }

    /// <summary>2.x: when a transaction begins. 1.6 has only <see cref="TransactionPoint.PowerPathClosed"/>.</summary>
    public TransactionPoint StartPoint { get; init; } = TransactionPoint.PowerPathClosed;

    /// <summary>2.x: when it ends: with the permission (also <see cref="TransactionPoint.PowerPathClosed"/>), or only when the car leaves.</summary>
    public TransactionPoint StopPoint { get; init; } = TransactionPoint.Authorized;

    public ChargerQuirks Quirks { get; init; }

    /// <summary>Puts signed readings (OCMF) beside the first and the last reading of a transaction.</summary>
    public bool SignsReadings { get; init; }

    /// <summary>Charges cards that it cannot ask about while it has no line.</summary>
    public bool StartsOffline { get; init; } = true;

    /// <summary>Its clock after a power-up, until the first BootNotification answer sets it (FIELD-NOTES 11); null = right.</summary>
    public DateTimeOffset? ClockAfterPowerUp { get; init; }

    /// <summary>What the car of a remote start wants, in Wh.</summary>
    public long RemoteNeedWh { get; init; } = 5_000;

    /// <summary>Knows ReserveNow and CancelReservation; many do not.</summary>
    public bool Reserves { get; init; } = true;

    /// <summary>How many cards its local list holds.</summary>
    public int LocalListEntries { get; init; } = 100;

    /// <summary>How many cards one SendLocalList may bring.</summary>
    public int LocalListPerMessage { get; init; } = 20;
    /// <summary>Share of its messages before which something goes out that is no message; 0 = none.</summary>
    public double Babbles { get; init; }
    public ReplayIds ReplayIds { get; init; } = ReplayIds.Mixed;
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Before a message that was not answered is sent again on the same line.</summary>
    public TimeSpan ResendInterval { get; init; } = TimeSpan.FromSeconds(2);
    public TimeSpan ReconnectFirst { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan ReconnectLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Seed of everything random about it.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Where a transaction can begin (2.x TxStartPoint).</summary>
public enum TransactionPoint
{
    /// <summary>A car is plugged in.</summary>
    EVConnected,

    /// <summary>A card was accepted.</summary>
    Authorized,

    /// <summary>Both: energy can flow.</summary>
    PowerPathClosed,
}

/// <summary>Odd ways that real chargers have.</summary>
[Flags]
public enum ChargerQuirks
{
    None = 0,

    /// <summary>seqNo is 0 in every event (FIELD-NOTES 23, a test charger of Solidstudio).</summary>
    SequenceAlwaysZero = 1,

    /// <summary>seqNo runs on over all transactions (2.0.1 E 1.3.2 allows it).</summary>
    SequenceRunsOn = 2,

    /// <summary>What happened while the line was down is not marked (FIELD-NOTES 23, MicroOcpp).</summary>
    NeverSaysOffline = 4,

    /// <summary>No event names an EVSE (FIELD-NOTES 23, MicroOcpp).</summary>
    NeverSaysEvse = 8,

    /// <summary>Energy in kWh.</summary>
    EnergyInKwh = 16,

    /// <summary>Takes charging profiles of stack level 0 only (FIELD-NOTES 13, ABB).</summary>
    OnlyStackLevelZero = 32,

    /// <summary>Takes charging profiles in watts only (FIELD-NOTES 13, Huawei).</summary>
    OnlyWatts = 64,

    /// <summary>Takes relative charging profiles only (FIELD-NOTES 13, Wallbox).</summary>
    OnlyRelative = 128,
}

/// <summary>Under which message ids unanswered messages are sent again (1.6-J errata 3.1; FIELD-NOTES 1). 2.0.1 demands new ones.</summary>
public enum ReplayIds
{
    New,
    Same,
    Mixed,
}

/// <summary>Something that a charger did, for people.</summary>
/// <param name="Connector">0 = the charger itself.</param>
public sealed record ChargerEvent(DateTimeOffset At, string Charger, int Connector, string What);
