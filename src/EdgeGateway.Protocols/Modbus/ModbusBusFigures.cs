using System.Collections.Immutable;

namespace EdgeGateway.Protocols.Modbus;

/// <summary>How a bus is doing.</summary>
public sealed record ModbusBusFigures
{
    public required ModbusTransport Transport { get; init; }

    /// <summary>The line is open. It is opened at the first request.</summary>
    public required bool Open { get; init; }

    /// <summary>Why it is not, for people; null while it is, and before the first request.</summary>
    public string? Why { get; init; }

    /// <summary>What somebody should mend although it works: a device name that may be another adapter's after a restart.</summary>
    public string? Remark { get; init; }

    /// <summary>Requests that were sent.</summary>
    public long Requests { get; init; }

    /// <summary>Of those, how many were not answered well; a device's refusal is an answer.</summary>
    public long Failures { get; init; }

    /// <summary>How often the line was opened.</summary>
    public long Openings { get; init; }

    /// <summary>Bytes that belonged to no answer: noise, other masters, answers that came late.</summary>
    public long StrayBytes { get; init; }

    /// <summary>Answers that came after their time: the response time of a device is set too low.</summary>
    public long LateAnswers { get; init; }

    /// <summary>Requests that wait for their turn.</summary>
    public int Waiting { get; init; }

    /// <summary>Units that are asked ever more seldom because they do not answer.</summary>
    public ImmutableArray<RestingUnit> Resting { get; init; } = [];

    /// <summary>Since the worker last went round; zero while it has nothing to do. Stuck beyond <see cref="ModbusBuses.LongestSilence"/> (FIELD pain 5: a poller that died unseen).</summary>
    public TimeSpan SinceProgress { get; init; }
}

/// <param name="Silences">Requests in a row without an answer.</param>
/// <param name="Left">Until it is probed again, if somebody asks it then.</param>
public sealed record RestingUnit(byte Unit, int Silences, TimeSpan Left);

/// <summary>What went over a line, for <c>meter watch</c>.</summary>
/// <param name="Sent">By us; else it came.</param>
/// <param name="Bytes">As on the line, with check sum; of plain TCP the unit and what follows it.</param>
/// <param name="Remark">In words: <c>unit 1: 2 holding registers from 0?</c>, <c>unit 1: 4366 8000</c>, <c>foreign unit 7</c>, <c>late</c>, <c>noise</c>, <c>wrong check sum</c>.</param>
public sealed record ModbusFrame(DateTimeOffset At, bool Sent, ReadOnlyMemory<byte> Bytes, string Remark);
