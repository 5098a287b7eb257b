using EdgeGateway.Protocols.Modbus;

namespace EdgeGateway.Simulators.Modbus;

/// <summary>One request as a unit heard it.</summary>
/// <param name="At">By the server's clock.</param>
/// <param name="Function">The code on the wire.</param>
/// <param name="Count">Words, or bits.</param>
public sealed record UnitRequest(DateTimeOffset At, byte Function, ushort Address, int Count);

/// <summary>A device on a simulated bus: its four tables, what it does when it is written to, and what may be wrong with it. Safe from any thread.</summary>
public sealed class SimulatedUnit
{
    private const int RequestsKept = 1000;
    private const int Banks = 4;

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly Dictionary<ushort, ushort>[] _banks = [.. Enumerable.Range(0, Banks).Select(_ => new Dictionary<ushort, ushort>())];
    private readonly List<Action> _beforeReads = [];
    private readonly List<Func<RegisterBank, ushort, ushort[], byte?>> _afterWrites = [];
    private readonly Queue<UnitRequest> _requests = [];
    private UnitTrouble? _trouble;
    private int _troubleLeft;
    private long _count;
    private DateTimeOffset? _last;
    private TimeSpan _largestGap;

    internal SimulatedUnit(byte address, TimeProvider clock) => (Address, _clock) = (address, clock);

    public byte Address { get; }

    /// <summary>Words or bits of one request at most; more is refused by exception 3, as some meters do above ten.</summary>
    public int MostWords { get; set; } = 125;

    /// <summary>A read over registers that nobody set gives zeros in their place; otherwise exception 2.</summary>
    public bool FillsHoles { get; set; }

    /// <summary>What is wrong with it from now on; null: nothing.</summary>
    public UnitTrouble? Trouble
    {
        get
        {
            lock (_lock)
                return _trouble;
        }
        set
        {
            lock (_lock)
                (_trouble, _troubleLeft) = (value, value?.Times ?? int.MaxValue);
        }
    }

    /// <summary>Requests that reached it, answered or not.</summary>
    public long Requests
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>The longest it was not asked, from its first request (or the last <see cref="ForgetFigures"/>) to its last.</summary>
    public TimeSpan LargestGap
    {
        get
        {
            lock (_lock)
                return _largestGap;
        }
    }

    /// <summary>The last ones, oldest first.</summary>
    public IReadOnlyList<UnitRequest> Heard
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    public void ForgetFigures()
    {
        lock (_lock)
        {
            (_count, _last, _largestGap) = (0, null, default);
            _requests.Clear();
        }
    }

    /// <summary>Called before each read, so that what moves with time is up to date.</summary>
    public void BeforeRead(Action refresh) => _beforeReads.Add(refresh);

    /// <summary>Called after each write with what was written; an exception code in return takes the write back.</summary>
    public void OnWrite(Func<RegisterBank, ushort, ushort[], byte?> written) => _afterWrites.Add(written);

    public void Set(RegisterBank bank, int address, params ReadOnlySpan<ushort> words)
    {
        lock (_lock)
        {
            for (var i = 0; i < words.Length; i++)
                _banks[(int)bank][checked((ushort)(address + i))] = words[i];
        }
    }

    /// <summary>A register's word; 0 where none was set.</summary>
    public ushort Get(RegisterBank bank, int address)
    {
        lock (_lock)
            return _banks[(int)bank].GetValueOrDefault((ushort)address);
    }

    public ushort[] Get(RegisterBank bank, int address, int count) => [.. Enumerable.Range(address, count).Select(a => Get(bank, a))];

    /// <summary>The device no longer has these registers.</summary>
    public void Remove(RegisterBank bank, int address, int count)
    {
        lock (_lock)
        {
            for (var i = address; i < address + count; i++)
                _banks[(int)bank].Remove((ushort)i);
        }
    }

    /// <summary>Counts a request, and tells what is wrong with its answer.</summary>
    internal UnitTrouble? Hear(byte function, ushort address, int count)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            if (_last is { } last && now - last > _largestGap)
                _largestGap = now - last;
            (_last, _count) = (now, _count + 1);
            _requests.Enqueue(new(now, function, address, count));
            if (_requests.Count > RequestsKept)
                _requests.Dequeue();
            var trouble = _trouble;
            if (trouble is not null && --_troubleLeft <= 0)
                _trouble = null;
            return trouble;
        }
    }

    /// <returns>Null: it does not have them all.</returns>
    internal ushort[]? Read(RegisterBank bank, ushort address, int count)
    {
        foreach (var refresh in _beforeReads)
            refresh();
        var words = new ushort[count];
        lock (_lock)
        {
            for (var i = 0; i < count; i++)
            {
                if (address + i > ushort.MaxValue || (!_banks[(int)bank].TryGetValue((ushort)(address + i), out words[i]) && !FillsHoles))
                    return null;
            }
        }
        return words;
    }

    /// <returns>An exception code, or null when it was taken.</returns>
    internal byte? Write(RegisterBank bank, ushort address, ushort[] words)
    {
        ushort[] before;
        lock (_lock)
        {
            for (var i = 0; i < words.Length; i++)
            {
                if (address + i > ushort.MaxValue || (!_banks[(int)bank].ContainsKey((ushort)(address + i)) && !FillsHoles))
                    return ModbusPdu.IllegalAddress;
            }
            before = [.. Enumerable.Range(address, words.Length).Select(a => _banks[(int)bank].GetValueOrDefault((ushort)a))];
            Set(bank, address, words);
        }
        foreach (var written in _afterWrites)
        {
            if (written(bank, address, words) is { } refused)
            {
                Set(bank, address, before);
                return refused;
            }
        }
        return null;
    }
}
