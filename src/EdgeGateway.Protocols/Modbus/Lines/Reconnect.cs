namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>When a line that could not be opened is tried again: ever later up to a limit, never in step with others.</summary>
internal sealed class Reconnect(ModbusWire wire, Random jitter)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    /// <summary>Opening a file costs nothing, and somebody stands there with the plug in his hand.</summary>
    public static readonly TimeSpan MostForDevices = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan MostForHosts = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;
    private TimeSpan _notBefore;

    /// <summary>Why it failed last; null after a success.</summary>
    public string? Why { get; private set; }

    public bool Waits(TimeSpan now) => Why is not null && now < _notBefore;

    public void Failed(TimeSpan now, string why)
    {
        Why = why;
        _notBefore = now + (_next * (0.8 + (0.4 * jitter.NextDouble())));
        var most = wire == ModbusWire.Rtu ? MostForDevices : MostForHosts;
        _next = _next * 2 < most ? _next * 2 : most;
    }

    /// <summary>A device answered over it: that it could be opened alone proves nothing.</summary>
    public void Proved() => (Why, _next, _notBefore) = (null, First, default);
}
