using System.Runtime.InteropServices;

namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>RTU frames over a descriptor. Our own transaction: libmodbus would give up at a foreign frame, lose the answer behind noise, and take a late answer for the next one's
/// (FIELD pain 4: a wrong value without any error).</summary>
internal sealed unsafe class RtuLine(ModbusTransport transport, LineWitness witness, CancellationToken stopping) : IModbusLine
{
    /// <summary>A line that is never quiet is spoken on nevertheless, after this.</summary>
    private static readonly TimeSpan MostUnrest = TimeSpan.FromSeconds(1);

    /// <summary>Between two pieces of one answer: USB adapters hold bytes back for 16 ms, serial servers longer.</summary>
    private static readonly TimeSpan PieceGap = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan NetworkPieceGap = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(1);

    /// <summary>Fewer bytes than this are what drivers make of a line when they switch on, and say nothing of an answer.</summary>
    private const int LeastNoise = 3;

    /// <summary>Questions in a row after which not a byte came: a serial server that was switched off says no more than a dead device, so it is called anew.</summary>
    private const int MostUnheard = 3;

    /// <summary>A reading of nothing from a line that says it has something: it is gone.</summary>
    private const int MostEmptyReads = 3;

    private readonly RtuReceiver _receiver = new(witness);
    private readonly Bell _bell = new(stopping);
    private IByteLine? _line;
    private TimeSpan _lastByte;
    private TimeSpan _quarantine;
    private TimeSpan _gap;
    private int _emptyReads;
    private int _unheard;
    private string _broke = "";

    private enum Heard
    {
        Nothing,
        Bytes,
        Broken,
        Stop,
    }

    public bool IsOpen => _line is not null;

    public string? Remark { get; private set; }

    private bool IsSerial => transport.Wire == ModbusWire.Rtu;

    /// <summary>One character: start, eight bits, parity or not, stop.</summary>
    private TimeSpan Character => IsSerial ? TimeSpan.FromSeconds((9.0 + transport.StopBits + (transport.Parity == SerialParity.None ? 0 : 1)) / transport.Baud) : TimeSpan.Zero;

    /// <summary>Between frames: 3.5 characters, 1.75 ms above 19200 baud (Modbus over serial line 1.02, 2.5.1.1).</summary>
    private TimeSpan FrameGap => !IsSerial ? TimeSpan.Zero : transport.Baud > 19200 ? TimeSpan.FromMilliseconds(1.75) : 3.5 * Character;

    public string? TryOpen()
    {
        string? why;
        _line = IsSerial ? SerialPort.TryOpen(transport, out why) : NetworkSocket.TryOpen(transport, stopping, out why);
        if (_line is null)
            return why;
        Remark = IsSerial ? DevicePath.Remark(transport.Device) : null;
        (_lastByte, _quarantine, _emptyReads, _unheard) = (LineTime.Now, default, 0, 0);
        return null;
    }

    public ModbusAnswer Ask(ModbusRequest request, ModbusTiming timing, bool probes)
    {
        var heard = Settle(_gap > timing.Gap ? _gap : timing.Gap);
        _gap = timing.Gap;
        if (heard is Heard.Stop or Heard.Broken)
            return Ended(heard);
        _line!.Flush();
        _receiver.Begin();
        var question = request.ToFrame();
        witness.Saw(true, question, $"unit {request.Unit}: {request.Describe()}");
        if (!Send(question))
            return Ended(Heard.Broken);
        var until = LineTime.Now + (question.Length * Character) + timing.Response;
        var last = until + (IsSerial ? 1.5 * request.AnswerLength * Character : default) + (2 * Patience);
        var echoed = false;
        while (true)
        {
            // What has begun within its time may end after it, as long as it goes on.
            var limit = _receiver.Pending.Length > 0 && _lastByte + Patience > until ? Earlier(last, _lastByte + Patience) : until;
            if (LineTime.Now >= limit)
                return Unanswered(request, timing, probes);
            heard = Listen(limit);
            if (heard is Heard.Stop or Heard.Broken)
                return Ended(heard);
            while (_receiver.Take(request) is { } frame)
            {
                // A write of one value is answered by its own repetition: where the adapter hears itself, the first is no answer.
                if (_receiver.Echoes && !echoed && frame.AsSpan().SequenceEqual(question))
                {
                    echoed = true;
                    continue;
                }
                var answer = request.Understand(frame);
                if (witness.Watched)
                    witness.Saw(false, frame, answer.Failure?.Text ?? $"unit {request.Unit}: {(request.Writes ? "written" : string.Join(' ', answer.Words.ToArray()))}");
                return answer;
            }
        }
    }

    public void Close()
    {
        _line?.Dispose();
        _line = null;
    }

    public void Dispose()
    {
        Close();
        _bell.Dispose();
    }

    private TimeSpan Patience => IsSerial ? PieceGap + (4 * Character) : NetworkPieceGap;

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Waits until the line may be spoken on: after an unanswered question for its quarantine, or until the late answer is there, and always for a silence.</summary>
    private Heard Settle(TimeSpan gap)
    {
        var silence = gap > FrameGap ? gap : FrameGap;
        var patience = LineTime.Now + MostUnrest + silence;
        if (_quarantine > LineTime.Now)
            patience += _quarantine - LineTime.Now;
        while (true)
        {
            var quiet = _lastByte + silence;
            if (_quarantine > quiet)
                quiet = _quarantine;
            var limit = Earlier(quiet, patience);
            // Also when there is no time left: what has come already must not lie there when the answer is awaited.
            var heard = Listen(limit);
            if (heard is Heard.Stop or Heard.Broken)
                return heard;
            if (LineTime.Now >= (heard == Heard.Nothing ? limit : patience))
                return Heard.Nothing;
            var waited = _receiver.Unanswered is not null;
            _receiver.Take(null);
            if (waited && _receiver.Unanswered is null)
                _quarantine = default;
        }
    }

    private bool Send(ReadOnlySpan<byte> frame)
    {
        var until = LineTime.Now + SendLimit;
        fixed (byte* bytes = frame)
        {
            for (var sent = 0; sent < frame.Length;)
            {
                var written = Libc.Write(_line!.Descriptor, bytes + sent, (nuint)(frame.Length - sent));
                var errno = Marshal.GetLastPInvokeError();
                if (written > 0)
                {
                    sent += (int)written;
                }
                else if (errno is LineTrouble.Again or LineTrouble.Interrupted && LineTime.Now < until)
                {
                    var entry = new Libc.PollEntry { Descriptor = _line.Descriptor, Asked = Libc.PollOut };
                    _ = Libc.Poll(&entry, 1, LineTime.MillisecondsUntil(until));
                }
                else
                {
                    _broke = _line.Explain(errno == LineTrouble.Again ? LineTrouble.IoError : errno);
                    return false;
                }
            }
        }
        // What we said is on the line, too: the silence is counted from here.
        _lastByte = LineTime.Now + (frame.Length * Character);
        return true;
    }

    private Heard Listen(TimeSpan until)
    {
        var entries = stackalloc Libc.PollEntry[2];
        entries[0] = new() { Descriptor = _line!.Descriptor, Asked = Libc.PollIn };
        entries[1] = new() { Descriptor = _bell.Descriptor, Asked = Libc.PollIn };
        var ready = Libc.Poll(entries, 2, LineTime.MillisecondsUntil(until));
        if (ready <= 0)
            return Heard.Nothing;
        if (entries[1].Came != 0)
            return Heard.Stop;
        nint read;
        int errno;
        fixed (byte* room = _receiver.Room)
        {
            read = Libc.Read(_line.Descriptor, room, (nuint)_receiver.Room.Length);
            errno = Marshal.GetLastPInvokeError();
        }
        if (read > 0)
        {
            _receiver.Add((int)read);
            (_lastByte, _emptyReads, _unheard) = (LineTime.Now, 0, 0);
            return Heard.Bytes;
        }
        if (read < 0 && errno is LineTrouble.Again or LineTrouble.Interrupted && (entries[0].Came & Libc.PollBroken) == 0)
            return Heard.Nothing;
        if (read == 0 && IsSerial && (entries[0].Came & Libc.PollBroken) == 0 && ++_emptyReads < MostEmptyReads)
            return Heard.Nothing;
        _broke = _line.Explain(read < 0 && errno != LineTrouble.Again ? errno : LineTrouble.IoError);
        return Heard.Broken;
    }

    private ModbusAnswer Ended(Heard heard)
    {
        if (heard == Heard.Stop)
            return ModbusAnswer.Failed(ModbusFault.NotSent, "the bus is being closed");
        Close();
        return LineTrouble.NoLine(_broke);
    }

    private ModbusAnswer Unanswered(ModbusRequest request, ModbusTiming timing, bool probes)
    {
        // As long again: what is late must be over before anybody is asked (FIELD: after any timeout wait until the device's latency has passed).
        // Not for a unit that is dead already: it rests for seconds now, its number would give a late answer away, and the others have their cadence to keep (pain 2).
        if (!probes)
            _quarantine = LineTime.Now + timing.Response;
        _receiver.Unanswered = request;
        if (!IsSerial && ++_unheard >= MostUnheard)
            Close();
        var pending = _receiver.Pending;
        return _receiver.Spoilt ? ModbusAnswer.Failed(ModbusFault.Garbled, $"unit {request.Unit}: an answer with a wrong check sum")
            : pending.Length >= LeastNoise && request.BeginsAnswer(pending) ? ModbusAnswer.Failed(ModbusFault.Garbled, $"unit {request.Unit}: only {pending.Length} of {request.LengthOf(pending)} bytes of an answer")
            : _receiver.Noise + pending.Length >= LeastNoise ? ModbusAnswer.Failed(ModbusFault.Garbled, $"unit {request.Unit}: {_receiver.Noise + pending.Length} bytes of noise and no answer within {timing.Response.TotalMilliseconds:0} ms")
            : LineTrouble.Silent(request, timing.Response);
    }
}
