using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Pricing;

/// <summary>Walks once along a timeline and begins a period at each moment that matters for the price (M5, D6), and at no other.</summary>
internal sealed class PeriodCutter
{
    private readonly PriceList _prices;
    private readonly LocalClock _clock;
    private readonly List<CutPeriod> _cuts = [];
    private readonly long _start;
    private int _energiesPassed;
    private int _durationsPassed;
    private long _nextClock;
    private Prices _now;
    private bool _flatBilled;

    private PeriodCutter(long start, PriceList prices, LocalClock clock)
    {
        (_start, _prices, _clock) = (start, prices, clock);
        _nextClock = clock.NextAfter(start);
    }

    /// <param name="start">UTC ticks; the timeline begins here.</param>
    public static List<CutPeriod> Cut(long start, IEnumerable<Stretch> timeline, PriceList prices, LocalClock clock)
    {
        var cutter = new PeriodCutter(start, prices, clock);
        foreach (var stretch in timeline)
            cutter.Walk(stretch);
        return cutter._cuts;
    }

    private void Walk(in Stretch stretch)
    {
        var (at, energyWh) = (stretch.From, stretch.FromWh);
        while (true)
        {
            if (Passed(at, energyWh) || _prices.ReadsLoad || _cuts.Count == 0)
                _now = _prices.At(MomentAt(stretch, at, energyWh));
            var period = At(stretch, at);
            var (next, nextWh) = NextMoment(stretch, at, energyWh);
            period.Extend(next, nextWh - energyWh, stretch);
            if (next == stretch.To)
                return;
            (at, energyWh) = (next, nextWh);
        }
    }

    /// <summary>Whether a limit of the tariff has been reached since the last question.</summary>
    private bool Passed(long at, long energyWh)
    {
        var passed = false;
        for (; _energiesPassed < _prices.EnergiesWh.Length && _prices.EnergiesWh[_energiesPassed] <= energyWh; _energiesPassed++)
            passed = true;
        for (; _durationsPassed < _prices.Durations.Length && _prices.Durations[_durationsPassed].Ticks <= at - _start; _durationsPassed++)
            passed = true;
        if (_nextClock <= at)
            (_nextClock, passed) = (_clock.NextAfter(at), true);
        return passed;
    }

    private Moment MomentAt(in Stretch stretch, long at, long energyWh) => new(
        _clock.At(at), new TimeSpan(at - _start), energyWh, stretch.PowerW ?? stretch.MeanPowerW, stretch.CurrentA ?? 0m);

    /// <summary>The next moment to look at the tariff again, at most the stretch's end, and the energy by then.</summary>
    private (long At, long EnergyWh) NextMoment(in Stretch stretch, long at, long energyWh)
    {
        var next = Math.Min(stretch.To, _nextClock);
        if (_durationsPassed < _prices.Durations.Length)
            next = at + Math.Min(next - at, _prices.Durations[_durationsPassed].Ticks - (at - _start));
        if (_energiesPassed < _prices.EnergiesWh.Length && _prices.EnergiesWh[_energiesPassed] is var limit && limit < stretch.ToWh)
        {
            var flowing = stretch.ToWh - energyWh;
            var wait = (long)((((Int128)(limit - energyWh) * (stretch.To - at)) + flowing - 1) / flowing);
            if (at + wait <= next && at + wait < stretch.To)
                return (at + wait, limit);
        }
        return (next, next == stretch.To ? stretch.ToWh : Stretch.EnergyAt(next, at, energyWh, stretch.To, stretch.ToWh));
    }

    /// <summary>The period that goes on at a moment, or a new one if anything that is paid for changes.</summary>
    private CutPeriod At(in Stretch stretch, long at)
    {
        var time = _now.Of(stretch.Activity);
        var flat = _flatBilled ? null : _now.Flat; // once, when first active (M2)
        if (_cuts.Count > 0 && _cuts[^1] is var last && flat is null
            && last.Activity == stretch.Activity && last.EnergyPrice == _now.Energy && last.TimePrice == time)
            return last;
        _flatBilled |= flat is not null;
        var begun = new CutPeriod(at, stretch.Activity, _now.Energy, time, flat);
        _cuts.Add(begun);
        return begun;
    }
}

/// <summary>A period while it is being cut. Moments are UTC ticks.</summary>
internal sealed class CutPeriod(long from, Activity activity, PriceComponent? energyPrice, PriceComponent? timePrice, PriceComponent? flat)
{
    private decimal? _minPowerW;
    private decimal? _maxPowerW;
    private decimal? _minCurrentA;
    private decimal? _maxCurrentA;

    public Activity Activity => activity;
    public PriceComponent? EnergyPrice => energyPrice;
    public PriceComponent? TimePrice => timePrice;
    public long Ticks { get; private set; }
    public long EnergyWh { get; private set; }

    public PricedPeriod Priced => new(activity, EnergyWh, Ticks / (decimal)TimeSpan.TicksPerSecond, energyPrice, timePrice, flat);

    public void Extend(long to, long energyWh, in Stretch stretch)
    {
        Ticks = to - from;
        EnergyWh += energyWh;
        if (stretch.PowerW is { } power)
            (_minPowerW, _maxPowerW) = (Math.Min(_minPowerW ?? power, power), Math.Max(_maxPowerW ?? power, power));
        if (stretch.CurrentA is { } current)
            (_minCurrentA, _maxCurrentA) = (Math.Min(_minCurrentA ?? current, current), Math.Max(_maxCurrentA ?? current, current));
    }

    public ChargingPeriod ToPeriod(string? tariffId) => new()
    {
        Start = new DateTimeOffset(from, TimeSpan.Zero),
        Duration = new TimeSpan(Ticks),
        Activity = activity,
        EnergyWh = EnergyWh,
        TariffId = tariffId,
        MinPowerW = _minPowerW,
        MaxPowerW = _maxPowerW,
        MinCurrentA = _minCurrentA,
        MaxCurrentA = _maxCurrentA,
    };
}
