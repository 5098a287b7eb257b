using System.Collections.Immutable;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>The site's orders, and what people want done. What was promised is on disk before it is promised, and written to the charger at once.</summary>
public sealed partial class ModbusStation
{
    private static readonly OrderResult Silent = new(OrderOutcome.Offline, "the charger does not answer");

    /// <summary>Never throws for what the charger does or fails to do.</summary>
    public async Task<OrderResult> CarryOutAsync(Order order, CancellationToken cancellationToken)
    {
        if (!_isOpen)
            return Silent;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return order switch
            {
                _ when !_isOpen => Silent,
                StartOrder start => Start(start),
                StopOrder stop => await StopAsync(stop, cancellationToken),
                LimitOrder limit => await LimitAsync(limit, cancellationToken),
                AskLimitsOrder ask => Ask(ask),
                UnlockOrder => await UnlockAsync(cancellationToken),
                _ => new(OrderOutcome.NotSupported, $"over Modbus there is no {order.GetType().Name}"),
            };
        }
        finally
        {
            Wake();
            _turn.Release();
        }
    }

    /// <inheritdoc cref="IStationCare.DoAsync"/>
    public async Task<CareAnswer> CareAsync(CareTask task, CancellationToken cancellationToken)
    {
        if (!_isOpen)
            return CareAnswer.Of(CareOutcome.Offline, "The charger does not answer.");
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return task switch
            {
                UnlockConnector => Answer(await UnlockAsync(cancellationToken)),
                SetAvailability set when set.Evse is null || set.Evse == Line.At.Evse => await SetAsync(set.Operative, cancellationToken),
                SetStationLimit set when set.Evse is null || set.Evse == Line.At.Evse => await SetAsync(set, cancellationToken),
                SetAvailability or SetStationLimit => CareAnswer.Of(CareOutcome.Invalid, $"Its one EVSE is {Line.At.Evse}."),
                ReadLimits => Limits(),
                TriggerMessage trigger when trigger.Message is "StatusNotification" or "MeterValues" => Again(),
                _ => CareAnswer.Of(CareOutcome.NotSupported, $"A charger behind Modbus has no {task.GetType().Name}."),
            };
        }
        finally
        {
            Wake();
            _turn.Release();
        }
    }

    /// <summary>The site holds an admission for it from before the order left; the next round begins with it as soon as a vehicle is there.</summary>
    private OrderResult Start(StartOrder order) =>
        order.At != Line.At ? new(OrderOutcome.Rejected, $"its one connector is {Line.At}")
        : Running is { } session ? new(Uid.Same(session.IdTag, order.IdTag) ? OrderOutcome.Accepted : OrderOutcome.Rejected, $"transaction {session.Number} runs there")
        : _memories.Now.IsInoperative ? new(OrderOutcome.Rejected, "it is out of service")
        : _state is VehicleState.Fault ? new(OrderOutcome.Rejected, "it has a fault")
        : new(OrderOutcome.Accepted);

    private async Task<OrderResult> StopAsync(StopOrder order, CancellationToken cancellationToken)
    {
        if (Running is not { } session || session.Number != order.Number)
            return new(OrderOutcome.Rejected, $"transaction {order.Number} does not run there");
        await StopAsync(session, new(session.Number, "Remote"), cancellationToken);
        await TellAllowanceAsync(session, cancellationToken);
        return new(OrderOutcome.Accepted);
    }

    private async Task<OrderResult> LimitAsync(LimitOrder order, CancellationToken cancellationToken)
    {
        if (Running is not { } session || session.Number != order.Number)
            return new(OrderOutcome.Rejected, $"transaction {order.Number} does not run there");
        var course = order.Limits is { } limits ? new LimitCourse(order.Number, _around.Clock.GetUtcNow(), limits) : null;
        await _memories.KeepAsync(_memories.Now with { Course = course }, cancellationToken);
        await TellAllowanceAsync(session, cancellationToken);
        return new(OrderOutcome.Accepted);
    }

    private OrderResult Ask(AskLimitsOrder order)
    {
        if (Running is not { } session || session.Number != order.Number)
            return new(OrderOutcome.Rejected, $"transaction {order.Number} does not run there");
        var now = _around.Clock.GetUtcNow();
        var memory = _memories.Now;
        var course = memory.Course is { } own && own.Of == session.Number ? own : null;
        var steps = ImmutableArray.CreateBuilder<LimitStep>();
        foreach (var moment in (course?.Turns(now, now + order.Duration) ?? []).Prepend(now))
        {
            var amperes = Math.Min(Math.Min(Line.MaxCurrentA, memory.LimitA ?? decimal.MaxValue), course?.At(moment, Line.VoltageV, Line.Phases) ?? decimal.MaxValue);
            steps.Add(new(moment - now, order.Unit is LimitUnit.Amperes ? amperes : amperes * Line.VoltageV * Line.Phases));
        }
        return new(OrderOutcome.Accepted, null, new() { Start = now, Duration = order.Duration, Unit = order.Unit, Steps = steps.DrainToImmutable() });
    }

    /// <summary>A session ends in good order first.</summary>
    private async Task<OrderResult> UnlockAsync(CancellationToken cancellationToken)
    {
        if (_map.Unlock is not { } unlock)
            return new(OrderOutcome.NotSupported, $"{Line.Template.Id} has no register to unlock it");
        if (Running is { } session)
        {
            await _memories.KeepAsync(_memories.Now with { Stopping = new(session.Number, "UnlockCommand", null, Unlocks: true) }, cancellationToken);
            await TellAllowanceAsync(session, cancellationToken);
            return new(OrderOutcome.Accepted, "as soon as its session has ended");
        }
        return await _controls.UnlockAsync(unlock, cancellationToken) is { Failure: { } failure } ? new(OrderOutcome.Failed, failure.Text) : new(OrderOutcome.Accepted);
    }

    private async Task<CareAnswer> SetAsync(bool operative, CancellationToken cancellationToken)
    {
        await _memories.KeepAsync(_memories.Now with { IsInoperative = !operative }, cancellationToken);
        return Running is null || operative
            ? CareAnswer.Of(CareOutcome.Done, operative ? "In service." : "Out of service.")
            : CareAnswer.Of(CareOutcome.Later, "Out of service when its session has ended.");
    }

    private async Task<CareAnswer> SetAsync(SetStationLimit set, CancellationToken cancellationToken)
    {
        if (set.Limit < 0)
            return CareAnswer.Of(CareOutcome.Invalid, "A limit is 0 or more.");
        decimal? amperes = set.Limit is { } limit ? LimitCourse.Amperes(limit, set.Unit, Line.Phases, Line.VoltageV) : null;
        await _memories.KeepAsync(_memories.Now with { LimitA = amperes }, cancellationToken);
        await TellAllowanceAsync(Running, cancellationToken);
        return CareAnswer.Of(CareOutcome.Done, amperes is { } now ? $"{ChargerControls.Amperes(now)} a phase." : "No limit but its own.");
    }

    private CareAnswer Limits()
    {
        var memory = _memories.Now;
        var values = ImmutableArray.CreateBuilder<CareValue>();
        values.Add(new("Connector", ChargerControls.Amperes(Line.MaxCurrentA)));
        if (memory.LimitA is { } all)
            values.Add(new("Station", ChargerControls.Amperes(all)));
        if (memory.Course is { } course && course.At(_around.Clock.GetUtcNow(), Line.VoltageV, Line.Phases) is { } own)
            values.Add(new($"Transaction {course.Of}", ChargerControls.Amperes(own)));
        values.Add(new("Written", _controls.Written is { } written ? ChargerControls.Amperes(written) : null));
        return new(CareOutcome.Done, "A per phase", values.DrainToImmutable());
    }

    private CareAnswer Again()
    {
        (_shown, _isMeterDue) = (null, true);
        return CareAnswer.Of(CareOutcome.Done, "Told with the next reading.");
    }

    private static CareAnswer Answer(OrderResult result) => CareAnswer.Of(
        result.Outcome switch
        {
            OrderOutcome.Accepted => CareOutcome.Done,
            OrderOutcome.NotSupported => CareOutcome.NotSupported,
            _ => CareOutcome.Refused,
        },
        result.Detail ?? result.Outcome.ToString());
}
