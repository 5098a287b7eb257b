namespace EdgeGateway.Chargers.Dialects;

/// <summary>A quantity of one moment that is told as a total, by phase, or both.</summary>
internal struct PhasedQuantity
{
    private decimal? _total;
    private decimal _phases;
    private int _seen;

    public readonly decimal? TotalFirst => _total ?? OfPhases;

    /// <summary>A current without a phase may be that of one phase.</summary>
    public readonly decimal? PhasesFirst => OfPhases ?? _total;

    private readonly decimal? OfPhases => _seen == 0 ? null : _phases;

    /// <param name="phase">1 to 3; 0 is of all phases; another is none that can be added up (N, between phases).</param>
    public void Add(decimal value, int phase)
    {
        if (phase == 0)
            _total ??= value;
        else if (phase is >= 1 and <= 3 && (_seen & (1 << phase)) == 0)
        {
            _seen |= 1 << phase;
            _phases += value;
        }
    }
}
