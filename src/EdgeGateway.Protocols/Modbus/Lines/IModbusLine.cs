namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>A way to devices, used by one thread. Whatever a device does comes as an answer.</summary>
internal interface IModbusLine : IDisposable
{
    bool IsOpen { get; }

    /// <summary>What somebody should mend although the line works.</summary>
    string? Remark { get; }

    /// <summary>Waits for a host at most <see cref="NetworkSocket.ConnectLimit"/>.</summary>
    /// <returns>Why it could not be opened; null when it is open.</returns>
    string? TryOpen();

    /// <summary>Sends and waits for the answer. <see cref="ModbusFault.NoLine"/>: the line broke, and is closed.</summary>
    /// <param name="probes">The unit has been silent before: should it stay so, the others need not wait for it once more.</param>
    ModbusAnswer Ask(ModbusRequest request, ModbusTiming timing, bool probes);

    void Close();
}
