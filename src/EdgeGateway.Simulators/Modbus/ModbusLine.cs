using System.Buffers.Binary;

namespace EdgeGateway.Simulators.Modbus;

/// <summary>One line into a simulated server, from its opening to its end: finds the requests in the bytes and lets the units answer, each at its own pace.</summary>
internal sealed class ModbusLine(SimulatedModbusServer server, Stream stream, bool isRtu, TimeProvider clock) : IAsyncDisposable
{
    private const int TcpHeader = 7;
    private const int LargestFrame = 260;

    /// <summary>A pause that ends whatever lay in the buffer; far above a real 3.5 characters, as a pipe's bytes come when the scheduler likes.</summary>
    private static readonly TimeSpan FrameEnd = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<byte> _buffer = [];

    /// <summary>Serves until the line ends.</summary>
    public async Task RunAsync()
    {
        var chunk = new byte[LargestFrame];
        var last = TimeProvider.System.GetTimestamp();
        try
        {
            while (await stream.ReadAsync(chunk, _closing.Token) is var read and > 0)
            {
                if (isRtu && TimeProvider.System.GetElapsedTime(last) > FrameEnd)
                    _buffer.Clear();
                last = TimeProvider.System.GetTimestamp();
                _buffer.AddRange(chunk.AsSpan(0, read));
                while (isRtu ? TakeRtu() : TakeTcp())
                {
                }
            }
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or ObjectDisposedException or InvalidDataException)
        {
            // The other side is gone, or we are being closed.
        }
        finally
        {
            await _closing.CancelAsync();
            await stream.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await stream.DisposeAsync();
    }

    private bool TakeTcp()
    {
        if (_buffer.Count < TcpHeader)
            return false;
        var header = _buffer[..TcpHeader].ToArray();
        var length = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(4));
        if (length is < 2 or > LargestFrame || header[2] != 0 || header[3] != 0)
            throw new InvalidDataException("no Modbus TCP");
        if (_buffer.Count < TcpHeader - 1 + length)
            return false;
        var pdu = _buffer.GetRange(TcpHeader, length - 1).ToArray();
        _buffer.RemoveRange(0, TcpHeader - 1 + length);
        _ = AnswerAsync(header[6], pdu, BinaryPrimitives.ReadUInt16BigEndian(header));
        return true;
    }

    private bool TakeRtu()
    {
        if (RtuLength() is not { } length || _buffer.Count < length)
            return false;
        var frame = _buffer.GetRange(0, length).ToArray();
        if (Crc(frame.AsSpan(0, length - 2)) != BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(length - 2)))
        {
            // Not the beginning of a frame: the next byte may be.
            _buffer.RemoveAt(0);
            return true;
        }
        _buffer.RemoveRange(0, length);
        _ = AnswerAsync(frame[0], frame[1..^2], transaction: null, frame);
        return true;
    }

    /// <summary>Length of the request that the buffer begins with, by its function; null while that cannot be told.</summary>
    private int? RtuLength()
    {
        if (_buffer.Count < 2)
            return null;
        return _buffer[1] switch
        {
            15 or 16 => _buffer.Count < 7 ? null : 9 + _buffer[6],
            7 or 11 or 12 or 17 => 4,
            43 => 7,
            _ => 8,
        };
    }

    private async Task AnswerAsync(byte address, byte[] request, ushort? transaction, byte[]? echo = null)
    {
        try
        {
            if (server.Pace is { } pace)
                await Task.Delay(pace.Wire(request.Length + 3) + pace.Latency, clock, _closing.Token);
            if (server.Echoes && echo is not null)
                await SendAsync(echo);
            var answer = server.Find(address) is { } unit ? await TroubledAsync(unit, request, transaction)
                : server.AbsentException is { } code && !isRtu ? Frame(address, ModbusPdu.Refused(request[0], code), transaction)
                : null;
            if (answer is not null)
                await SendAsync(answer);
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody hears the answer any more.
        }
    }

    private async Task<byte[]?> TroubledAsync(SimulatedUnit unit, byte[] request, ushort? transaction)
    {
        var (function, register, count) = ModbusPdu.Subject(request);
        var trouble = unit.Hear(function, register, count);
        if (trouble is null)
            return Frame(unit.Address, ModbusPdu.Answer(unit, request), transaction);
        if (trouble.ClosesLine)
        {
            await DisposeAsync();
            return null;
        }
        if (trouble.Silent)
            return null;
        // Made now, sent later: a late answer tells of the moment it was asked for.
        var pdu = trouble.Exception is { } code ? ModbusPdu.Refused(function, code) : ModbusPdu.Answer(unit, request);
        if (trouble.Late > TimeSpan.Zero)
            await Task.Delay(trouble.Late, clock, _closing.Token);
        var frame = Frame(trouble.AnswersAs ?? unit.Address, pdu, trouble.BadCrc && transaction is { } number ? (ushort)(number + 1000) : transaction);
        if (trouble.BadCrc && isRtu)
            frame[^1] ^= 0x55;
        if (trouble.CutAfter is { } cut)
            frame = frame[..Math.Min(cut, frame.Length)];
        return [.. trouble.Noise.Span, .. frame];
    }

    private byte[] Frame(byte address, byte[] pdu, ushort? transaction)
    {
        if (!isRtu)
        {
            var frame = new byte[TcpHeader + pdu.Length];
            BinaryPrimitives.WriteUInt16BigEndian(frame, transaction ?? 0);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4), (ushort)(pdu.Length + 1));
            frame[6] = address;
            pdu.CopyTo(frame, TcpHeader);
            return frame;
        }
        byte[] rtu = [address, .. pdu, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(rtu.AsSpan(rtu.Length - 2), Crc(rtu.AsSpan(0, rtu.Length - 2)));
        return rtu;
    }

    private async Task SendAsync(byte[] bytes)
    {
        await _writing.WaitAsync(_closing.Token);
        try
        {
            if (server.Pace is not { } pace || !isRtu)
            {
                await stream.WriteAsync(bytes, _closing.Token);
                await stream.FlushAsync(_closing.Token);
                return;
            }
            foreach (var piece in bytes.Chunk(ModbusPace.Piece))
            {
                await Task.Delay(pace.Wire(piece.Length), clock, _closing.Token);
                await stream.WriteAsync(piece, _closing.Token);
                await stream.FlushAsync(_closing.Token);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>CRC-16 of Modbus over serial line V1.02, 6.2.2.</summary>
    private static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFF;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }
        return (ushort)crc;
    }
}
