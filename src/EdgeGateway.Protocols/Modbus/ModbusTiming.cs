namespace EdgeGateway.Protocols.Modbus;

/// <summary>How long a device is waited for, and how it likes to be asked. A template says what its device needs; the installer may say otherwise.</summary>
public sealed record ModbusTiming
{
    /// <summary>Until the first byte of an answer. Above the slowest answer the device ever gives: a late one must not meet the next question.</summary>
    public TimeSpan Response { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Silence between an answer and the next request: of the same unit over TCP (a gateway has its own), of any unit on a serial line, where all hear all.</summary>
    public TimeSpan Gap { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How often the device is meant to be read: what is due first goes first on its bus.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(5);
}
