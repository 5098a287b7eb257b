using System.Text;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Chargers;

/// <summary>Carries out the site's orders, and what a technician wants sent. A charger is asked one thing at a time.</summary>
public sealed class ChargingStations(ChargerRegistry registry) : IChargers
{
    /// <summary>CiString20 of 1.6.</summary>
    public const int MaxIdTagChars = 20;

    public async Task<OrderResult> CarryOutAsync(Order order, CancellationToken cancellationToken)
    {
        try
        {
            if (registry.Find(order.Station) is not { } line)
                return new OrderResult(OrderOutcome.Offline, "the station has no line");
            await line.MayBeAsked.WaitAsync(cancellationToken);
            return order switch
            {
                StartOrder start => await StartAsync(line, start, cancellationToken),
                StopOrder stop => Read(
                    await line.Rpc.CallAsync(V16Actions.RemoteStopTransaction, new() { TransactionId = stop.Number }, cancellationToken), OutcomeOf),
                UnlockOrder unlock => Read(
                    await line.Rpc.CallAsync(V16Actions.UnlockConnector, new() { ConnectorId = line.Connectors.NumberOf(unlock.At) }, cancellationToken),
                    OutcomeOf),
                ReserveOrder reserve => await ReserveAsync(line, reserve, cancellationToken),
                CancelReservationOrder cancel => Read(
                    await line.Rpc.CallAsync(V16Actions.CancelReservation, new() { ReservationId = cancel.Number }, cancellationToken), OutcomeOf),
                LimitOrder limit => await V16Limits.SetAsync(line, limit, cancellationToken),
                AskLimitsOrder ask => await V16Limits.AskAsync(line, ask, cancellationToken),
                _ => new OrderResult(OrderOutcome.NotSupported, $"no 1.6 message does {order.GetType().Name}"),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new OrderResult(OrderOutcome.Offline, "the line ended");
        }
        catch (OperationCanceledException)
        {
            return new OrderResult(OrderOutcome.TimedOut, "given up: the gateway is stopping");
        }
    }

    /// <summary>Sends any message that a central system may send, as it is, and says what came back. Refused without being sent if it breaks the standard.</summary>
    /// <param name="payloadJson">A JSON object.</param>
    public async Task<StationAnswer> CallAsync(string station, string action, string payloadJson, CancellationToken cancellationToken)
    {
        var payload = Encoding.UTF8.GetBytes(payloadJson);
        if (V16Actions.All.CheckCall(Party.Csms, action, payload) is { Count: > 0 } flaws)
            return StationAnswer.Failed("Invalid", string.Join("; ", flaws));
        if (registry.Find(station) is not { } line)
            return StationAnswer.Failed("Offline", "The station has no line.");
        try
        {
            await line.MayBeAsked.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return StationAnswer.Failed("Offline", "The line ended.");
        }
        return await line.Rpc.CallAsync(action, Payload.Json(payload), cancellationToken) switch
        {
            CallAnswered answered => new(Encoding.UTF8.GetString(answered.Payload.Span), null, null),
            CallRefused refused => StationAnswer.Failed(refused.Spelling, refused.Description),
            CallUnanswered { Why: CallFailure.LineEnded } ended => StationAnswer.Failed("Offline", ended.Detail),
            CallUnanswered unanswered => StationAnswer.Failed(unanswered.Why.ToString(), unanswered.Detail),
            var other => throw new InvalidOperationException($"no such outcome: {other}"),
        };
    }

    /// <summary>The open lines, for status.</summary>
    public IReadOnlyList<LineFigures> Lines() =>
    [
        .. registry.Lines.Select(static line => new LineFigures(
            line.Station, line.Origin.Protocol, line.Origin.Remote, line.Opened, line.Origin.Stream?.Silence, line.Messages, line.Warnings,
            line.Entry.IsAuthenticated, !line.IsAdmitted, line.Entry.Note)),
    ];

    private static async Task<OrderResult> StartAsync(ChargerLine line, StartOrder order, CancellationToken cancellationToken)
    {
        if (order.IdTag.Length > MaxIdTagChars)
            return new(OrderOutcome.Rejected, $"the token's uid has more than the {MaxIdTagChars} characters that OCPP 1.6 allows");
        var request = new RemoteStartTransactionRequest { ConnectorId = line.Connectors.NumberOf(order.At), IdTag = order.IdTag };
        return Read(await line.Rpc.CallAsync(V16Actions.RemoteStartTransaction, request, cancellationToken), OutcomeOf);
    }

    private static async Task<OrderResult> ReserveAsync(ChargerLine line, ReserveOrder order, CancellationToken cancellationToken)
    {
        var request = new ReserveNowRequest
        {
            ConnectorId = line.Connectors.NumberOf(order.At), ExpiryDate = order.Expires, IdTag = order.IdTag, ParentIdTag = order.ParentIdTag, ReservationId = order.Number,
        };
        return Read(await line.Rpc.CallAsync(V16Actions.ReserveNow, request, cancellationToken), OutcomeOf);
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

    internal static OrderResult Read<T>(Answer<T> answer, Func<T, OrderOutcome> outcomeOf) where T : class => answer.Outcome switch
    {
        CallAnswered when answer.Response is { } response => new(outcomeOf(response), null),
        CallRefused { Code: OcppErrorCode.NotImplemented or OcppErrorCode.NotSupported } refused => new(OrderOutcome.NotSupported, Said(refused)),
        CallRefused refused => new(OrderOutcome.Rejected, Said(refused)),
        CallUnanswered { Why: CallFailure.TimedOut } late => new(OrderOutcome.TimedOut, late.Detail),
        CallUnanswered { Why: CallFailure.LineEnded } ended => new(OrderOutcome.Offline, ended.Detail),
        CallUnanswered failed => new(OrderOutcome.Failed, failed.Detail),
        _ => new(OrderOutcome.Failed, "the answer could not be understood"),
    };

    private static string Said(CallRefused refused) => $"{refused.Spelling} {refused.Description}".TrimEnd();
}

/// <summary>What became of a message that a technician had sent: either a result or an error.</summary>
/// <param name="ResultJson">The payload of the CALLRESULT.</param>
/// <param name="ErrorCode">As the charger spelt it; ours are <c>Invalid</c> (not sent), <c>Offline</c>, <c>TimedOut</c>, <c>QueueFull</c>, <c>Unreadable</c>.</param>
public sealed record StationAnswer(string? ResultJson, string? ErrorCode, string? ErrorDescription)
{
    public static StationAnswer Failed(string code, string description) => new(null, code, description);
}

/// <summary>An open line, for people.</summary>
/// <param name="Silence">Since the last sign of life; null where it cannot be seen.</param>
/// <param name="Warnings">What was tolerated or went wrong on this line.</param>
/// <param name="IsAuthenticated">False is weak, and to be shown (S1).</param>
/// <param name="Note">How it got in.</param>
public sealed record LineFigures(
    string Station, string Protocol, string Remote, DateTimeOffset Opened, TimeSpan? Silence, long Messages, long Warnings,
    bool IsAuthenticated, bool IsQuarantined, string? Note);
