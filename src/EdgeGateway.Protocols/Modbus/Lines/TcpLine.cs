using System.Runtime.InteropServices;

namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>Modbus TCP by libmodbus. After anything but an answer the connection is closed: an answer that comes later dies with it (libmodbus would be one behind for ever).</summary>
internal sealed class TcpLine(ModbusTransport transport, LineWitness witness, CancellationToken stopping) : IModbusLine
{
    private LowDescriptor? _low = LowDescriptor.TryTake();
    private NetworkSocket? _socket;
    private CancellationTokenRegistration _hangUp;
    private nint _context;

    public bool IsOpen => _context != 0;

    public string? Remark => null;

    public string? TryOpen()
    {
        _low ??= LowDescriptor.TryTake();
        if (_low is null)
            return $"{transport.Host}:{transport.Port}: this program has more than {LowDescriptor.Limit} connections, and libmodbus cannot wait beyond them";
        _socket = NetworkSocket.TryOpen(transport, stopping, out var why);
        if (_socket is null)
            return why;
        _context = LibModbus.NewTcp(transport.Host, transport.Port.ToString());
        if (_context == 0 || !_low.Carry(_socket.Descriptor) || LibModbus.SetDescriptor(_context, _low.Number) != 0)
        {
            Close();
            return $"{transport.Host}:{transport.Port}: out of memory or descriptors";
        }
        _hangUp = stopping.UnsafeRegister(socket => ((NetworkSocket)socket!).HangUp(), _socket);
        return null;
    }

    public ModbusAnswer Ask(ModbusRequest request, ModbusTiming timing, bool probes)
    {
        if (_socket is null || _socket.Spent)
        {
            Close();
            return LineTrouble.NoLine($"{transport.Host}:{transport.Port}: closed the connection");
        }
        if (witness.Watched)
            witness.Saw(true, request.ToFrame().AsSpan(..^2), $"unit {request.Unit}: {request.Describe()}");
        _ = LibModbus.SetResponseTimeout(_context, (uint)timing.Response.TotalSeconds, (uint)(timing.Response.Ticks % TimeSpan.TicksPerSecond / 10));
        _ = LibModbus.SetUnit(_context, request.Unit);
        var words = new ushort[request.Writes ? 0 : request.Count];
        var errno = Carry(request, words);
        var answer = errno == 0 ? new(words, null) : LineTrouble.OfRequest(request, transport, timing.Response, errno);
        if (witness.Watched && (errno == 0 || answer.Failure?.Exception is not null))
            witness.Saw(false, request.Retell(answer), answer.Failure?.Text ?? $"unit {request.Unit}: {string.Join(' ', words)}");
        if (answer.Failure is { Exception: null, Fault: not ModbusFault.NotSent })
            Close();
        return answer;
    }

    public void Close()
    {
        _hangUp.Dispose();
        if (_context != 0)
            LibModbus.Free(_context);
        _context = 0;
        _low?.Rest();
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose()
    {
        Close();
        _low?.Dispose();
        _low = null;
    }

    /// <returns>errno; 0 when it was answered.</returns>
    private int Carry(ModbusRequest request, ushort[] words)
    {
        Span<byte> bits = request.AsksBits ? stackalloc byte[request.Count] : [];
        var values = request.Values;
        var done = request.Function switch
        {
            1 => LibModbus.ReadCoils(_context, request.Address, request.Count, bits),
            2 => LibModbus.ReadDiscretes(_context, request.Address, request.Count, bits),
            3 => LibModbus.ReadHoldings(_context, request.Address, request.Count, words),
            4 => LibModbus.ReadInputs(_context, request.Address, request.Count, words),
            5 => LibModbus.WriteCoil(_context, request.Address, values[0] == 0 ? 0 : 1),
            6 => LibModbus.WriteHolding(_context, request.Address, values[0]),
            _ => LibModbus.WriteHoldings(_context, request.Address, request.Count, values),
        };
        var errno = Marshal.GetLastPInvokeError();
        for (var i = 0; i < bits.Length; i++)
            words[i] = bits[i];
        return done < 0 ? errno : 0;
    }
}
