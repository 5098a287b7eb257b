using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Pricing;

namespace EdgeGateway.Chargers;

/// <summary>
/// Tells 2.x stations that show costs what their running sessions have come to (CostUpdated, I02): when it changed, at most once a minute for each
/// session, and no more on a line that once did not take it. Whatever a station sends meanwhile is handled without waiting for this.
/// </summary>
public sealed class RunningCosts : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly ChargerRegistry _registry;
    private readonly SiteEngine _site;
    private readonly DeviceModels _models;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    public RunningCosts(ChargerRegistry registry, SiteEngine site, DeviceModels models, TimeProvider clock)
    {
        (_registry, _site, _models, _clock) = (registry, site, models, clock);
        _timer = clock.CreateTimer(_ => TellAll(), null, Every, Every);
    }

    /// <summary>With tax where it is known, as on the bill.</summary>
    public static decimal AmountOf(Bill bill) => Rounding.Round(bill.Total) is var total && total.InclVat is { } withTax ? withTax : total.ExclVat;

    public void Dispose() => _timer.Dispose();

    private void TellAll()
    {
        foreach (var line in _registry.Lines)
        {
            if (line is { Dialect: V21Dialect, Costs: { HasGivenUp: false, Telling.IsCompleted: true }, MayBeAsked.IsCompletedSuccessfully: true })
                line.Costs.Telling = TellAsync(line);
        }
    }

    private async Task TellAsync(ChargerLine line)
    {
        try
        {
            var now = _clock.GetUtcNow();
            foreach (var session in _site.State.Sessions.Values.Where(s => IsPriced(s, line.Station)).ToList())
            {
                // Few stations show costs, and a price is work: whether it is wanted comes first.
                if (!await IsShownAsync(line, session.Terms.Tariff!.Currency))
                    continue;
                var amount = AmountOf(session.BillOf(now));
                if (!line.Costs.IsNews(session.Transaction!, amount))
                    continue;
                var answer = await line.Rpc.CallAsync(
                    V21Actions.CostUpdated, new() { TotalCost = amount, TransactionId = session.Transaction! }, CancellationToken.None);
                if (!answer.Succeeded)
                {
                    line.Costs.HasGivenUp = true;
                    line.Note("CostUpdated", "it was not taken: no more on this line");
                    return;
                }
                line.Costs.Told(session.Transaction!, amount);
            }
        }
        catch (Exception failure)
        {
            // A display is worth no charger: what went wrong is written down, and it is left without.
            line.Costs.HasGivenUp = true;
            line.OnTrouble(new(Protocols.Ocpp.Rpc.LineTroubleKind.HandlerFailed, $"running costs: {failure.GetType().Name}", failure));
        }
    }

    private static bool IsPriced(Session session, string station) =>
        session is { Status: SessionStatus.Active, Transaction: not null, EndInferred: null, Terms.Tariff: not null, Authorization.Status: Site.Model.AuthorizationStatus.Accepted }
        && string.Equals(session.At.Station, station, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the station shows costs, in this currency (TariffCostCtrlr). One that has not told its device model yet is asked nothing.</summary>
    private async ValueTask<bool> IsShownAsync(ChargerLine line, string currency)
    {
        if (await _models.ReadAsync(line.Station, CancellationToken.None) is not { } model)
            return false;
        var isEnabled = model.Find("TariffCostCtrlr.Enabled(Cost)") is null ? model.IsTrue("TariffCostCtrlr.Available(Cost)") : model.IsTrue("TariffCostCtrlr.Enabled(Cost)");
        return isEnabled && (model.Find("TariffCostCtrlr.Currency")?.Value is not { Length: > 0 } shown || string.Equals(shown.Trim(), currency, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>What one line's station was told of costs.</summary>
public sealed class LineCosts
{
    /// <summary>Transactions whose last amount is remembered; of those beyond, the oldest is forgotten.</summary>
    public const int MostTransactions = 64;

    private readonly Lock _lock = new();
    private readonly List<(string Transaction, decimal Amount)> _told = [];

    /// <summary>It once did not take it.</summary>
    public bool HasGivenUp { get; set; }

    /// <summary>Under way; one at a time.</summary>
    public Task Telling { get; set; } = Task.CompletedTask;

    public bool IsNews(string transaction, decimal amount)
    {
        lock (_lock)
            return !_told.Contains((transaction, amount));
    }

    public void Told(string transaction, decimal amount)
    {
        lock (_lock)
        {
            _told.RemoveAll(t => t.Transaction == transaction);
            if (_told.Count >= MostTransactions)
                _told.RemoveAt(0);
            _told.Add((transaction, amount));
        }
    }
}
