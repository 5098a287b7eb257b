using System.Text;
using EdgeGateway.Chargers.Modbus;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Site;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Chargers;

/// <summary>Carries out the site's orders, and what a technician wants sent. A charger is asked one thing at a time.</summary>
public sealed class ChargingStations(ChargerRegistry registry, ModbusStations modbus) : IChargers
{
    public async Task<OrderResult> CarryOutAsync(Order order, CancellationToken cancellationToken)
    {
        try
        {
            if (modbus.Find(order.Station) is { } field)
                return await field.CarryOutAsync(order, cancellationToken);
            if (registry.Find(order.Station) is not { } line)
                return new OrderResult(OrderOutcome.Offline, "the station has no line");
            await line.MayBeAsked.WaitAsync(cancellationToken);
            return await line.Dialect.CarryOutAsync(line, order, cancellationToken);
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
        if (modbus.Find(station) is not null)
            return StationAnswer.Failed("NotSupported", "The station is served over Modbus: it speaks no OCPP.");
        var payload = Encoding.UTF8.GetBytes(payloadJson);
        if (registry.Find(station) is not { } line)
            return StationAnswer.Failed("Offline", "The station has no line.");
        if (line.Dialect.MessagesOf(line.Version).CheckCall(Party.Csms, action, payload) is { Count: > 0 } flaws)
            return StationAnswer.Failed("Invalid", string.Join("; ", flaws));
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

    /// <summary>The open OCPP lines, for status.</summary>
    public IReadOnlyList<LineFigures> Lines() => [.. registry.Lines.Select(Figures)];

    /// <summary>Null when the station has none.</summary>
    public LineFigures? Line(string station) => registry.Find(station) is { } line ? Figures(line) : modbus.Line(station);

    /// <summary>Why a station has no line, where that is known: of one without OCPP it is we who call.</summary>
    public string? TroubleOf(string station) => modbus.Find(station)?.Trouble;

    private static LineFigures Figures(ChargerLine line) => new(
        line.Station, line.Origin.Protocol, line.Origin.Remote, line.Opened, line.Origin.Stream?.Silence, line.Messages, line.Warnings,
        line.Entry.IsAuthenticated, !line.IsAdmitted, line.Entry.Note, line.Entry.Profile);
}

/// <summary>What became of a message that a technician had sent: either a result or an error.</summary>
/// <param name="ResultJson">The payload of the CALLRESULT.</param>
/// <param name="ErrorCode">As the charger spelt it; ours are <c>Invalid</c> and <c>NotSupported</c> (not sent), <c>Offline</c>, <c>TimedOut</c>, <c>QueueFull</c>, <c>Unreadable</c>.</param>
public sealed record StationAnswer(string? ResultJson, string? ErrorCode, string? ErrorDescription)
{
    public static StationAnswer Failed(string code, string description) => new(null, code, description);
}

/// <summary>An open line, for people.</summary>
/// <param name="Silence">Since the last sign of life; null where it cannot be seen.</param>
/// <param name="Warnings">What was tolerated or went wrong on this line.</param>
/// <param name="IsAuthenticated">False is weak, and to be shown (S1).</param>
/// <param name="Note">How it got in.</param>
/// <param name="Profile">The OCPP security profile that it amounts to.</param>
public sealed record LineFigures(
    string Station, string Protocol, string Remote, DateTimeOffset Opened, TimeSpan? Silence, long Messages, long Warnings,
    bool IsAuthenticated, bool IsQuarantined, string? Note, int Profile = 0);
