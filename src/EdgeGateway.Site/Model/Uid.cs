namespace EdgeGateway.Site.Model;

/// <summary>How a uid may be shown: never whole, in logs, events and pages (PRODUCT §4).</summary>
public static class Uid
{
    public static string Mask(string? uid) => uid switch
    {
        null or "" => "(no tag)",
        { Length: <= 4 } => "****",
        { Length: <= 8 } => $"{uid[..2]}…{uid[^1..]}",
        _ => $"{uid[..3]}…{uid[^2..]}",
    };

    /// <summary>Uids and id tags compare without case and outer blanks (TK1, FIELD-NOTES 19).</summary>
    public static bool Same(string? one, string? other) =>
        one is not null && other is not null && one.AsSpan().Trim().Equals(other.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase);
}
