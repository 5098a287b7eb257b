using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Certificates;

/// <summary>How near a certificate's end is (S7): told at 30, 7 and 1 days, and when it has ended.</summary>
public static class Expiry
{
    private static readonly int[] WarnedAtDays = [30, 7, 1, 0];

    /// <summary>In UTC, which the framework's own property is not.</summary>
    public static DateTimeOffset Ends(this X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());

    /// <summary>The last third of its life has begun: time to renew, and time left to try again.</summary>
    public static bool IsDueForRenewal(X509Certificate2 certificate, DateTimeOffset now)
    {
        var (from, until) = (new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), certificate.Ends());
        return until - now < (until - from) / 3;
    }

    /// <returns>The tightest of the bounds that has been passed, in days; null while there is time.</returns>
    public static int? Passed(DateTimeOffset notAfter, DateTimeOffset now)
    {
        int? passed = null;
        foreach (var days in WarnedAtDays)
        {
            if (notAfter - now <= TimeSpan.FromDays(days))
                passed = days;
        }
        return passed;
    }

    public static string Text(DateTimeOffset notAfter, DateTimeOffset now) => notAfter <= now
        ? $"ended at {notAfter.UtcDateTime:yyyy-MM-dd HH:mm}Z"
        : $"ends at {notAfter.UtcDateTime:yyyy-MM-dd HH:mm}Z, in {Days(notAfter - now)}";

    private static string Days(TimeSpan left) => left.TotalDays < 1 ? $"{(int)left.TotalHours} h" : $"{(int)left.TotalDays} days";
}
