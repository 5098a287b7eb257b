namespace EdgeGateway.Site.Rules;

/// <summary>IANA names to rules; an unknown name is refused when the configuration is read, so that here it can only mean UTC.</summary>
internal static class TimeZones
{
    public static TimeZoneInfo Find(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
