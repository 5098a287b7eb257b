using System.Globalization;
using System.Text;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>What a charger shows of itself at one moment, brought to words that hold for every device.</summary>
/// <param name="Told">The state in its own code, for people.</param>
/// <param name="EnergyWh">Of its counter: its whole life's, or its own session's.</param>
/// <param name="CurrentA">Sum over the phases.</param>
/// <param name="Token">The uid of the card that it saw last, upper case, without separators; null: none.</param>
internal sealed record ChargerShow(
    VehicleState State, string? Told, string? ErrorCode, decimal? EnergyWh, decimal? PowerW, decimal? CurrentA, string? Token)
{
    /// <summary>Whether it told of cards at all this time: what was not read is no card that was taken away.</summary>
    public bool HasToken { get; private init; }

    /// <summary>Read in every round: what decides, and what is billed.</summary>
    public static IReadOnlyCollection<Quantity> Needed { get; } =
        [Quantity.State, Quantity.Plug, Quantity.ErrorCode, Quantity.EnergyImport, Quantity.SessionEnergy, Quantity.Power, Quantity.Current, Quantity.Token];

    /// <summary>Read once a line.</summary>
    public static IReadOnlyCollection<Quantity> Identity { get; } = [Quantity.Model, Quantity.Serial, Quantity.Firmware];

    /// <summary>A card's uid has 4 to 10 bytes; what is longer is some other text.</summary>
    private const int TokenLimit = 36;

    private static readonly Phase[] Lines = [Phase.L1, Phase.L2, Phase.L3];

    /// <summary>Whether it has a counter for energy, and of which kind: null none, true of its own session only.</summary>
    public static bool? CountsSession(DeviceTemplate template) =>
        template.Points.Any(static p => p.Quantity is Quantity.EnergyImport) ? false
        : template.Points.Any(static p => p.Quantity is Quantity.SessionEnergy) ? true
        : null;

    /// <summary>The smallest difference that its counter can tell.</summary>
    public static decimal EnergyStepWh(DeviceTemplate template) => template.Points
        .Where(static p => p.Quantity is Quantity.EnergyImport or Quantity.SessionEnergy && p.Type is not (RegisterType.Float32 or RegisterType.Float64))
        .Select(static p => Math.Max(p.Scale, p.ScaleWhen?.Scale ?? 0)).DefaultIfEmpty(1).Max();

    public static ChargerShow Of(DeviceTemplate template, DeviceReading reading)
    {
        var map = template.Charger!;
        // Where a second value says whether a vehicle is there, and did not: nothing was told.
        var isUnplugged = IsUnplugged(map, reading);
        var told = isUnplugged is null ? null : CodeOf(map, reading);
        var state = StateOf(map, told);
        return new(
            isUnplugged is true && state is not VehicleState.Fault ? VehicleState.Absent : state, told, ErrorOf(reading), EnergyOf(template, reading), reading.Number(Quantity.Power) ?? Sum(reading, Quantity.Power),
            reading.Number(Quantity.Current) ?? Sum(reading, Quantity.Current), TokenOf(reading))
        {
            HasToken = reading.Values.Any(static v => v.Point.Quantity is Quantity.Token),
        };
    }

    /// <summary>For people: <c>C2, 12345 Wh, 11040 W, 48.0 A</c>.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder(Told ?? "no state");
            if (ErrorCode is not null)
                text.Append(CultureInfo.InvariantCulture, $", error {ErrorCode}");
            if (EnergyWh is { } energy)
                text.Append(CultureInfo.InvariantCulture, $", {energy:0.#} Wh");
            if (PowerW is { } power)
                text.Append(CultureInfo.InvariantCulture, $", {power:0} W");
            if (CurrentA is { } current)
                text.Append(CultureInfo.InvariantCulture, $", {current:0.0} A");
            return text.ToString();
        }
    }

    private static string? CodeOf(ChargerMap map, DeviceReading reading)
    {
        if (reading.Number(Quantity.State) is { } number)
            return (((long)number >> map.StateShift) & map.StateMask).ToString(CultureInfo.InvariantCulture);
        return reading.Text(Quantity.State)?.Trim();
    }

    /// <summary>Null: it did not tell.</summary>
    private static bool? IsUnplugged(ChargerMap map, DeviceReading reading) =>
        map.PluggedMask is not { } mask ? false : reading.Number(Quantity.Plug) is { } plug ? ((long)plug & mask) == 0 : null;

    private static VehicleState StateOf(ChargerMap map, string? told)
    {
        if (told is null)
            return VehicleState.Unknown;
        if (map.States.TryGetValue(told, out var exact))
            return exact;
        // "C2" is C; a device that packs a letter into a word tells its number.
        for (var length = told.Length - 1; length > 0 && !char.IsAsciiDigit(told[0]); length--)
        {
            if (map.States.TryGetValue(told[..length], out var begun))
                return begun;
        }
        return int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 'A' and <= 'F'
            ? map.States.GetValueOrDefault(((char)code).ToString())
            : VehicleState.Unknown;
    }

    private static string? ErrorOf(DeviceReading reading) =>
        reading.Number(Quantity.ErrorCode) is not { } number ? reading.Text(Quantity.ErrorCode) : number == 0 ? null : number.ToString(CultureInfo.InvariantCulture);

    private static decimal? EnergyOf(DeviceTemplate template, DeviceReading reading)
    {
        if (CountsSession(template) is true)
            return reading.Number(Quantity.SessionEnergy);
        // The sum of the phases stands in only where there is no total at all: two counters must never take turns in one bill.
        return template.Points.Any(static p => p is { Quantity: Quantity.EnergyImport, Phase: Phase.All }) ? reading.Number(Quantity.EnergyImport) : Sum(reading, Quantity.EnergyImport);
    }

    private static decimal? Sum(DeviceReading reading, Quantity quantity)
    {
        decimal? sum = null;
        foreach (var line in Lines)
        {
            if (reading.Number(quantity, line) is { } value)
                sum = (sum ?? 0) + value;
        }
        return sum;
    }

    private static string? TokenOf(DeviceReading reading)
    {
        var told = reading.Text(Quantity.Token);
        if (told is null)
            return null;
        var uid = new StringBuilder(told.Length);
        foreach (var character in told)
        {
            if (char.IsAsciiLetterOrDigit(character))
                uid.Append(char.ToUpperInvariant(character));
        }
        return uid.Length is > 0 and <= TokenLimit && uid.ToString().AsSpan().ContainsAnyExcept('0') ? uid.ToString() : null;
    }
}
