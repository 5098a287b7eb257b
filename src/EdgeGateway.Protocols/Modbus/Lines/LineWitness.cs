namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>Who watches a line, and what was counted on it.</summary>
internal sealed class LineWitness(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private Action<ModbusFrame>[] _taps = [];
    private long _strayBytes;
    private long _lateAnswers;

    public bool Watched => Volatile.Read(ref _taps).Length > 0;
    public long StrayBytes => Interlocked.Read(ref _strayBytes);
    public long LateAnswers => Interlocked.Read(ref _lateAnswers);

    public void Add(Action<ModbusFrame> tap)
    {
        lock (_lock)
            Volatile.Write(ref _taps, [.. _taps, tap]);
    }

    public void Remove(Action<ModbusFrame> tap)
    {
        lock (_lock)
            Volatile.Write(ref _taps, [.. _taps.Where(t => !ReferenceEquals(t, tap))]);
    }

    public void Stray(ReadOnlySpan<byte> bytes, string remark)
    {
        Interlocked.Add(ref _strayBytes, bytes.Length);
        Saw(false, bytes, remark);
    }

    public void Late() => Interlocked.Increment(ref _lateAnswers);

    public void Saw(bool sent, ReadOnlySpan<byte> bytes, string remark)
    {
        if (!Watched || bytes.Length == 0)
            return;
        var frame = new ModbusFrame(clock.GetUtcNow(), sent, bytes.ToArray(), remark);
        foreach (var tap in Volatile.Read(ref _taps))
        {
            try
            {
                tap(frame);
            }
            catch (Exception)
            {
                // Whoever watches must not stop what is watched: a tap that fails has seen enough.
                Remove(tap);
            }
        }
    }
}
