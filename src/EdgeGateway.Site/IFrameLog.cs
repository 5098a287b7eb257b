namespace EdgeGateway.Site;

/// <summary>Every frame from and to a charger, bounded by bytes and age; followed live by the technician.</summary>
public interface IFrameLog
{
    /// <summary>Never blocks. A frame is on disk no later than the next commit after it, so no answer leaves before its question is kept.</summary>
    void Keep(Frame frame);

    /// <summary>The newest frames of a station, oldest first.</summary>
    ValueTask<IReadOnlyList<Frame>> RecentAsync(string station, int most, CancellationToken cancellationToken);

    /// <summary>Frames of a station (null: all) from now on, until cancelled. A reader that is too slow misses frames and is told how many.</summary>
    IAsyncEnumerable<Frame> FollowAsync(string? station, CancellationToken cancellationToken);
}

/// <param name="Text">As on the wire; secrets are masked before it comes here.</param>
/// <param name="Note">What was tolerated or refused, for people.</param>
public sealed record Frame(DateTimeOffset At, string Station, FrameDirection Direction, string Text, string? Note = null);

public enum FrameDirection
{
    In,
    Out,

    /// <summary>The line itself: opened, refused, closed.</summary>
    Line,
}
