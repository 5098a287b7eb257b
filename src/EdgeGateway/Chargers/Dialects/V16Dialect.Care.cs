using EdgeGateway.Site.Care;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What people want done, in 1.6.</summary>
public sealed partial class V16Dialect
{
    public Task<CareAnswer> CareAsync(ChargerLine line, CareTask task, CancellationToken cancellationToken) =>
        Task.FromResult(CareAnswer.Of(CareOutcome.NotSupported, $"no 1.6 message does {task.GetType().Name}"));
}
