using System.Text.Json.Serialization;

namespace EdgeGateway.Admin;

/// <summary>A meter of the site: what it is there for, how it is read, and what it shows.</summary>
public sealed record MeterView
{
    public required string Id { get; init; }

    /// <summary><c>Grid</c> or <c>Station</c>.</summary>
    public required string Role { get; init; }
    public string? Station { get; init; }
    public int? Evse { get; init; }

    /// <summary>Of a station's: <c>Auto</c>, <c>Bill</c> or <c>Check</c>.</summary>
    public string? Use { get; init; }

    /// <summary><c>Good</c>, <c>Stale</c> (silent), <c>Implausible</c>, or <c>None</c>: nothing was read yet.</summary>
    public required string Quality { get; init; }

    /// <summary>Why it is not good.</summary>
    public string? Trouble { get; init; }

    /// <summary>When the values were read.</summary>
    public DateTimeOffset? At { get; init; }
    public long? EnergyWh { get; init; }
    public long? ExportWh { get; init; }

    /// <summary>Import positive.</summary>
    public decimal? PowerW { get; init; }
    public decimal? CurrentA { get; init; }
    public decimal? FrequencyHz { get; init; }
    public decimal? PowerFactor { get; init; }
    public decimal? ReactivePowerVar { get; init; }
    public IReadOnlyList<PhaseView> Phases { get; init; } = [];
    public required string Template { get; init; }
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Serial { get; init; }
    public required string Transport { get; init; }
    public required int Unit { get; init; }
    public required double PollSeconds { get; init; }
}

public sealed record PhaseView(decimal? VoltageV, decimal? CurrentA, decimal? PowerW);

/// <summary>What a device has, read just now.</summary>
/// <param name="Trouble">What could not be read; null when all was.</param>
/// <param name="Remarks">How the device wants to be read, as it turned out.</param>
public sealed record RegistersView(
    string Meter, string Template, string Transport, int Unit, IReadOnlyList<RegisterView> Values, string? Trouble, IReadOnlyList<string> Remarks);

/// <param name="Function">3: holding, 4: input, 1: coil, 2: discrete.</param>
/// <param name="Address">0-based, as on the wire.</param>
/// <param name="Raw">Words as they came, in hexadecimal.</param>
/// <param name="Remark">Why there is no value.</param>
public sealed record RegisterView(
    string Quantity, string? Phase, decimal? Value, string? Unit, string? Text, int Function, int Address, string Type, IReadOnlyList<string> Raw, string? Remark);

/// <param name="Transport">As in the configuration.</param>
/// <param name="From">Unit; 1 when absent.</param>
/// <param name="To">Unit; 247 when absent.</param>
/// <param name="TimeoutMs">For each answer; 300 when absent.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ScanBody(string? Transport = null, int? From = null, int? To = null, int? TimeoutMs = null);

/// <summary>One unit that was asked.</summary>
/// <param name="Template">Likely; null: none fits.</param>
/// <param name="IsCertain">It said what it is; else its values are only plausible.</param>
/// <param name="Why">What was asked and what came.</param>
public sealed record ScanView(int Unit, bool Answers, string? Template, string? Vendor, string? Model, string? Serial, bool IsCertain, string? Why);

/// <summary>A Modbus line.</summary>
public sealed record BusView
{
    public required string Transport { get; init; }
    public required bool Open { get; init; }
    public string? Why { get; init; }
    public string? Remark { get; init; }
    public required long Requests { get; init; }
    public required long Failures { get; init; }
    public required long Openings { get; init; }
    public required long StrayBytes { get; init; }
    public required long LateAnswers { get; init; }
    public required int Waiting { get; init; }

    /// <summary>Units that are asked ever more seldom because they do not answer.</summary>
    public required IReadOnlyList<RestingView> Resting { get; init; }

    /// <summary>Since its worker last went round; 0 while it has nothing to do.</summary>
    public required double SinceProgressSeconds { get; init; }
}

/// <param name="Silences">Requests in a row without an answer.</param>
/// <param name="LeftSeconds">Until it is asked again.</param>
public sealed record RestingView(int Unit, int Silences, double LeftSeconds);

/// <param name="Direction"><c>Out</c> from us, <c>In</c> to us.</param>
/// <param name="Bytes">In hexadecimal, as on the line.</param>
public sealed record BusFrameView(DateTimeOffset At, string Direction, string Bytes, string Remark);

/// <summary>A scan that is under way, or why there is none.</summary>
public sealed record Scan(IAsyncEnumerable<ScanView>? Found, string? Why);

/// <summary>What the technician's listener needs for the site's meters; the joining code fills it in.</summary>
public sealed record MeterParts
{
    public required Func<IReadOnlyList<MeterView>> All { get; init; }

    /// <summary>Null: no meter has that id.</summary>
    public required Func<string, CancellationToken, Task<RegistersView?>> RegistersAsync { get; init; }

    /// <summary>What is wrong with the text of a transport; null: nothing.</summary>
    public required Func<string, string?> Fault { get; init; }

    /// <summary>Transport, first and last unit, patience.</summary>
    public required Func<string, int, int, TimeSpan, CancellationToken, Task<Scan>> ScanAsync { get; init; }
    public required Func<IReadOnlyList<BusView>> Buses { get; init; }

    /// <summary>A transport or the id of a meter; null: neither is in use.</summary>
    public required Func<string, CancellationToken, IAsyncEnumerable<BusFrameView>?> Watch { get; init; }
}
