using System.IO.Pipelines;
using System.Net.WebSockets;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>Two WebSockets joined in memory: real frames on both sides, no network between.</summary>
public static class InProcessWebSockets
{
    /// <summary>The served end, the other end as a WebSocket, and the bytes under it for who wants to write frames by hand.</summary>
    public static (WebSocket Served, WebSocket Client, Stream ClientBytes) Pair(string subprotocol = "ocpp1.6")
    {
        var (up, down) = (new Pipe(), new Pipe());
        var clientBytes = new Duplex(down.Reader, up.Writer.AsStream());
        var served = WebSocket.CreateFromStream(
            new Duplex(up.Reader, down.Writer.AsStream()), isServer: true, subprotocol, Timeout.InfiniteTimeSpan);
        return (served, WebSocket.CreateFromStream(clientBytes, isServer: false, subprotocol, Timeout.InfiniteTimeSpan), clientBytes);
    }

    private sealed class Duplex(PipeReader incoming, Stream writing) : Stream
    {
        private readonly Stream _reading = incoming.AsStream();

        public override bool CanRead => true;
        public override bool CanWrite => true;
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await _reading.ReadAsync(buffer, cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Closed under the reader, which a socket would tell as its end.
                return 0;
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            writing.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => writing.FlushAsync(cancellationToken);

        public override void Flush() => writing.Flush();
        public override int Read(byte[] buffer, int offset, int count) => _reading.Read(buffer, offset, count);
        public override void Write(byte[] buffer, int offset, int count) => writing.Write(buffer, offset, count);
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                // The other side reads to the end; what it writes from now on goes nowhere.
                writing.Dispose();
                incoming.CancelPendingRead();
                _reading.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
