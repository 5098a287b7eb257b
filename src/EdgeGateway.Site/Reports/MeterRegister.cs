namespace EdgeGateway.Site.Reports;

/// <summary>What can be a meter's register at all.</summary>
public static class MeterRegister
{
    /// <summary>A thousand GWh: no meter at a connector counts so far.</summary>
    public const long MostWh = 1_000_000_000_000;

    /// <summary>Null for what is no register: a negative value, and what meters tell when they know none (-1 as unsigned, the largest integer).</summary>
    public static long? Readable(long? registerWh) =>
        registerWh is >= 0 and <= MostWh and not (int.MaxValue or uint.MaxValue) ? registerWh : null;
}
