using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>
/// A charger without OCPP as a station like any other: reads what it shows every period, tells the site what happened, and writes what it may draw.
/// It decides nothing about money itself: which session runs is what the site has on disk, so that a restart goes on where it was.
/// No session, no current: until a <see cref="SessionBegan"/> is committed it is held back (I1).
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphores have no handle to release.")]
public sealed partial class ModbusStation
{
    /// <summary>Readings in a row without an answer after which the line counts as lost.</summary>
    public const int SilenceLimit = 3;

    /// <summary>A vehicle has gone when so many readings in a row say so: one alone may be a glitch, and would end a session.</summary>
    private const int AbsentLimit = 2;

    private readonly ModbusSurroundings _around;
    private readonly ChargerMap _map;
    private readonly DeviceReader _reader;
    private readonly ChargerControls _controls;
    private readonly ModbusMemories _memories;
    private readonly EnergyBook _book;
    private readonly bool _counts;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly long _origin;
    private bool _isLoaded;
    private bool _isOpen;
    private int _failures;
    private int _absences;
    private VehicleState _state;
    private string? _oddState;
    private string? _told;
    private long _opened;
    private long _heard;

    public ModbusStation(ModbusLine line, IModbusUnit unit, ModbusSurroundings around)
    {
        (Line, _around, _map) = (line, around, line.Template.Charger ?? throw new ArgumentException($"{line.Template.Id} is no charger", nameof(line)));
        _reader = new(unit, line.Template);
        _controls = new(line, unit, around.Clock, Wrote);
        _memories = new(around.Documents, line.Station);
        _counts = ChargerShow.CountsSession(line.Template) is not null;
        _book = new(ChargerShow.CountsSession(line.Template) is true, line.MostPowerW, ChargerShow.EnergyStepWh(line.Template), line.Poll);
        _origin = around.Clock.GetTimestamp();
    }

    public ModbusLine Line { get; }

    /// <summary>Why it does not answer, for people; null while it does.</summary>
    public string? Trouble { get; private set; }

    /// <summary>It answers.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Rounds that were made, and those without an answer.</summary>
    public long Rounds { get; private set; }
    public long Failures { get; private set; }
    public DateTimeOffset Opened { get; private set; }

    /// <summary>Since it last answered.</summary>
    public TimeSpan Silence => _around.Clock.GetElapsedTime(Volatile.Read(ref _heard));

    /// <summary>For people: <c>Modbus TCP</c>.</summary>
    public string Protocol => Line.Transport.Wire switch
    {
        ModbusWire.Tcp => "Modbus TCP",
        ModbusWire.RtuOverTcp => "Modbus RTU over TCP",
        _ => "Modbus RTU",
    };

    /// <summary>Round after round until told to stop. What goes wrong in one of them ends that one only (FIELD pain 5).</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await CycleAsync(stopping);
                // An order wakes it: limits hold at once.
                using var pause = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                await Task.WhenAny(_wake.WaitAsync(pause.Token), Task.Delay(Line.Poll, _around.Clock, pause.Token));
                await pause.CancelAsync();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // What could not be recorded did not happen for us: the next round finds it again.
                _around.Remarks.Make(Severity.Error, "StationRoundFailed", Line.Station, $"{failure.GetType().Name}: {failure.Message}");
                await Task.Delay(Line.Poll, _around.Clock, CancellationToken.None);
            }
        }
    }

    /// <summary>One round: read, tell the site, write.</summary>
    public async Task CycleAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Rounds++;
            await LookAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!_isLoaded)
            await LoadAsync(cancellationToken);
        var reading = await _reader.ReadAsync(ChargerShow.Needed, cancellationToken);
        var show = ChargerShow.Of(Line.Template, reading);
        if (show.Told is null)
        {
            await MissAsync(reading.Failure?.Text ?? "its state cannot be read", cancellationToken);
            return;
        }
        (_failures, Trouble) = (0, null);
        Volatile.Write(ref _heard, _around.Clock.GetTimestamp());
        if (!_isOpen && !await OpenAsync(cancellationToken))
            return;
        TellChange(show);
        _state = StateOf(show);
        var session = Running;
        // Not before its session has ended: until then a lower value is a glitch like any other.
        if (_state is VehicleState.Absent && session is null)
            _book.Unplugged();
        var energyWh = _counts ? _book.Take(show.EnergyWh, _around.Clock.GetElapsedTime(_origin), session is not null) : null;
        await FollowCardAsync(show, session, cancellationToken);
        session = session is null ? await IdleAsync(energyWh, cancellationToken) : await GoOnAsync(session, show, energyWh, cancellationToken);
        await TellAllowanceAsync(session, cancellationToken);
        if (session is null)
            NoteStrayCurrent(show);
        await ShowAsync(session, show, cancellationToken);
        if (session is not null)
            await MeterAsync(session, show, energyWh, cancellationToken);
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var memory = await _memories.LoadAsync(cancellationToken);
        if (memory.Energy is { } kept)
            _book.Restore(kept, memory.At is { } at ? _around.Clock.GetUtcNow() - at : TimeSpan.Zero, Running?.RegisterWh);
        _isLoaded = true;
    }

    /// <summary>It answers, for the first time or again.</summary>
    private async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        _controls.Forget();
        if (await _controls.PrepareAsync(cancellationToken) is { Failure.Fault: not ModbusFault.Refused })
            return false;
        var told = await IdentityAsync(cancellationToken);
        var memory = _memories.Now;
        if (told.Serial is { } serial && serial != memory.Serial)
        {
            if (memory.Serial is { } former)
            {
                _book.Exchange();
                _around.Remarks.Make(Severity.Warning, "StationExchanged", Line.Station, $"It was serial number {former} and is {serial} now: its counter begins anew.");
            }
            await _memories.KeepAsync(memory with { Serial = serial }, cancellationToken);
        }
        var known = _around.Site.State.Stations.GetValueOrDefault(Line.Station);
        await _around.Site.ReportAsync(new StationConnected(Line.Station, Protocol, Line.Transport.ToString()), cancellationToken);
        // A boot says that its session may be over; one that only lost its line has not booted.
        if (known?.Identity != told)
            await _around.Site.ReportAsync(new StationBooted(Line.Station, told), cancellationToken);
        Log(FrameDirection.Line, $"{Protocol} {Line.Transport} unit {Line.Unit}: {told.Vendor} {told.Model}, serial {told.Serial ?? "not told"}, firmware {told.Firmware ?? "not told"}");
        (_isOpen, _shown, _isMeterDue, _opened) = (true, null, true, _around.Clock.GetTimestamp());
        Opened = _around.Clock.GetUtcNow();
        return true;
    }

    private async Task<StationIdentity> IdentityAsync(CancellationToken cancellationToken)
    {
        var template = Line.Template;
        var reading = template.Points.Any(static p => ChargerShow.Identity.Contains(p.Quantity)) ? await _reader.ReadAsync(ChargerShow.Identity, cancellationToken) : null;
        string? Told(Quantity quantity) => Short(
            reading?.Text(quantity) ?? reading?.Number(quantity)?.ToString(CultureInfo.InvariantCulture));
        var known = _around.Site.State.Stations.GetValueOrDefault(Line.Station)?.Identity;
        // What was not read this time is not another.
        return new(template.Vendor, Told(Quantity.Model) ?? template.Model, Told(Quantity.Serial) ?? known?.Serial, Told(Quantity.Firmware) ?? known?.Firmware);
    }

    /// <summary>What a device says of itself becomes no structure of ours (S6).</summary>
    private static string? Short(string? text)
    {
        var kept = text is null ? "" : string.Concat(text.Where(static c => !char.IsControl(c))).Trim();
        return kept.Length is 0 ? null : kept.Length <= 50 ? kept : kept[..50];
    }

    private async Task MissAsync(string why, CancellationToken cancellationToken)
    {
        Failures++;
        if (_failures + 1 >= SilenceLimit)
            Trouble = why;
        if (++_failures == SilenceLimit && !_isOpen)
            _around.Remarks.Make(Severity.Warning, "StationSilent", Line.Station, why);
        if (_failures < SilenceLimit || !_isOpen)
            return;
        // Charging goes on there; what it comes to is read when it answers again.
        await _around.Site.ReportAsync(new StationDisconnected(Line.Station, why), cancellationToken);
        _isOpen = false;
        Log(FrameDirection.Line, $"silent: {why}");
    }

    private VehicleState StateOf(ChargerShow show)
    {
        if (show.State is VehicleState.Unknown)
        {
            if (_oddState != show.Told)
                _around.Remarks.Make(Severity.Warning, "StationStateUnknown", Line.Station, $"State {Short(show.Told)} is none that template {Line.Template.Id} knows; what was before holds.");
            _oddState = show.Told;
            return _state;
        }
        _absences = show.State is VehicleState.Absent ? _absences + 1 : 0;
        return show.State is VehicleState.Absent && _absences < AbsentLimit ? _state : show.State;
    }

    /// <summary>The session that runs here, as the site has it on disk; one that it thought over may yet go on.</summary>
    private Session? Running
    {
        get
        {
            Session? newest = null;
            foreach (var session in _around.Site.State.Sessions.Values)
            {
                if (session.At == Line.At && session is { Status: SessionStatus.Active, Transaction: null } && !(newest?.Number > session.Number))
                    newest = session;
            }
            return newest;
        }
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0)
            _wake.Release();
    }

    private void TellChange(ChargerShow show)
    {
        if (show.Told == _told)
            return;
        _told = show.Told;
        Log(FrameDirection.In, show.Text);
    }

    private void Wrote(string what, bool succeeded)
    {
        Log(FrameDirection.Out, what, succeeded ? null : "failed");
        if (!succeeded)
            _around.Remarks.Make(Severity.Warning, "StationNotWritten", Line.Station, what);
    }

    private void Log(FrameDirection direction, string text, string? note = null) =>
        _around.Frames.Keep(new(_around.Clock.GetUtcNow(), Line.Station, direction, text, note));
}
