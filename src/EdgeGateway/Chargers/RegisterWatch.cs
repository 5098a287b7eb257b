using System.Collections.Immutable;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers;

/// <summary>What the energy values of one line count from, and in which unit (FIELD-NOTES 6, 12). Used by the handler of its calls alone.</summary>
public sealed class RegisterWatch
{
    /// <summary>Values that proved one by one that kWh means Wh here; then it is held to be so without proof.</summary>
    public const int Proofs = 3;

    /// <summary>No connector delivers more, and a car takes no more at once: the site's own bound for what can have flowed, so that nothing is
    /// doubted here which it would believe.</summary>
    private const decimal MostPowerW = 400_000m;
    private const decimal CarWh = 200_000m;

    private readonly Dictionary<Position, (long Wh, DateTimeOffset? Told)> _last = [];
    private int _relativeSession;
    private int _registerSession;
    private int _proofs;
    private bool _isTold;

    /// <summary>Values as their meter's register would tell them.</summary>
    /// <param name="session">Whose they are; null: nobody's.</param>
    public ImmutableArray<Reading> Right(ChargerLine line, Position at, Session? session, ImmutableArray<Reading> readings)
    {
        var isRelativeModel = line.Quirks.MeterBase == MeterBase.SessionInMeterValues;
        ImmutableArray<Reading>.Builder? righted = null;
        for (var i = 0; i < readings.Length; i++)
        {
            var reading = readings[i];
            if (reading.EnergyWh is not { } wh)
                continue;
            if (isRelativeModel && session?.MeterStartWh is { } start and > 0 && CountsFromStart(session.Number, wh, start))
            {
                line.Tolerated(Tolerances.SessionRelative, $"{wh} Wh since the start at {start} Wh");
                wh += start;
                righted ??= readings.ToBuilder();
                righted[i] = reading with { EnergyWh = wh };
            }
            NoteFall(line, at, wh, reading.Told);
        }
        return righted?.DrainToImmutable() ?? readings;
    }

    /// <summary>Whether a value that names kWh can only be Wh: as kWh it cannot have flowed since the start, and as Wh it fits.</summary>
    /// <param name="value">As the charger wrote it.</param>
    public bool IsWh(ChargerLine line, Session? session, decimal value, DateTimeOffset? told, DateTimeOffset now)
    {
        if (line.Quirks.WhDeclaredAsKwh is { } known)
            return known;
        if (session is not { MeterStartWh: { } start } || value < start + session.OwnEnergyWh)
            return false;
        var most = (MostPowerW * Hours(session, told, now)) + CarWh;
        if ((value * 1000) - start <= most || value - start > most)
            return false;
        _proofs++;
        return true;
    }

    /// <summary>Once on a line, and not for every value (I16).</summary>
    public bool IsNews() => !_isTold && (_isTold = true);

    /// <summary>It was proved so often that it holds for the model and firmware.</summary>
    public bool IsProved => _proofs >= Proofs;

    /// <summary>Decided by a session's first value: a value below the start's register can only count from it.</summary>
    private bool CountsFromStart(int session, long wh, long start)
    {
        if (_relativeSession == session)
            return true;
        if (_registerSession == session)
            return false;
        (wh < start ? ref _relativeSession : ref _registerSession) = session;
        return wh < start;
    }

    // A value from a queue is older than the last, not less.
    private void NoteFall(ChargerLine line, Position at, long wh, DateTimeOffset? told)
    {
        if (_last.TryGetValue(at, out var last) && told < last.Told)
            return;
        if (wh < last.Wh)
            line.Tolerated(Tolerances.RegisterFellBack, $"{at}: {wh} Wh after {last.Wh} Wh");
        _last[at] = (wh, told);
    }

    /// <summary>The longer of both clocks' times: a charger's may be wrong, ours knows nothing of a queue.</summary>
    private static decimal Hours(Session session, DateTimeOffset? told, DateTimeOffset now)
    {
        var ours = now - session.StartReceived;
        var theirs = told - session.StartTold ?? TimeSpan.Zero;
        return (decimal)Math.Max(0, Math.Max(ours.TotalHours, theirs.TotalHours));
    }
}
