using System.Collections.Immutable;

namespace EdgeGateway.Chargers.Quirks;

/// <summary>What a vendor's model needs beyond the standard (FIELD-NOTES' twelfth). What is null or empty is as the standard has it.</summary>
public sealed record ModelQuirks
{
    /// <summary>Subprotocol of a charger that offers none or a wrong one (FIELD-NOTES 5).</summary>
    public string? AssumeProtocol { get; init; }

    /// <summary>False: permessage-deflate is not agreed to (FIELD-NOTES 28).</summary>
    public bool? Compression { get; init; }

    /// <summary>A quiet line is pinged this often; 0 = never (FIELD-NOTES 16).</summary>
    public int? PingSeconds { get; init; }

    /// <summary>Cut off the end of id tags (FIELD-NOTES 19).</summary>
    public string? IdTagSuffix { get; init; }

    /// <summary>The measurands that it takes, the most needed first, in OCPP's names (FIELD-NOTES 14).</summary>
    public ImmutableArray<string> Measurands { get; init; } = [];

    /// <summary>Ways of setting a limit, in the order in which they are tried (FIELD-NOTES 13).</summary>
    public ImmutableArray<LimitWay> Ladder { get; init; } = [];

    /// <summary>What its energy values within a session count from (FIELD-NOTES 12); null: found out.</summary>
    public MeterBase? MeterBase { get; init; }

    /// <summary>Its energy values are in Wh although they name kWh (FIELD-NOTES 6).</summary>
    public bool? WhDeclaredAsKwh { get; init; }

    /// <summary>It is never asked for its settings: some restart when they are (FIELD-NOTES 14).</summary>
    public bool? NeverAsked { get; init; }

    /// <summary>Settings that it is given beyond those of the configuration.</summary>
    public ImmutableSortedDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Which device made this necessary, and who found it out.</summary>
    public string? Because { get; init; }
}

/// <summary>One way of telling a charger a limit.</summary>
/// <param name="Unit"><c>A</c> or <c>W</c>.</param>
/// <param name="Kind"><c>Absolute</c> or <c>Relative</c>.</param>
public sealed record LimitWay(string Unit, string Kind, int StackLevel, string Purpose = "TxProfile")
{
    public override string ToString() => $"{Kind} in {Unit} at level {StackLevel}{(Purpose == "TxProfile" ? "" : $" as {Purpose}")}";
}

public enum MeterBase
{
    /// <summary>The meter's whole life.</summary>
    Lifetime,

    /// <summary>The session's start, in MeterValues only; Start and Stop tell the lifetime.</summary>
    SessionInMeterValues,
}
