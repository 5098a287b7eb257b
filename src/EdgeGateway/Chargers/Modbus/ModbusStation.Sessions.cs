using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using Authorization = EdgeGateway.Site.Model.Authorization;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>From the vehicle that is plugged in to the register that its session is billed by.</summary>
public sealed partial class ModbusStation
{
    /// <summary>Rounds that an end waits for a value of the counter that is one; then the last that was counts.</summary>
    private const int EndPatience = 15;

    /// <summary>Rounds that a start waits for a counter that shows nothing at all; then the session is one without a counter.</summary>
    private const int StartPatience = 10;

    /// <summary>Rounds in which it draws what it should not, before it is told of.</summary>
    private const int StrayPatience = 5;

    /// <summary>Rounds without current after which nothing is counted any more: counters are a little behind.</summary>
    private const int StillRounds = 2;

    /// <summary>A charger that is held back stops within this; an end does not wait longer.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    /// <summary>A vehicle that may charge begins within this; then it does not want to.</summary>
    private static readonly TimeSpan VehiclePatience = TimeSpan.FromSeconds(60);

    /// <summary>How long a round waits for what a card may do: a hub may have to be asked.</summary>
    private static readonly TimeSpan CardPatience = TimeSpan.FromSeconds(1);

    /// <summary>Less is what a counter shows of a vehicle that does not charge.</summary>
    private const decimal LeastCurrentA = 0.5m;
    private const decimal LeastPowerW = 100m;

    private (ConnectorState State, string? Error)? _shown;
    private string? _token;
    private bool _isTokenKnown;
    private (string Uid, Task<Authorization> Decision)? _card;
    private readonly HashSet<(string Id, DateTimeOffset Until)> _spent = [];
    private string? _refused;
    private int _waits;
    private int _still;
    private long? _stopSince;
    private long? _allowedSince;
    private bool _isMeterDue;
    private long _metered;
    private int _strays;

    /// <summary>In whole seconds, as chargers with a clock tell times: hubs are told no finer ones, and reckon with what they are told.</summary>
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(_around.Clock.GetUtcNow().ToUnixTimeSeconds());

    private bool IsPlugged => _state is VehicleState.Connected or VehicleState.Charging;

    /// <summary>Nobody charges: whoever was let in begins as soon as a vehicle is there.</summary>
    private async Task<Session?> IdleAsync(long? energyWh, CancellationToken cancellationToken)
    {
        (_stopSince, _still) = (null, 0);
        if (_state is VehicleState.Absent)
            _refused = null;
        if (_state is VehicleState.Absent && _memories.Now.IsFinished)
            await _memories.KeepAsync(_memories.Now with { IsFinished = false }, cancellationToken);
        if (!IsPlugged || _memories.Now.IsInoperative || Wanting() is not { } tag)
        {
            _waits = 0;
            return null;
        }
        // Without its counter's value a session could not be billed; a counter that is never there is none (a controller without a meter).
        if (_counts && energyWh is null && (_book.Wh is not null || ++_waits < StartPatience))
            return null;
        return await BeginAsync(tag, energyWh, cancellationToken);
    }

    private async Task<Session?> BeginAsync(string tag, long? energyWh, CancellationToken cancellationToken)
    {
        var now = Now;
        var authorization = await _around.Authorizations.DecideStartAsync(Line.At, tag, now, cancellationToken);
        if (authorization.Status is not AuthorizationStatus.Accepted)
        {
            _refused = tag;
            _around.Remarks.Make(Severity.Warning, "TokenRefused", Line.Station, $"{Uid.Mask(tag)}: {authorization.Because ?? authorization.Status.ToString()}.");
            return null;
        }
        await KeepEnergyAsync(_memories.Now with { Course = null, Stopping = null }, cancellationToken);
        // I1: on disk before any current flows; only after this round's writes it may.
        var begun = await _around.Site.ReportAsync(new SessionBegan(Line.At, tag, now, energyWh, authorization) { SiteMeter = await SiteMeterAsync(MeterMoment.Start, cancellationToken) }, cancellationToken);
        Log(FrameDirection.In, $"session {begun.Number} begins at {energyWh?.ToString() ?? "no"} Wh");
        (_waits, _refused, _metered, _allowedSince) = (0, null, _around.Clock.GetTimestamp(), null);
        return Running;
    }

    /// <summary>Whose session is to begin: whoever the site holds an admission for (a card, a remote start), as long as it does; else the depot's own card.</summary>
    private string? Wanting()
    {
        HeldAdmission? newest = null;
        foreach (var held in Admissions())
        {
            if (!_spent.Contains((held.Id, held.Until)) && held.IdTag != _refused && (newest is null || held.At is not null && newest.At is null || held.Until > newest.Until))
                newest = held;
        }
        return newest?.IdTag ?? (_memories.Now.IsFinished || Line.AutoStartToken == _refused ? null : Line.AutoStartToken);
    }

    private IEnumerable<HeldAdmission> Admissions()
    {
        var now = _around.Clock.GetUtcNow();
        return _around.Site.State.Admissions.Values.Where(a => a.Station == Line.Station && a.Until > now && (a.At is null || a.At == Line.At));
    }

    private async Task<Session?> GoOnAsync(Session session, ChargerShow show, long? energyWh, CancellationToken cancellationToken)
    {
        // Cards that are shown while somebody charges are not for whoever comes next.
        _spent.Clear();
        foreach (var held in Admissions())
            _spent.Add((held.Id, held.Until));
        _refused = null;
        var stopping = _memories.Now.Stopping is { } wanted && wanted.Number == session.Number ? wanted : null;
        var isOver = _state is VehicleState.Absent || (stopping is not null && IsStill(show));
        if (!isOver)
            return session;
        if (_counts && energyWh is null && ++_waits < EndPatience)
            return session;
        return await EndAsync(session, stopping, cancellationToken);
    }

    private async Task<Session?> EndAsync(Session session, Stopping? stopping, CancellationToken cancellationToken)
    {
        var authorization = stopping?.IdTag is not { } tag ? null
            : Uid.Same(tag, session.IdTag) ? session.Authorization
            : await _around.Authorizations.DecideLocallyAsync(Line.Station, tag, cancellationToken);
        var stopWh = session.MeterStartWh is null && session.RegisterWh is null ? null : _book.Wh;
        await KeepEnergyAsync(_memories.Now, cancellationToken);
        await _around.Site.ReportAsync(
            new SessionEnded(
                Line.Station, session.Number, stopping?.IdTag, Now, stopWh, stopping?.Reason ?? "EVDisconnected", [], authorization)
            {
                SiteMeter = await SiteMeterAsync(MeterMoment.End, cancellationToken),
            },
            cancellationToken);
        Log(FrameDirection.In, $"session {session.Number} ends at {stopWh?.ToString() ?? "no"} Wh: {stopping?.Reason ?? "EVDisconnected"}");
        await _memories.KeepAsync(_memories.Now with { Stopping = null, Course = null, IsFinished = _state is not VehicleState.Absent }, cancellationToken);
        (_waits, _still, _stopSince, _allowedSince) = (0, 0, null, null);
        if (stopping is { Unlocks: true } && _map.Unlock is { } unlock)
        {
            await _controls.ApplyAsync(0, cancellationToken);
            await _controls.UnlockAsync(unlock, cancellationToken);
        }
        return null;
    }

    /// <summary>Held back, it draws nothing any more; one that does not obey is not waited for, but told of.</summary>
    private bool IsStill(ChargerShow show)
    {
        _stopSince ??= _around.Clock.GetTimestamp();
        _still = _controls.IsHeldBack && !Draws(show) ? _still + 1 : 0;
        return _still >= StillRounds || _around.Clock.GetElapsedTime(_stopSince.Value) >= StopPatience;
    }

    private static bool Draws(ChargerShow show) =>
        show.PowerW is { } power ? power >= LeastPowerW
        : show.CurrentA is { } current ? current >= LeastCurrentA
        : show.State is VehicleState.Charging;

    /// <summary>A per phase that it may draw now.</summary>
    private decimal Allowed(Session? session)
    {
        var memory = _memories.Now;
        if (session is null || memory.Stopping?.Number == session.Number || _state is VehicleState.Absent)
            return 0;
        var limit = Math.Min(Line.MaxCurrentA, memory.LimitA ?? decimal.MaxValue);
        if (memory.Course is { } course && course.Of == session.Number && course.At(_around.Clock.GetUtcNow(), Line.VoltageV, Line.Phases) is { } now)
            limit = Math.Min(limit, now);
        // Below it a vehicle cannot be told to charge at all (IEC 61851).
        return limit < _map.LeastCurrent ? 0 : limit;
    }

    private async Task TellAllowanceAsync(Session? session, CancellationToken cancellationToken)
    {
        var allowed = Allowed(session);
        if (allowed == 0)
            _allowedSince = null;
        else
            _allowedSince ??= _around.Clock.GetTimestamp();
        await _controls.ApplyAsync(allowed, cancellationToken);
    }

    /// <summary>What flows without a session is nobody's: it is said once, and the charger is held back again and again.</summary>
    private void NoteStrayCurrent(ChargerShow show)
    {
        _strays = Draws(show) && _controls.IsHeldBack ? _strays + 1 : 0;
        if (_strays == StrayPatience)
            _around.Remarks.Make(Severity.Error, "CurrentWithoutSession", Line.At.ToString(), $"It is held back and draws all the same: {show.Text}.");
    }

    private async Task FollowCardAsync(ChargerShow show, Session? session, CancellationToken cancellationToken)
    {
        if (_card is null && IsNewCard(show))
        {
            Log(FrameDirection.In, $"card {Uid.Mask(_token)}");
            if (session is not null && IsDrivers(session, _token!))
            {
                await StopAsync(session, new(session.Number, "Local", _token), cancellationToken);
                return;
            }
            _card = (_token!, _around.Authorizations.AdmitAsync(Line.Station, _token!, cancellationToken));
        }
        if (_card is not { } card)
            return;
        try
        {
            // The hub may take its time; the charger must be fed meanwhile.
            var authorization = await card.Decision.WaitAsync(CardPatience, _around.Clock, cancellationToken);
            _card = null;
            await TakeCardAsync(card.Uid, authorization, session, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It is looked at again in the next round.
        }
        catch (Exception) when (card.Decision.IsFaulted)
        {
            _card = null;
            throw;
        }
    }

    /// <summary>A card is what the charger shows that it did not show before; what it shows first may be yesterday's.</summary>
    private bool IsNewCard(ChargerShow show)
    {
        if (!show.HasToken)
            return false;
        var isNew = _isTokenKnown && show.Token is not null && show.Token != _token;
        (_token, _isTokenKnown) = (show.Token, true);
        return isNew;
    }

    /// <summary>Who was let in is held by the site, and begins when a vehicle is there. Who shares the group of the driver's token may end his session.</summary>
    private async Task TakeCardAsync(string uid, Authorization authorization, Session? session, CancellationToken cancellationToken)
    {
        if (_refused is not null && Uid.Same(_refused, uid))
            _refused = null;
        if (session?.Authorization.Token?.GroupId is { Length: > 0 } group && authorization is { Status: AuthorizationStatus.Accepted, Token: { } token }
            && token.Hub == session.Authorization.Token.Hub && Uid.Same(token.GroupId, group))
            await StopAsync(session, new(session.Number, "Local", uid), cancellationToken);
    }

    private static bool IsDrivers(Session session, string uid) => Uid.Same(session.IdTag, uid) || Uid.Same(session.Authorization.Token?.Uid, uid);

    /// <summary>Promised on disk before anybody is told so: it ends, whatever happens to us.</summary>
    private Task StopAsync(Session session, Stopping stopping, CancellationToken cancellationToken) =>
        _memories.Now.Stopping?.Number == session.Number ? Task.CompletedTask : _memories.KeepAsync(_memories.Now with { Stopping = stopping }, cancellationToken);

    private async Task ShowAsync(Session? session, ChargerShow show, CancellationToken cancellationToken)
    {
        if (StateShown(session, show) is not { } state)
            return;
        var error = state is ConnectorState.Faulted ? show.ErrorCode ?? show.Told : null;
        if (_shown == (state, error))
            return;
        await _around.Site.ReportAsync(
            new ConnectorReported(Line.At, state, error is null ? null : "OtherError", null, error, Now), cancellationToken);
        _shown = (state, error);
        _isMeterDue = session is not null;
    }

    /// <summary>Null: as it was.</summary>
    private ConnectorState? StateShown(Session? session, ChargerShow show)
    {
        switch (_state)
        {
            case VehicleState.Unknown:
                return null;
            case VehicleState.Fault:
                return ConnectorState.Faulted;
            case var _ when session is null:
                return _memories.Now.IsInoperative ? ConnectorState.Unavailable
                    : _state is VehicleState.Absent ? Admissions().Any(a => !_spent.Contains((a.Id, a.Until))) ? ConnectorState.Preparing : ConnectorState.Available
                    : _memories.Now.IsFinished ? ConnectorState.Finishing
                    : ConnectorState.Preparing;
            case var _ when _memories.Now.Stopping?.Number == session.Number:
                return ConnectorState.Finishing;
            case var _ when _allowedSince is not { } since:
                return ConnectorState.SuspendedEvse;
            case VehicleState.Charging:
                return ConnectorState.Charging;
            default:
                // It has just been allowed to: what it does with it shows in a while.
                return _shown?.State is ConnectorState.Charging || _around.Clock.GetElapsedTime(_allowedSince!.Value) >= VehiclePatience
                    ? ConnectorState.SuspendedEV
                    : _shown?.State is ConnectorState.SuspendedEV or ConnectorState.SuspendedEvse or null ? _shown?.State ?? ConnectorState.SuspendedEV
                    : ConnectorState.Preparing;
        }
    }

    private async Task MeterAsync(Session session, ChargerShow show, long? energyWh, CancellationToken cancellationToken)
    {
        var every = TimeSpan.FromSeconds(_around.Options().MeterValueSeconds is > 0 and var seconds ? seconds : 60);
        if ((!_isMeterDue && _around.Clock.GetElapsedTime(_metered) < every) || (_counts && energyWh is null))
            return;
        await KeepEnergyAsync(_memories.Now, cancellationToken);
        await _around.Site.ReportAsync(
            new Metered(
                Line.At, session.Number,
                [new(Now, energyWh, show.PowerW, show.CurrentA, show.Text) { SiteMeter = await SiteMeterAsync(MeterMoment.Within, cancellationToken) }]),
            cancellationToken);
        (_isMeterDue, _metered) = (false, _around.Clock.GetTimestamp());
    }

    /// <summary>What the site's own meter of this EVSE shows now, where it has one: it may be what is billed.</summary>
    private ValueTask<MeterSample?> SiteMeterAsync(MeterMoment moment, CancellationToken cancellationToken) =>
        _around.Meters.AtAsync(Line.At, null, moment, null, cancellationToken);

    private Task KeepEnergyAsync(ModbusMemory memory, CancellationToken cancellationToken) =>
        _memories.KeepAsync(memory with { Energy = _book.Entry, At = _around.Clock.GetUtcNow() }, cancellationToken);
}
