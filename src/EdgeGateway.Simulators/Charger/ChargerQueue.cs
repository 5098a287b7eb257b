using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Simulators.Charger;

/// <summary>What a message that the charger owes is about.</summary>
public enum OwedKind
{
    Start,
    Values,
    Stop,
}

/// <summary>A message that the charger owes: kept until it is answered, whatever the line does (1.6 §3.7).</summary>
/// <param name="Write">The payload, as late as possible: the transactionId may come with the answer before it.</param>
/// <param name="Settle">Takes the answer's payload; may be called twice when an answer was lost.</param>
internal sealed record OwedMessage(OwedKind Kind, string Action, Func<Payload> Write, Action<ReadOnlyMemory<byte>> Settle)
{
    public string? MessageId { get; set; }
    public int Attempts { get; set; }
}

/// <summary>The messages of transactions, in their order. Survives lines and power cuts.</summary>
internal sealed class ChargerQueue
{
    private readonly Lock _lock = new();
    private readonly Queue<OwedMessage> _messages = new();
    private TaskCompletionSource _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count
    {
        get
        {
            lock (_lock)
                return _messages.Count;
        }
    }

    public void Add(OwedMessage message)
    {
        lock (_lock)
        {
            _messages.Enqueue(message);
            _filled.TrySetResult();
        }
    }

    public async Task<OwedMessage> HeadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task filled;
            lock (_lock)
            {
                if (_messages.TryPeek(out var head))
                    return head;
                _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
                filled = _filled.Task;
            }
            await filled.WaitAsync(cancellationToken);
        }
    }

    public void Remove(OwedMessage message)
    {
        lock (_lock)
            if (_messages.TryPeek(out var head) && ReferenceEquals(head, message))
                _messages.Dequeue();
    }
}
