namespace EdgeGateway.Chargers.Dialects;

/// <summary>What the gateway asks of a 2.x charger when a line is new.</summary>
public sealed class V21SetUp
{
    public Task RunAsync(ChargerLine line, CancellationToken lineEnded) => Task.CompletedTask;

    public Task AdjustAsync(ChargerLine line, CancellationToken cancellationToken) => Task.CompletedTask;
}
