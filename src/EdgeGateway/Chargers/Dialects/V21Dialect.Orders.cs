using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>The site's orders in 2.x. What only 2.1 can say to a 2.0.1 station is not sent and comes back as Failed with the reason.</summary>
public sealed partial class V21Dialect
{
    public async Task<OrderResult> CarryOutAsync(ChargerLine line, Order order, CancellationToken cancellationToken) => order switch
    {
        StartOrder start => await StartAsync(line, start, cancellationToken),
        StopOrder stop => await StopAsync(line, stop, cancellationToken),
        UnlockOrder unlock => await UnlockAsync(line, unlock.At.Evse, unlock.At.Connector, cancellationToken),
        ReserveOrder reserve => await ReserveAsync(line, reserve, cancellationToken),
        CancelReservationOrder cancel => await CancelReservationAsync(line, cancel, cancellationToken),
        LimitOrder limit => await LimitAsync(line, limit, cancellationToken),
        AskLimitsOrder ask => await V21Limits.AskAsync(line, ask.At.Evse, ask.Duration, ask.Unit, cancellationToken),
        _ => new OrderResult(OrderOutcome.NotSupported, $"no 2.x message does {order.GetType().Name}"),
    };

    private async Task<OrderResult> StartAsync(ChargerLine line, StartOrder order, CancellationToken cancellationToken)
    {
        var token = _site.State.Admissions.Values.FirstOrDefault(a => a.OrderId == order.Id)?.Authorization.Token;
        var request = new RequestStartTransactionRequest
        {
            IdToken = TokenOf(order.IdTag, token),
            // It comes back in the TransactionEvent (F01): so it is the order's number. Order numbers are far from 2^31.
            RemoteStartId = checked((int)order.Id),
            EvseId = order.At.Evse,
            GroupIdToken = GroupOf(token?.GroupId),
        };
        var answer = await line.Rpc.CallAsync(V21Actions.RequestStartTransaction, request, cancellationToken);
        var result = V21Answers.Order(answer, static r => StartStop(r.Status), static r => r.StatusInfo);
        // The plug was first: the station has a transaction for it already (F01.FR.13), and its events name it.
        return answer.Response is { TransactionId: { } running } ? result with { Detail = $"transaction {running}" } : result;
    }

    private async Task<OrderResult> StopAsync(ChargerLine line, StopOrder order, CancellationToken cancellationToken)
    {
        if (TransactionOf(order.Number) is not { } transaction)
            return new(OrderOutcome.Rejected, "the station has not told its own id of this transaction");
        var answer = await line.Rpc.CallAsync(V21Actions.RequestStopTransaction, new() { TransactionId = transaction }, cancellationToken);
        return V21Answers.Order(answer, static r => StartStop(r.Status), static r => r.StatusInfo);
    }

    private static async Task<OrderResult> UnlockAsync(ChargerLine line, int evse, int connector, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(V21Actions.UnlockConnector, new() { EvseId = evse, ConnectorId = connector }, cancellationToken);
        return V21Answers.Order(
            answer,
            static r => r.Status switch
            {
                UnlockStatus.Unlocked => OrderOutcome.Accepted,
                UnlockStatus.UnlockFailed => OrderOutcome.Failed,
                // A plug is not released under a driver who charges (F05.FR.02); a connector that is not there is no connector's failure.
                _ => OrderOutcome.Rejected,
            },
            static r => r.StatusInfo, static r => r.Status.ToString());
    }

    private async Task<OrderResult> ReserveAsync(ChargerLine line, ReserveOrder order, CancellationToken cancellationToken)
    {
        var request = new ReserveNowRequest
        {
            Id = order.Number,
            ExpiryDateTime = order.Expires,
            IdToken = TokenOf(order.IdTag, _site.State.Reservations.GetValueOrDefault(order.Number)?.Token),
            EvseId = order.At.Evse,
            GroupIdToken = GroupOf(order.ParentIdTag),
        };
        var answer = await line.Rpc.CallAsync(V21Actions.ReserveNow, request, cancellationToken);
        return V21Answers.Order(
            answer,
            static r => r.Status switch
            {
                ReserveNowStatus.Accepted => OrderOutcome.Accepted,
                ReserveNowStatus.Occupied => OrderOutcome.Occupied,
                ReserveNowStatus.Faulted or ReserveNowStatus.Unavailable => OrderOutcome.Inoperative,
                _ => OrderOutcome.Rejected,
            },
            static r => r.StatusInfo);
    }

    private static async Task<OrderResult> CancelReservationAsync(ChargerLine line, CancelReservationOrder order, CancellationToken cancellationToken)
    {
        var answer = await line.Rpc.CallAsync(V21Actions.CancelReservation, new() { ReservationId = order.Number }, cancellationToken);
        return V21Answers.Order(
            answer, static r => r.Status == CancelReservationStatus.Accepted ? OrderOutcome.Accepted : OrderOutcome.Rejected, static r => r.StatusInfo);
    }

    private async Task<OrderResult> LimitAsync(ChargerLine line, LimitOrder order, CancellationToken cancellationToken)
    {
        if (order.Limits is not { } limits)
            return await V21Limits.ClearAsync(line, order.Number, cancellationToken);
        // A TxProfile is of one transaction (K01.FR.03).
        return TransactionOf(order.Number) is { } transaction
            ? await _limits.SetAsync(line, order.At, order.Number, transaction, limits, cancellationToken)
            : new(OrderOutcome.Rejected, "the station has not told its own id of this transaction");
    }

    private string? TransactionOf(int session) => _site.State.Sessions.GetValueOrDefault(session)?.Transaction;

    /// <summary>A uid under a name of ours is nobody's card: the CSMS vouches for it.</summary>
    private static IdToken TokenOf(string idTag, Token? token) =>
        V21Tokens.Of(idTag, token is null || !Uid.Same(token.Uid, idTag) ? TokenType.Other : token.Type);

    private static IdToken? GroupOf(string? group) => group is { Length: > 0 } ? new() { Token = group, Type = IdTokenKinds.Central } : null;

    private static OrderOutcome StartStop(RequestStartStopStatus status) =>
        status == RequestStartStopStatus.Accepted ? OrderOutcome.Accepted : OrderOutcome.Rejected;
}
