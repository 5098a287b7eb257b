using System.Collections.Concurrent;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Mqtt;

/// <summary>Leaves events, of a kind one in a while: a line that comes and goes is no flood of events. The codes are few and ours.</summary>
internal sealed class RemarkPacing(SiteEngine engine, TimeProvider clock, TimeSpan pace)
{
    private readonly ConcurrentDictionary<string, long> _last = new(StringComparer.Ordinal);

    /// <returns>False when it was too soon.</returns>
    public bool Make(Severity severity, string code, string subject, string text)
    {
        var now = clock.GetTimestamp();
        if (_last.TryGetValue(code, out var last) && clock.GetElapsedTime(last, now) < pace)
            return false;
        _last[code] = now;
        Leave(engine, severity, code, subject, text);
        return true;
    }

    /// <summary>Without waiting for the disk; what cannot be recorded then is in the log of the engine's trouble.</summary>
    public static void Leave(SiteEngine engine, Severity severity, string code, string subject, string text) => _ = LeaveAsync(engine, new(severity, code, subject, text));

    private static async Task LeaveAsync(SiteEngine engine, Remarked remark)
    {
        try
        {
            await engine.ReportAsync(remark, CancellationToken.None);
        }
        catch (NotRecordedException)
        {
            // A full disk, or the end: the site says so itself.
        }
    }
}
