using System.Collections.Immutable;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Pricing;

/// <summary>What a tariff's restrictions ask about.</summary>
/// <param name="Local">The location's wall clock (M3).</param>
/// <param name="Elapsed">Since the start of the session (M4).</param>
/// <param name="EnergyWh">Since the start of the session (M4).</param>
/// <param name="PowerW">Momentary.</param>
/// <param name="CurrentA">Momentary, sum over all phases.</param>
internal readonly record struct Moment(DateTime Local, TimeSpan Elapsed, decimal EnergyWh, decimal PowerW, decimal CurrentA);

/// <summary>The price of each dimension at a moment; null = free.</summary>
internal readonly record struct Prices(PriceComponent? Energy, PriceComponent? Time, PriceComponent? ParkingTime, PriceComponent? Flat)
{
    /// <summary>What the time itself costs.</summary>
    public PriceComponent? Of(Activity activity) => activity == Activity.Parking ? ParkingTime : Time;
}

/// <summary>The elements of a tariff that serve one purpose, and the moments at which they can change.</summary>
internal sealed class PriceList
{
    private readonly ImmutableArray<TariffElement> _elements;
    private readonly HashSet<PriceDimension> _dimensions = [];

    private PriceList(ImmutableArray<TariffElement> elements)
    {
        _elements = elements;
        var times = new SortedSet<TimeOnly>();
        var energies = new SortedSet<long>();
        var durations = new SortedSet<TimeSpan>();
        foreach (var element in elements)
        {
            _dimensions.UnionWith(element.Components.Select(static component => component.Dimension));
            if (element.Restrictions is not { } restrictions)
                continue;
            times.UnionWith(restrictions.TimesOfDay());
            energies.UnionWith(restrictions.EnergiesWh());
            durations.UnionWith(restrictions.Durations());
            ReadsLoad |= restrictions.ReadsLoad();
        }
        TimesOfDay = [.. times];
        EnergiesWh = [.. energies];
        Durations = [.. durations];
    }

    /// <summary>Local times at which an element may begin or cease to match; empty = the clock does not matter.</summary>
    public ImmutableArray<TimeOnly> TimesOfDay { get; }

    /// <summary>Ascending, above 0.</summary>
    public ImmutableArray<long> EnergiesWh { get; }

    /// <summary>Ascending, above 0.</summary>
    public ImmutableArray<TimeSpan> Durations { get; }

    /// <summary>Whether power or current matter.</summary>
    public bool ReadsLoad { get; }

    /// <summary>Elements restricted to a reservation never price a session, nor the others a reservation (M9).</summary>
    public static PriceList Of(Tariff? tariff, ReservationRestriction? purpose = null) => new([.. ElementsFor(tariff, purpose)]);

    /// <summary>Of the time until a reservation expired: where letting it expire has a TIME of its own, that stands in for the reservation's (M9).</summary>
    public static PriceList OfExpired(Tariff? tariff) => new(
    [
        .. ElementsFor(tariff, ReservationRestriction.ReservationExpires).Select(static element => Only(element, static dimension => dimension != PriceDimension.Flat)),
        .. ElementsFor(tariff, ReservationRestriction.Reservation),
    ]);

    /// <summary>What letting a reservation expire costs once, beside the reservation's own FLAT.</summary>
    public static PriceList OfExpiry(Tariff? tariff) => new(
        [.. ElementsFor(tariff, ReservationRestriction.ReservationExpires).Select(static element => Only(element, static dimension => dimension == PriceDimension.Flat))]);

    public bool Has(PriceDimension dimension) => _dimensions.Contains(dimension);

    /// <summary>Per dimension the first element that has it and whose restrictions all hold (M1).</summary>
    public Prices At(in Moment moment)
    {
        var prices = default(Prices);
        foreach (var element in _elements)
        {
            if (element.Restrictions is { } restrictions && !restrictions.HoldAt(moment))
                continue;
            foreach (var component in element.Components)
            {
                prices = component.Dimension switch
                {
                    PriceDimension.Energy => prices with { Energy = prices.Energy ?? component },
                    PriceDimension.Time => prices with { Time = prices.Time ?? component },
                    PriceDimension.ParkingTime => prices with { ParkingTime = prices.ParkingTime ?? component },
                    _ => prices with { Flat = prices.Flat ?? component },
                };
            }
        }
        return prices;
    }

    private static IEnumerable<TariffElement> ElementsFor(Tariff? tariff, ReservationRestriction? purpose) =>
        tariff is null ? [] : tariff.Elements.Where(element => element.Restrictions?.Reservation == purpose);

    private static TariffElement Only(TariffElement element, Func<PriceDimension, bool> wanted) =>
        element with { Components = [.. element.Components.Where(component => wanted(component.Dimension))] };
}
