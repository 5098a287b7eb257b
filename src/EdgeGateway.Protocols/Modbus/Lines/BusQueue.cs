namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>Who is asked next: writes first, then the unit whose reading is due first. One request of a unit at a time, in their order.</summary>
internal sealed class BusQueue
{
    /// <summary>Writes before a read that waits gets its turn.</summary>
    public const int MostWritesInARow = 8;

    private readonly Dictionary<byte, BusUnit> _units = [];
    private int _writesInARow;

    public int Count { get; private set; }

    public IEnumerable<BusUnit> Units => _units.Values;

    public int Holders { get; private set; }

    public BusUnit Of(byte number)
    {
        if (!_units.TryGetValue(number, out var unit))
            _units[number] = unit = new(number);
        return unit;
    }

    public void Hold(byte number)
    {
        Of(number).Holders++;
        Holders++;
    }

    /// <summary>With its last holder goes what was known of a unit.</summary>
    public void Release(byte number)
    {
        var unit = Of(number);
        unit.Holders--;
        Holders--;
        ForgetIfUnused(unit);
    }

    public void ForgetIfUnused(BusUnit unit)
    {
        if (unit is { Holders: 0, Head: null })
            _units.Remove(unit.Number);
    }

    public void Add(PendingRequest request)
    {
        var waiting = Of(request.Request.Unit).Waiting;
        // A write goes before the reads of its unit, not before earlier writes.
        var at = request.Request.Writes ? waiting.FindIndex(w => !w.Request.Writes) : -1;
        waiting.Insert(at < 0 ? waiting.Count : at, request);
        Count++;
    }

    /// <returns>Whether it was still waiting.</returns>
    public bool Remove(PendingRequest request)
    {
        var removed = Of(request.Request.Unit).Waiting.Remove(request);
        Count -= removed ? 1 : 0;
        return removed;
    }

    /// <param name="lineNow">On <see cref="LineTime"/>.</param>
    /// <param name="wait">How long until somebody may be asked, when all who wait must be left alone for a while.</param>
    public PendingRequest? Next(TimeSpan lineNow, out TimeSpan? wait)
    {
        wait = null;
        BusUnit? write = null, read = null;
        foreach (var unit in _units.Values)
        {
            if (unit.Head is not { } head)
                continue;
            if (unit.NotBefore > lineNow)
            {
                wait = wait < unit.NotBefore - lineNow ? wait : unit.NotBefore - lineNow;
                continue;
            }
            if (head.Request.Writes && (write is null || head.Asked < write.Head!.Asked))
                write = unit;
            if (!head.Request.Writes && (read is null || (unit.Due, unit.Turn).CompareTo((read.Due, read.Turn)) < 0))
                read = unit;
        }
        var next = write is not null && (read is null || _writesInARow < MostWritesInARow) ? write : read;
        if (next is null)
            return null;
        var request = next.Head!;
        _writesInARow = request.Request.Writes ? _writesInARow + 1 : 0;
        Remove(request);
        return request;
    }

    /// <summary>All that wait, or all that wait for one unit; they are the caller's to answer.</summary>
    public IReadOnlyList<PendingRequest> Drain(byte? number = null)
    {
        var drained = new List<PendingRequest>();
        foreach (var unit in _units.Values.Where(u => number is null || u.Number == number))
        {
            drained.AddRange(unit.Waiting);
            unit.Waiting.Clear();
        }
        Count -= drained.Count;
        return drained;
    }
}
