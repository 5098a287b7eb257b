namespace EdgeGateway.Simulators.Charger;

/// <summary>A connector's meter and the car on it: a lifetime register in whole Wh that grows with power and time.</summary>
internal sealed class ChargerMeter(long registerWh, TimeProvider clock)
{
    private long _registerWh = registerWh;
    private int _powerW;
    private DateTimeOffset _since;
    private long _needWh;
    private long _carriedTicks;

    /// <summary>Wh that went through it since the last <see cref="Begin"/>, register resets or not.</summary>
    public long DeliveredWh { get; private set; }

    public bool IsFull => DeliveredWh >= _needWh;

    /// <summary>W that flow now.</summary>
    public int PowerW => IsFull ? 0 : _powerW;

    /// <summary>A car begins to draw.</summary>
    public void Begin(int powerW, long needWh)
    {
        (_powerW, _needWh, _since, _carriedTicks) = (powerW, needWh, clock.GetUtcNow(), 0);
        DeliveredWh = 0;
    }

    public void End() => _powerW = 0;

    /// <summary>From now on it draws this much; call <see cref="Read"/> before.</summary>
    public void Draw(int powerW) => _powerW = powerW;

    /// <summary>Brings the register up to now and reads it.</summary>
    public long Read()
    {
        var now = clock.GetUtcNow();
        var wattTicks = (Int128)_powerW * (now - _since).Ticks + _carriedTicks;
        var wh = (long)(wattTicks / TimeSpan.TicksPerHour);
        (_since, _carriedTicks) = (now, (long)(wattTicks % TimeSpan.TicksPerHour));
        wh = Math.Min(wh, Math.Max(0, _needWh - DeliveredWh));
        DeliveredWh += wh;
        return _registerWh += wh;
    }

    /// <summary>The register forgets, as some do at a reboot (FIELD-NOTES 12).</summary>
    public void Reset() => _registerWh = 0;
}
