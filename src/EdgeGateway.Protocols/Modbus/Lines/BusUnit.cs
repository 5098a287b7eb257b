namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>What a bus knows of one unit, and what waits for it.</summary>
internal sealed class BusUnit(byte number)
{
    public byte Number => number;
    public UnitRest Rest { get; } = new();

    /// <summary>In the order they were asked.</summary>
    public List<PendingRequest> Waiting { get; } = [];

    /// <summary>Those who hold it.</summary>
    public int Holders { get; set; }

    /// <summary>When it was served last, on the bus's clock.</summary>
    public TimeSpan Served { get; set; }

    /// <summary>Which request of the bus its last was: of two that are due at once, the one that waits longer goes first.</summary>
    public long Turn { get; set; }

    /// <summary>On <see cref="LineTime"/>: it wants silence before, or might still give a late answer.</summary>
    public TimeSpan NotBefore { get; set; }

    public PendingRequest? Head => Waiting.Count > 0 ? Waiting[0] : null;

    /// <summary>When its next reading is to be over. Counted anew after each turn, so that one who asks a hundred things at once gets no more turns than one who asks one.</summary>
    public TimeSpan Due => Head is { } head ? (head.Asked > Served ? head.Asked : Served) + head.Timing.Period : TimeSpan.MaxValue;
}
