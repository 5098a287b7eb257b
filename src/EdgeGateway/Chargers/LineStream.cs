using EdgeGateway.Chargers.Security;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGateway.Chargers;

/// <summary>
/// The bytes under a charger's websocket. It notices any sign of life and sends pings of its own: the framework's ping would abort a
/// line for a missing pong alone, and some chargers never send one (FIELD-NOTES 16).
/// </summary>
public sealed class LineStream(Stream wire, TimeProvider clock) : Stream
{
    private static readonly ReadOnlyMemory<byte> Ping = new byte[] { 0x89, 0x00 };
    private readonly SemaphoreSlim _writing = new(1);
    private long _lastHeard = clock.GetTimestamp();
    private long _lastPing = clock.GetTimestamp();
    private volatile bool _answersPings;
    private volatile bool _isDisposed;

    /// <summary>Whether a pong was ever seen on this line.</summary>
    public bool AnswersPings => _answersPings;

    /// <summary>How fast the line may talk; null: as it likes.</summary>
    public LinePace? Pace { get; set; }

    /// <summary>How long nothing came, not even a pong.</summary>
    public TimeSpan Silence => clock.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>Pings if the line has been quiet for so long. Does not wait for it to be written.</summary>
    public void PingAfter(TimeSpan quiet)
    {
        if (Silence < quiet || clock.GetElapsedTime(_lastPing) < quiet)
            return;
        _lastPing = clock.GetTimestamp();
        _ = PingAsync();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Pace is { } pace)
            await pace.WaitAsync(() => _isDisposed);
        var count = await wire.ReadAsync(buffer, cancellationToken);
        Pace?.Bytes(count);
        if (count > 0)
        {
            Volatile.Write(ref _lastHeard, clock.GetTimestamp());
            if (!_answersPings && IsPong(buffer.Span[..count]))
                _answersPings = true;
        }
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The websocket writes a whole frame at a time; a ping may stand between two frames, never inside one.
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await wire.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => wire.FlushAsync(cancellationToken);

    private async Task PingAsync()
    {
        try
        {
            // A write under way is traffic enough.
            if (!await _writing.WaitAsync(TimeSpan.Zero))
                return;
            try
            {
                await wire.WriteAsync(Ping);
                await wire.FlushAsync();
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The line is gone, which its reader finds out by itself.
        }
    }

    // A quiet line is what is pinged, so the pong comes alone: one read holds it, and nothing else.
    private static bool IsPong(ReadOnlySpan<byte> read) =>
        read.Length >= 6 && read[0] == 0x8A && (read[1] & 0x80) != 0 && read.Length == 6 + (read[1] & 0x7F);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => wire.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        if (disposing)
            wire.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Puts a <see cref="LineStream"/> under the websocket that a request is about to become.</summary>
public sealed class LineStreamFeature(IHttpUpgradeFeature inner, TimeProvider clock) : IHttpUpgradeFeature
{
    /// <summary>Set by the upgrade.</summary>
    public LineStream? Watched { get; private set; }

    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => Watched = new LineStream(await inner.UpgradeAsync(), clock);
}
