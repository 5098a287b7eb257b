namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>A request that waits, and the one who waits for it.</summary>
/// <param name="asked">On the bus's clock.</param>
internal sealed class PendingRequest(ModbusRequest request, ModbusTiming timing, TimeSpan asked)
{
    private readonly TaskCompletionSource<ModbusAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ModbusRequest Request => request;
    public ModbusTiming Timing => timing;
    public TimeSpan Asked => asked;
    public Task<ModbusAnswer> Answered => _answer.Task;

    public void Answer(ModbusAnswer answer) => _answer.TrySetResult(answer);

    public void Cancel(CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);
}
