using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>The site's orders in 1.6.</summary>
public sealed partial class V16Dialect
{
    /// <summary>CiString20 of 1.6.</summary>
    public const int MaxIdTagChars = 20;

    public async Task<OrderResult> CarryOutAsync(ChargerLine line, Order order, CancellationToken cancellationToken)
    {
        return order switch
        {
            StartOrder start => await StartAsync(line, start, cancellationToken),
            StopOrder stop => OrderAnswers.Read(
                await line.Rpc.CallAsync(V16Actions.RemoteStopTransaction, new() { TransactionId = stop.Number }, cancellationToken), OutcomeOf),
            UnlockOrder unlock => OrderAnswers.Read(
                await line.Rpc.CallAsync(V16Actions.UnlockConnector, new() { ConnectorId = line.Connectors.NumberOf(unlock.At) }, cancellationToken),
                OutcomeOf),
            ReserveOrder reserve => await ReserveAsync(line, reserve, cancellationToken),
            CancelReservationOrder cancel => OrderAnswers.Read(
                await line.Rpc.CallAsync(V16Actions.CancelReservation, new() { ReservationId = cancel.Number }, cancellationToken), OutcomeOf),
            LimitOrder limit => await _limits.SetAsync(line, limit, cancellationToken),
            AskLimitsOrder ask => await V16Limits.AskAsync(line, ask, cancellationToken),
            _ => new OrderResult(OrderOutcome.NotSupported, $"no 1.6 message does {order.GetType().Name}"),
        };
    }

    private static async Task<OrderResult> StartAsync(ChargerLine line, StartOrder order, CancellationToken cancellationToken)
    {
        if (order.IdTag.Length > MaxIdTagChars)
            return new(OrderOutcome.Rejected, $"the token's uid has more than the {MaxIdTagChars} characters that OCPP 1.6 allows");
        var request = new RemoteStartTransactionRequest { ConnectorId = line.Connectors.NumberOf(order.At), IdTag = order.IdTag };
        return OrderAnswers.Read(await line.Rpc.CallAsync(V16Actions.RemoteStartTransaction, request, cancellationToken), OutcomeOf);
    }

    private static async Task<OrderResult> ReserveAsync(ChargerLine line, ReserveOrder order, CancellationToken cancellationToken)
    {
        var request = new ReserveNowRequest
        {
            ConnectorId = line.Connectors.NumberOf(order.At), ExpiryDate = order.Expires, IdTag = order.IdTag, ParentIdTag = order.ParentIdTag, ReservationId = order.Number,
        };
        return OrderAnswers.Read(await line.Rpc.CallAsync(V16Actions.ReserveNow, request, cancellationToken), OutcomeOf);
    }

    private static OrderOutcome OutcomeOf(ReserveNowResponse response) => response.Status switch
    {
        ReservationStatus.Accepted => OrderOutcome.Accepted,
        ReservationStatus.Occupied => OrderOutcome.Occupied,
        ReservationStatus.Faulted or ReservationStatus.Unavailable => OrderOutcome.Inoperative,
        _ => OrderOutcome.Rejected,
    };

    private static OrderOutcome OutcomeOf(CancelReservationResponse response) =>
        response.Status == CancelReservationStatus.Accepted ? OrderOutcome.Accepted : OrderOutcome.Rejected;

    private static OrderOutcome OutcomeOf(RemoteStartTransactionResponse response) => OutcomeOf(response.Status);

    private static OrderOutcome OutcomeOf(RemoteStopTransactionResponse response) => OutcomeOf(response.Status);

    private static OrderOutcome OutcomeOf(RemoteStartStopStatus status) =>
        status == RemoteStartStopStatus.Accepted ? OrderOutcome.Accepted : OrderOutcome.Rejected;

    private static OrderOutcome OutcomeOf(UnlockConnectorResponse response) => response.Status switch
    {
        UnlockStatus.Unlocked => OrderOutcome.Accepted,
        UnlockStatus.NotSupported => OrderOutcome.NotSupported,
        _ => OrderOutcome.Failed,
    };
}
