namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>An open way of bytes: a serial port, or a socket to a serial server.</summary>
internal interface IByteLine : IDisposable
{
    int Descriptor { get; }

    /// <summary>Forgets what the system holds of both ways.</summary>
    void Flush();

    /// <summary>What an errno of it means, for people.</summary>
    string Explain(int errno);
}
