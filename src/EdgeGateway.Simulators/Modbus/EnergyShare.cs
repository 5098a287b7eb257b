namespace EdgeGateway.Simulators.Modbus;

/// <summary>Something that always takes the same power.</summary>
public sealed class EnergyShare
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly EnergyFlow _flow;

    /// <param name="powerW">From now on.</param>
    public EnergyShare(TimeProvider clock, decimal powerW) => (_clock, _flow, PowerW) = (clock, new(0, clock) { PowerMw = (long)(powerW * 1000) }, powerW);

    public decimal PowerW { get; }

    public MeasuredFlow Flow
    {
        get
        {
            lock (_lock)
                return new(PowerW, _flow.ReadTo(_clock.GetUtcNow()));
        }
    }
}
