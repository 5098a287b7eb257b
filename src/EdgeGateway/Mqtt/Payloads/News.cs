using System.ComponentModel;

namespace EdgeGateway.Mqtt.Payloads;

// What is told once and not retained.

public sealed record SessionPayload
{
    [Description("The session's id, the same at charger, hub and CDR")]
    public required string Id { get; init; }

    [Description("The transactionId that an OCPP 1.6 charger knows")]
    public required int Number { get; init; }

    [Description("The station's id")]
    public required string Station { get; init; }

    [Description("1-based number of the EVSE on its station")]
    public required int Evse { get; init; }

    [Description("1-based number of the connector on its EVSE")]
    public required int Connector { get; init; }

    [Description("State of the session")]
    [OneOf("Reservation", "Pending", "Active", "Completed", "Invalid")]
    public required string Status { get; init; }

    [Description("Nothing follows for this session, unless its CDR is revised")]
    public required bool Last { get; init; }

    [Description("First and last characters of the token; never a whole uid")]
    public required string IdTag { get; init; }

    [Description("The hub that is owed the CDR; null when the session is the site's own")]
    public required string? Hub { get; init; }

    [Description("When it began")]
    public required DateTimeOffset Started { get; init; }

    [Description("When it ended; null while it runs")]
    public required DateTimeOffset? Ended { get; init; }

    [Description("Energy since its start in Wh; of the last message: the CDR's total")]
    public required long EnergyWh { get; init; }

    [Description("Newest power in W; null where it is not told, and at the end")]
    public required decimal? PowerW { get; init; }

    [Description("Newest state of charge of the vehicle's battery in percent, where it is told")]
    public required decimal? StateOfChargePercent { get; init; }

    [Description("Why it ended, as the charger told")]
    public required string? StopReason { get; init; }

    [Description("What was unusual about it")]
    public required IReadOnlyList<string> Flags { get; init; }

    [Description("Id of the CDR; null before the last message, and where there is none")]
    public required string? Cdr { get; init; }

    [Description("ISO 4217; of the CDR")]
    public required string? Currency { get; init; }

    [Description("What the session costs without VAT; of the CDR")]
    public required decimal? TotalExclVat { get; init; }

    [Description("What the session costs with VAT; of the CDR, where VAT is known")]
    public required decimal? TotalInclVat { get; init; }

    [Description("Charging and parking in seconds; of the CDR")]
    public required double? DurationSeconds { get; init; }

    [Description("Parking alone in seconds; of the CDR")]
    public required double? ParkingSeconds { get; init; }

    [Description("When its content last changed")]
    public required DateTimeOffset LastUpdated { get; init; }
}

public sealed record EventPayload
{
    [Description("When the gateway was started: seq counts anew from there")]
    public required DateTimeOffset Run { get; init; }

    [Description("1, 2, 3 … within the run: a repeat has the number of its original (QoS 1 allows repeats), a gap means that events were dropped")]
    public required long Seq { get; init; }

    [Description("When it happened")]
    public required DateTimeOffset At { get; init; }

    [Description("How bad it is")]
    [OneOf("Info", "Warning", "Error")]
    public required string Severity { get; init; }

    [Description("A stable word, for example StationConnected")]
    public required string Code { get; init; }

    [Description("What it is about, for example a station's id")]
    public required string Subject { get; init; }

    [Description("For people")]
    public required string Text { get; init; }
}
