using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Hubs;

/// <summary>Tells the technician. Nobody waits for it, and a store that cannot take it says so itself.</summary>
public sealed class HubRemarks(SiteEngine engine)
{
    public void Make(Severity severity, string code, string hub, string text) => _ = MakeAsync(new(severity, code, hub, text));

    private async Task MakeAsync(Remarked remark)
    {
        try
        {
            await engine.ReportAsync(remark, CancellationToken.None);
        }
        catch (NotRecordedException)
        {
            // The engine shows its own trouble; a remark is no reason for a second one.
        }
    }
}
