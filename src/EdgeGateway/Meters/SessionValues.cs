using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Meters;

/// <summary>Tells sessions that a meter of the site counts for what it shows, between their start and their end: their charger may say nothing for hours.</summary>
internal sealed class SessionValues(SiteEngine engine, TimeProvider clock)
{
    private readonly Dictionary<int, (long Told, DateTimeOffset? At)> _sessions = [];

    public void Post(IReadOnlyList<MeterLine> lines, TimeSpan interval)
    {
        if (interval <= TimeSpan.Zero)
            return;
        var running = engine.State.Sessions.Values.Where(static s => s.IsRunning && s.CountedBy is not null).ToDictionary(static s => s.Number);
        foreach (var gone in _sessions.Keys.Where(n => !running.ContainsKey(n)).ToList())
            _sessions.Remove(gone);
        foreach (var (number, session) in running)
        {
            if (lines.FirstOrDefault(l => l.Options.Id == session.CountedBy) is not { } line)
                continue;
            if (!_sessions.TryGetValue(number, out var told))
                _sessions[number] = told = (clock.GetTimestamp(), null);
            if (clock.GetElapsedTime(told.Told) < interval || line.Newest is not { Quality: MeterQuality.Good, At: { } at, EnergyWh: { } energy } newest || at == told.At)
                continue;
            _sessions[number] = (clock.GetTimestamp(), at);
            _ = TellAsync(new(number, new(newest.Meter, at, energy, newest.Serial), newest.PowerW, newest.CurrentA));
        }
    }

    private async Task TellAsync(SiteMetered told)
    {
        try
        {
            await engine.ReportAsync(told, CancellationToken.None);
        }
        catch (NotRecordedException)
        {
            // The next comes in a while, and the end has its own.
        }
    }
}
