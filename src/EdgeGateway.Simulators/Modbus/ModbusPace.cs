namespace EdgeGateway.Simulators.Modbus;

/// <summary>How slow a serial line is: so that a pipe, which takes no time, behaves as a wire does.</summary>
/// <param name="Latency">From a request's last byte to its answer's first.</param>
public sealed record ModbusPace(int Baud, TimeSpan Latency)
{
    /// <summary>Start, eight of data, parity or a second stop bit, stop.</summary>
    private const int BitsPerByte = 11;

    /// <summary>An answer arrives in pieces of so many bytes, as it does from a UART.</summary>
    internal const int Piece = 8;

    internal TimeSpan Wire(int bytes) => TimeSpan.FromSeconds((double)bytes * BitsPerByte / Baud);
}
