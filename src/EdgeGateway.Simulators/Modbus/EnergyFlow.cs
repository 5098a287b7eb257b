namespace EdgeGateway.Simulators.Modbus;

/// <summary>Power over time as a register of whole Wh that loses no fraction. Used under its owner's lock.</summary>
internal sealed class EnergyFlow(long registerWh, TimeProvider clock)
{
    private DateTimeOffset _since = clock.GetUtcNow();
    private Int128 _carried;
    private long _wh = registerWh;

    /// <summary>Milliwatts from the last <see cref="ReadTo"/> on.</summary>
    public long PowerMw { get; set; }

    public DateTimeOffset Since => _since;

    /// <summary>Wh at a moment that is not before the last one.</summary>
    public long ReadTo(DateTimeOffset moment)
    {
        var whole = (Int128)PowerMw * Math.Max(0, (moment - _since).Ticks) + _carried;
        Int128 perWh = (Int128)TimeSpan.TicksPerHour * 1000;
        _wh += (long)(whole / perWh);
        (_since, _carried) = (moment > _since ? moment : _since, whole % perWh);
        return _wh;
    }

    /// <summary>When so many Wh more will have flowed; null: never.</summary>
    public DateTimeOffset? MomentAt(long wh) => PowerMw <= 0 ? null
        : _since + TimeSpan.FromTicks((long)((((Int128)(wh - _wh) * TimeSpan.TicksPerHour * 1000) - _carried + PowerMw - 1) / PowerMw));
}
