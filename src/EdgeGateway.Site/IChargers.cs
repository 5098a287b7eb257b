using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site;

/// <summary>The chargers, as far as the site orders them about.</summary>
public interface IChargers
{
    /// <summary>Carries out an order and says how it went; never throws for what a charger does or fails to do.</summary>
    Task<OrderResult> CarryOutAsync(Order order, CancellationToken cancellationToken);
}

/// <param name="Limits">What the charger was asked to tell, if that was asked.</param>
public sealed record OrderResult(OrderOutcome Outcome, string? Detail = null, ChargingLimits? Limits = null);
