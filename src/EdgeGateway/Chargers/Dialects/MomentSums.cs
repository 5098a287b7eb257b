using System.Text;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What the samples of one moment come to, in either family: phases summed, and what flows in at the vehicle's inlet only where nothing tells what
/// flows out.</summary>
internal struct MomentSums
{
    /// <summary>Of a reading's text; what does not fit is not shown.</summary>
    public const int MaxTextChars = 256;

    private PhasedQuantity _energy, _power, _current;
    private PhasedQuantity _energyAtInlet, _powerAtInlet, _currentAtInlet;

    public decimal? StateOfCharge { get; set; }

    /// <param name="phase">As <see cref="PhasedQuantity.Add"/> has it.</param>
    public void AddEnergy(decimal wh, int phase, bool atInlet)
    {
        if (wh >= 0)
            (atInlet ? ref _energyAtInlet : ref _energy).Add(wh, phase);
    }

    /// <inheritdoc cref="AddEnergy"/>
    public void AddPower(decimal watts, int phase, bool atInlet) => (atInlet ? ref _powerAtInlet : ref _power).Add(watts, phase);

    /// <inheritdoc cref="AddEnergy"/>
    public void AddCurrent(decimal amperes, int phase, bool atInlet) => (atInlet ? ref _currentAtInlet : ref _current).Add(amperes, phase);

    /// <summary>Null where nothing of it could be read.</summary>
    /// <param name="text">All values, for people.</param>
    public readonly Reading? At(DateTimeOffset? told, StringBuilder text, string? context, string? signed)
    {
        if (signed is null && text.Length == 0)
            return null;
        return new(
            told,
            (_energy.TotalFirst ?? _energyAtInlet.TotalFirst) is { } wh ? (long)Math.Round(wh, MidpointRounding.AwayFromZero) : null,
            _power.TotalFirst ?? _powerAtInlet.TotalFirst,
            _current.PhasesFirst ?? _currentAtInlet.PhasesFirst,
            text.Length > 0 ? text.ToString() : "signed",
            context,
            signed,
            StateOfCharge);
    }
}
