using System.Diagnostics;

namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>The machine's own clock, for waits that the system does for us (poll) and silences on a wire: a clock handed in could stand still meanwhile.</summary>
internal static class LineTime
{
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>For poll: never less than there is left, so that a wait ends after its time and not just before.</summary>
    public static int MillisecondsUntil(TimeSpan moment) => (int)Math.Clamp(Math.Ceiling((moment - Now).TotalMilliseconds), 0, 60_000);
}
