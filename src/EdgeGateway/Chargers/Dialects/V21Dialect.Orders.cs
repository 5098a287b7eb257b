using EdgeGateway.Site;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>The site's orders in 2.x.</summary>
public sealed partial class V21Dialect
{
    public Task<OrderResult> CarryOutAsync(ChargerLine line, Order order, CancellationToken cancellationToken) =>
        Task.FromResult(new OrderResult(OrderOutcome.NotSupported, $"no 2.x message does {order.GetType().Name}"));
}
