namespace EdgeGateway.Site.Model;

/// <summary>What a technician should know. Codes are stable words, for example <c>StationConnected</c>; they hold no secrets and no whole uid.</summary>
public sealed record SiteEvent(DateTimeOffset At, Severity Severity, string Code, string Subject, string Text);

public enum Severity
{
    Info,
    Warning,
    Error,
}
