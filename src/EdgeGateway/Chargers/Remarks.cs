using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers;

/// <summary>Tells the technician what the door and the lines saw, at a pace that nobody outside can turn into a flood.</summary>
public sealed partial class Remarks(SiteEngine engine, TimeProvider clock, ILogger<Remarks> log)
{
    /// <summary>Events with the same code and subject in a minute.</summary>
    public const int PerSubject = 2;

    /// <summary>Events of all kinds in a minute.</summary>
    public const int PerMinute = 60;

    private readonly FailureWindow _subjects = new(PerSubject, clock);
    private readonly FailureWindow _all = new(PerMinute, clock);
    private long _withheld;

    /// <summary>Remarks that were not made because there were too many.</summary>
    public long Withheld => Interlocked.Read(ref _withheld);

    /// <param name="kind">Where one code stands for many things: each has its own pace.</param>
    /// <returns>False when it was withheld.</returns>
    public bool Make(Severity severity, string code, string subject, string text, string kind = "")
    {
        if (_subjects.Add($"{code} {subject} {kind}") && _all.Add(""))
        {
            _ = ReportAsync(new(severity, code, subject, text));
            return true;
        }
        Interlocked.Increment(ref _withheld);
        return false;
    }

    private async Task ReportAsync(Remarked remark)
    {
        try
        {
            await engine.ReportAsync(remark, CancellationToken.None);
        }
        catch (NotRecordedException failure)
        {
            LogNotRecorded(remark.Code, remark.Subject, remark.Text, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Code} {Subject}: {Text} (not recorded: {Because})")]
    private partial void LogNotRecorded(string code, string subject, string text, string because);
}
