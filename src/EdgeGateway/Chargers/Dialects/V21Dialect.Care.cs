using EdgeGateway.Site.Care;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What people want done, in 2.x.</summary>
public sealed partial class V21Dialect
{
    public Task<CareAnswer> CareAsync(ChargerLine line, CareTask task, CancellationToken cancellationToken) =>
        Task.FromResult(CareAnswer.Of(CareOutcome.NotSupported, $"no 2.x message does {task.GetType().Name}"));
}
