using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace EdgeGateway.Protocols.Modbus.Templates;

/// <summary>Reads one device by its file, for as long as it is connected: what the device refused once is remembered. May be used by several at a time.</summary>
public sealed class DeviceReader(IModbusUnit unit, DeviceTemplate template)
{
    /// <summary>A register that was refused is asked for again after 1, 2, 4 … readings, at last every so many: a device that starts up refuses what it has a minute later.</summary>
    public const int RetryAfterReadings = 200;

    /// <summary>Serial, model and firmware are asked for again after so many readings, and after each failure: behind it there may be another device.</summary>
    public const int NamesAfterReadings = 100;

    private readonly ConcurrentDictionary<RegisterSpan, bool> _alone = new();
    private readonly ConcurrentDictionary<RegisterSpan, Absence> _absent = new();
    private readonly ConcurrentDictionary<RegisterSpan, BlockTrust> _blocks = new();
    private long _readings;
    private volatile SunSpecDevice? _sunSpec;
    private volatile Names? _names;

    private enum BlockTrust
    {
        Answered,

        /// <summary>It was never answered and once not even refused: the unit is dead, or it cannot bear so long a request (some SDM72, against their manual).</summary>
        Suspect,
    }

    public DeviceTemplate Template { get; } = template;

    /// <summary>What a SunSpec device said of itself; null before it was first read, and for all others.</summary>
    public SunSpecDevice? SunSpec => _sunSpec;

    /// <summary>All values. Names are carried along from the last reading that asked for them.</summary>
    public Task<DeviceReading> ReadAsync(CancellationToken cancellationToken) => ReadAsync([], cancellationToken);

    /// <summary>Only some, in as few requests as that takes: the energy at the moment a session ends.</summary>
    /// <param name="only">Empty: all.</param>
    public async Task<DeviceReading> ReadAsync(IReadOnlyCollection<Quantity> only, CancellationToken cancellationToken)
    {
        var device = Template;
        SunSpecDevice? known = null;
        if (Template.IsSunSpec)
        {
            known = _sunSpec;
            if (known is null)
            {
                (known, var failure) = await SunSpecWalk.FindAsync(unit, cancellationToken);
                if (known?.Meter is null)
                    return new([], failure ?? SunSpecWalk.NoMeter(known));
                _sunSpec = known;
            }
            device = known.AsTemplate(Template);
        }
        var turn = new Turn(Interlocked.Increment(ref _readings));
        var names = only.Count == 0 && _names is { } read && turn.Number < read.Reading + NamesAfterReadings ? read : null;
        ImmutableArray<RegisterPoint> points = [.. device.Points.Where(p => only.Count > 0 ? only.Contains(p.Quantity) : names is null || !IsName(p))];
        await ReadAsync(Needed(device, points, known), device, turn, cancellationToken);
        if (known is not null && (turn.Of(known.Header) is not { } header || !known.IsAt(header)))
            return Moved(turn);
        var values = points.Select(p => Decoded(p, device, turn)).OfType<MeasuredValue>().ToImmutableArray();
        if (turn.Failure is not null)
            _names = null;
        else if (only.Count == 0 && names is null)
            _names = new(turn.Number, [.. values.Where(static v => IsName(v.Point))]);
        return new(values.AddRange(names?.Values ?? []), turn.Failure ?? (values.IsEmpty ? Refusal(points) : null)) { Remarks = [.. turn.Remarks] };
    }

    private static bool IsName(RegisterPoint point) => point.Quantity is Quantity.Serial or Quantity.Model or Quantity.Firmware;

    /// <summary>A SunSpec device whose meter was not seen where it was: what was read may be another's registers.</summary>
    private DeviceReading Moved(Turn turn)
    {
        if (turn.Failure is { } failure)
            return new([], failure);
        _sunSpec = null;
        _absent.Clear();
        return new([], new(ModbusFault.Garbled, "the SunSpec models lie elsewhere than before; they are looked for again"));
    }

    /// <summary>The points' own registers and those their scales depend on.</summary>
    private static IEnumerable<RegisterSpan> Needed(DeviceTemplate device, ImmutableArray<RegisterPoint> points, SunSpecDevice? sunSpec)
    {
        foreach (var point in points)
        {
            yield return Span(point);
            if (point.PowerOfTenAt is { } power)
                yield return new(point.Bank, power, 1);
            if (point.ScaleWhen is { } rule && Decisive(device, rule) is { } decisive)
                yield return Span(decisive);
        }
        if (sunSpec is not null)
            yield return sunSpec.Header;
    }

    private async Task ReadAsync(IEnumerable<RegisterSpan> needed, DeviceTemplate device, Turn turn, CancellationToken cancellationToken)
    {
        var wanted = needed.Where(s => !_absent.TryGetValue(s, out var refused) || turn.Number >= refused.Until);
        foreach (var block in BlockPlan.Of(wanted, device, _alone.ContainsKey))
        {
            if (!await BlockAsync(block, turn, cancellationToken))
                return;
        }
    }

    /// <returns>False when it makes no sense to go on: the line or the unit is gone.</returns>
    private async Task<bool> BlockAsync(RegisterBlock block, Turn turn, CancellationToken cancellationToken)
    {
        if (block.Parts.Length == 1)
            return await SingleAsync(block.Parts[0], turn, cancellationToken);
        var suspect = _blocks.TryGetValue(block.Whole, out var trust) && trust == BlockTrust.Suspect;
        if (suspect && (!await SingleAsync(block.Parts[0], turn, cancellationToken) || turn.Failure is not null))
            return false;
        var failure = await AskAsync(block.Whole, turn, cancellationToken);
        if (failure is null)
        {
            _blocks[block.Whole] = BlockTrust.Answered;
            return true;
        }
        var isUnanswered = failure.Fault is ModbusFault.Silent or ModbusFault.Garbled;
        if (!IsTooMuch(failure) && !(suspect && isUnanswered))
        {
            if (isUnanswered)
                _blocks.TryAdd(block.Whole, BlockTrust.Suspect);
            return turn.Fail(failure);
        }
        // One by one from now on, and for good: asking for the block again and again would cost a refusal or a time-out each time.
        foreach (var part in block.Parts)
            _alone[part] = true;
        _blocks.TryRemove(block.Whole, out _);
        return (IsTooMuch(failure) || turn.Fail(failure)) && await SinglesAsync(block, turn, failure, cancellationToken);
    }

    private async Task<bool> SinglesAsync(RegisterBlock block, Turn turn, ModbusFailure failure, CancellationToken cancellationToken)
    {
        foreach (var part in block.Parts)
        {
            if (!await SingleAsync(part, turn, cancellationToken))
                return false;
        }
        if (!block.Parts.All(_absent.ContainsKey))
            turn.Remarks.Add($"{block.Whole} cannot be read at once ({failure.Text}); its values are read one by one from now on");
        else
        {
            // Refused one and all: it is not the length (a device that starts up refuses everything).
            foreach (var part in block.Parts)
                _alone.TryRemove(part, out _);
        }
        return true;
    }

    private async Task<bool> SingleAsync(RegisterSpan span, Turn turn, CancellationToken cancellationToken)
    {
        if (await AskAsync(span, turn, cancellationToken) is not { } failure)
        {
            _absent.TryRemove(span, out _);
            return true;
        }
        if (failure is not { Fault: ModbusFault.Refused, Exception: null or 1 or 2 or 3 })
            return turn.Fail(failure);
        var times = _absent.TryGetValue(span, out var former) ? former.Times + 1 : 0;
        if (times == 0)
            turn.Remarks.Add($"{span} is left out: {failure.Text}");
        _absent[span] = new(failure, times, turn.Number + 1 + Math.Min(1 << Math.Min(times, 30), RetryAfterReadings));
        return true;
    }

    private async Task<ModbusFailure?> AskAsync(RegisterSpan span, Turn turn, CancellationToken cancellationToken)
    {
        var answer = await unit.ReadAsync(span.Bank, span.Address, span.Count, cancellationToken);
        if (answer.Failure is null && answer.Words.Length != span.Count)
            return new(ModbusFault.Garbled, $"{answer.Words.Length} words came instead of {span.Count}");
        for (var i = 0; answer.Failure is null && i < span.Count; i++)
            turn.Words[(span.Bank, span.Address + i)] = answer.Words.Span[i];
        return answer.Failure;
    }

    /// <summary>A device that dislikes the length of a request says that the address, the count or the function is wrong, or that it failed.</summary>
    private static bool IsTooMuch(ModbusFailure failure) => failure is { Fault: ModbusFault.Refused, Exception: null or 1 or 2 or 3 or 4 };

    private static MeasuredValue? Decoded(RegisterPoint point, DeviceTemplate device, Turn turn) =>
        turn.Of(Span(point)) is { } words ? RegisterDecoder.Decode(point, words, ScaleOf(point, device, turn)) : null;

    private static decimal? ScaleOf(RegisterPoint point, DeviceTemplate device, Turn turn)
    {
        if (point.PowerOfTenAt is { } power)
            return turn.Of(new(point.Bank, power, 1)) is { } exponent ? RegisterDecoder.PowerOfTen(exponent[0]) * point.Scale : null;
        if (point.ScaleWhen is not { } rule)
            return point.Scale;
        // The decisive number as its own scale has it, without a rule of its own: a frequency decides about itself.
        if (Decisive(device, rule) is not { } decisive || turn.Of(Span(decisive)) is not { } words || RegisterDecoder.Decode(decisive, words, decisive.Scale).Number is not { } number)
            return null;
        return rule.Holds(number) ? rule.Scale : point.Scale;
    }

    private static RegisterPoint? Decisive(DeviceTemplate device, ScaleRule rule) => device.Points.FirstOrDefault(p => p.Quantity == rule.Of && p.Type != RegisterType.Text);

    private static RegisterSpan Span(RegisterPoint point) => new(point.Bank, point.Address, point.Count);

    /// <summary>Why nothing at all was read, where it is not the line's fault.</summary>
    private ModbusFailure? Refusal(ImmutableArray<RegisterPoint> points) =>
        points.Select(p => _absent.GetValueOrDefault(Span(p))?.Failure).OfType<ModbusFailure>().FirstOrDefault();

    /// <param name="Until">The number of the reading that asks for it again.</param>
    private sealed record Absence(ModbusFailure Failure, int Times, long Until);

    private sealed record Names(long Reading, ImmutableArray<MeasuredValue> Values);

    /// <summary>What one reading has come to so far.</summary>
    private sealed class Turn(long number)
    {
        public long Number { get; } = number;
        public Dictionary<(RegisterBank Bank, int Address), ushort> Words { get; } = [];
        public List<string> Remarks { get; } = [];
        public ModbusFailure? Failure { get; private set; }

        /// <returns>Whether others may still answer: a garbled answer says nothing of the next.</returns>
        public bool Fail(ModbusFailure failure)
        {
            Failure ??= failure;
            return failure.Fault is ModbusFault.Garbled or ModbusFault.Refused;
        }

        /// <summary>All words of a span, or null.</summary>
        public ushort[]? Of(RegisterSpan span)
        {
            var words = new ushort[span.Count];
            for (var i = 0; i < span.Count; i++)
            {
                if (!Words.TryGetValue((span.Bank, span.Address + i), out words[i]))
                    return null;
            }
            return words;
        }
    }
}
