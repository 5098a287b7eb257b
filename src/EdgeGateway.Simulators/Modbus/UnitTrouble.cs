namespace EdgeGateway.Simulators.Modbus;

/// <summary>What is wrong with a unit's answers. Several may hold at once; what it does to its registers it still does.</summary>
public sealed record UnitTrouble
{
    /// <summary>No answer at all.</summary>
    public bool Silent { get; init; }

    /// <summary>The answer comes this much later, even if the next question came before it.</summary>
    public TimeSpan Late { get; init; }

    /// <summary>The answer carries another unit's address.</summary>
    public byte? AnswersAs { get; init; }

    /// <summary>A wrong check sum; on Modbus TCP, which has none, another request's transaction number.</summary>
    public bool BadCrc { get; init; }

    /// <summary>Bytes on the line before the answer.</summary>
    public ReadOnlyMemory<byte> Noise { get; init; }

    /// <summary>Only so many bytes of the answer come.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Refused with this exception code.</summary>
    public byte? Exception { get; init; }

    /// <summary>The line is closed in place of an answer.</summary>
    public bool ClosesLine { get; init; }

    /// <summary>Holds for so many requests; null: until it is taken away.</summary>
    public int? Times { get; init; }
}
