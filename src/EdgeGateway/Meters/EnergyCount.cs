using System.Globalization;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Meters;

/// <summary>How a counter went on other than by counting.</summary>
internal enum CountChange
{
    None,

    /// <summary>It began anew.</summary>
    Reset,

    /// <summary>It ran over the end of its register.</summary>
    Overflow,

    /// <summary>It went up by more than can have flowed, and stayed there.</summary>
    Jump,
}

/// <summary>What a value of a counter comes to.</summary>
/// <param name="EnergyWh">Null: it is no reading.</param>
/// <param name="Trouble">Why it is none, for people.</param>
/// <param name="FormerWh">Where the count stood before a change.</param>
internal sealed record CountVerdict(long? EnergyWh, string? Trouble, CountChange Change = CountChange.None, long? FormerWh = null);

/// <summary>
/// Holds each value of an import register against the last. Counters glitch to 0, to NaN, to a lifetime's sum (FIELD pain 14); whoever believes
/// one such value books the whole counter. A single value that does not follow from the last is no reading; what the next one confirms is a change.
/// </summary>
internal sealed class EnergyCount(MeterRole role)
{
    /// <summary>No EVSE delivers more.</summary>
    public const decimal StationPowerW = 400_000m;

    /// <summary>No connection of a site that such meters sit at takes more.</summary>
    public const decimal GridPowerW = 10_000_000m;

    /// <summary>Steps of a counter that only knows whole kWh, or of a float32 whose resolution is gone (registers of 167 MWh: 16 Wh).</summary>
    public const long StepWh = 2_000;

    /// <summary>A meter that adds its total up from phases may fall by its rounding: then it stands still and has not begun anew.</summary>
    public const long DipWh = 10;

    /// <summary>So many readings that only ever rise are believed though they rise too fast: a test bench, or a wrong idea of ours of what can flow.</summary>
    private const int Believed = 3;

    /// <summary>This part of a register's range counts as its end, and as its beginning.</summary>
    private const decimal EdgePart = 0.01m;

    private (long Wh, DateTimeOffset At)? _last;
    private (long Wh, DateTimeOffset At, int Readings)? _doubted;

    public decimal MostPowerW => role == MeterRole.Grid ? GridPowerW : StationPowerW;

    /// <summary>The last value that was believed.</summary>
    public long? LastWh => _last?.Wh;

    /// <summary>Goes on where a former run of the program, or a former configuration, stopped.</summary>
    public void Resume(long wh, DateTimeOffset at) => _last ??= (wh, at);

    /// <summary>Another device counts now: whatever it shows is where it begins.</summary>
    public void Restart() => (_last, _doubted) = (null, null);

    /// <param name="wh">As read; null for what the device says it does not have.</param>
    /// <param name="at">On a clock that nobody sets.</param>
    /// <param name="point">Where it was read: its type says where it runs over.</param>
    public CountVerdict Judge(decimal? wh, DateTimeOffset at, RegisterPoint point)
    {
        if (wh is not { } told)
            return new(null, "its energy register shows no number");
        if (told is < 0 or > 1_000_000_000_000_000m)
            return new(null, string.Create(CultureInfo.InvariantCulture, $"its energy register shows {told:0} Wh"));
        var value = (long)decimal.Floor(told);
        if (_last is not { } last)
            return Believe(value, at);
        if (value >= last.Wh && value - last.Wh <= Most(at - last.At))
            return Believe(value, at);
        if (value > 0 && value < last.Wh && last.Wh - value <= DipWh)
            return new(last.Wh, null);
        return Doubt(value, at, last.Wh, point);
    }

    private CountVerdict Doubt(long value, DateTimeOffset at, long last, RegisterPoint point)
    {
        var isLower = value < last;
        if (_doubted is { } doubted && (doubted.Wh < last) == isLower && (isLower ? value > doubted.Wh : value >= doubted.Wh))
        {
            if (value - doubted.Wh <= Most(at - doubted.At) || doubted.Readings + 1 >= Believed)
                return Believe(value, at, !isLower ? CountChange.Jump : IsOverflow(last, doubted.Wh, point) ? CountChange.Overflow : CountChange.Reset, last);
            _doubted = (value, at, doubted.Readings + 1);
        }
        else if (_doubted is not { } same || same.Wh != value)
        {
            _doubted = (value, at, 1);
        }
        return new(null, isLower
            ? string.Create(CultureInfo.InvariantCulture, $"it shows {value} Wh after {last} Wh; that counts as a new beginning once it goes up from there")
            : string.Create(CultureInfo.InvariantCulture, $"it shows {value} Wh after {last} Wh, more than can have flowed; that counts once it stays"));
    }

    private CountVerdict Believe(long value, DateTimeOffset at, CountChange change = CountChange.None, long? former = null)
    {
        (_last, _doubted) = ((value, at), null);
        return new(value, null, change, former);
    }

    private decimal Most(TimeSpan elapsed) => (MostPowerW * (decimal)Math.Max(0, elapsed.TotalHours)) + StepWh;

    private static bool IsOverflow(long last, long next, RegisterPoint point) =>
        Top(point.Type) * point.Scale is var top && top > 0 && last >= top * (1 - EdgePart) && next <= top * EdgePart;

    /// <summary>0: it has no end that a meter reaches.</summary>
    private static decimal Top(RegisterType type) => type switch
    {
        RegisterType.UInt16 => ushort.MaxValue,
        RegisterType.Int16 => short.MaxValue,
        RegisterType.UInt32 => uint.MaxValue,
        RegisterType.Int32 => int.MaxValue,
        _ => 0,
    };
}
