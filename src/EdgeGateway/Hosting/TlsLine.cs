using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGateway.Hosting;

/// <summary>
/// TLS under a connection. In place of the server's own, which tells nobody why a handshake failed: with chargers that is the one thing a
/// technician needs to know (FIELD-NOTES 18).
/// </summary>
internal static class TlsLine
{
    /// <param name="limit">For the handshake (S5).</param>
    /// <returns>Null when the line was served, else why it came to nothing; an empty text where nothing had been said at all.</returns>
    public static async Task<string?> ServeAsync(
        ConnectionContext connection, SslServerAuthenticationOptions options, TimeSpan limit, TimeProvider clock, Func<Task> next)
    {
        var wire = connection.Transport;
        await using var bytes = new WireStream(wire);
        await using var tls = new HeardStream(bytes);
        if (await FailedAsync(connection, tls, bytes, options, limit, clock) is { } why)
            return why;
        var (input, output) = (PipeReader.Create(tls, new(leaveOpen: true, useZeroByteReads: true)), PipeWriter.Create(tls, new(leaveOpen: true)));
        try
        {
            connection.Transport = new Pipes(input, output);
            // This is what makes the request an https one.
            connection.Features.Set<ITlsConnectionFeature>(new TlsConnection(tls.RemoteCertificate as X509Certificate2));
            await next();
        }
        finally
        {
            connection.Transport = wire;
            await input.CompleteAsync();
            await output.CompleteAsync();
        }
        return tls.Alert;
    }

    /// <summary>Looks at the first byte, and leaves it there: a ClientHello, or something else.</summary>
    public static async ValueTask<bool> BeginsAsync(ConnectionContext connection)
    {
        try
        {
            var read = await connection.Transport.Input.ReadAsync(connection.ConnectionClosed);
            var begins = read.Buffer.FirstSpan is [HandshakeRecord, ..];
            connection.Transport.Input.AdvanceTo(read.Buffer.Start);
            return begins;
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // Somebody looked whether the port is open: nothing that an error in the log would help with.
            return false;
        }
    }

    private static async Task<string?> FailedAsync(
        ConnectionContext connection, SslStream tls, WireStream bytes, SslServerAuthenticationOptions options, TimeSpan limit, TimeProvider clock)
    {
        using var late = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, connection.ConnectionClosed);
        try
        {
            await tls.AuthenticateAsServerAsync(options, either.Token);
            return null;
        }
        catch (Exception) when (bytes.First is null)
        {
            // Somebody looked whether the port is open, ourselves among them.
            return "";
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException or OperationCanceledException or System.ComponentModel.Win32Exception or ObjectDisposedException)
        {
            return bytes.First != HandshakeRecord ? "it does not speak TLS: is its URL one of wss://?"
                : late.IsCancellationRequested ? $"its handshake took longer than {limit.TotalSeconds:0} s"
                : Reason(fault);
        }
    }

    /// <summary>Content type of the record that a ClientHello comes in.</summary>
    private const byte HandshakeRecord = 0x16;

    /// <summary>What OpenSSL said is at the bottom: <c>error:0A000418:SSL routines::tlsv1 alert unknown ca</c>.</summary>
    private static string Reason(Exception fault)
    {
        while (fault.InnerException is { } inner)
            fault = inner;
        var said = fault.Message;
        if (fault is IOException or OperationCanceledException or ObjectDisposedException)
            return "it hung up during the handshake";
        return said.StartsWith("error:", StringComparison.Ordinal) ? said[(said.LastIndexOf(':') + 1)..].Trim() : said.TrimEnd('.');
    }

    /// <summary>With TLS 1.3 a client is done with the handshake before it has looked at our certificate: what it thinks of it is read as if it were data.</summary>
    private sealed class HeardStream(Stream bytes) : SslStream(bytes, leaveInnerStreamOpen: true)
    {
        private bool _hasSpoken;

        public string? Alert { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                var count = await base.ReadAsync(buffer, cancellationToken);
                if (count == 0 && buffer.Length > 0 && !_hasSpoken)
                    Alert = "it hung up right after the handshake, as one does that does not trust our certificate";
                _hasSpoken |= count > 0;
                return count;
            }
            catch (IOException fault) when (Heard(fault) is { } alert)
            {
                Alert = alert;
                throw;
            }
        }

        private static string? Heard(Exception fault) => fault.InnerException is null ? null : Reason(fault) is var said && said.Contains("alert", StringComparison.Ordinal) ? said : null;
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class TlsConnection(X509Certificate2? certificate) : ITlsConnectionFeature
    {
        public X509Certificate2? ClientCertificate { get; set; } = certificate;

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
    }

    /// <summary>The transport's two pipes as the one stream that TLS works on.</summary>
    private sealed class WireStream(IDuplexPipe wire) : Stream
    {
        /// <summary>The first byte that came; null while none has.</summary>
        public byte? First { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await wire.Input.ReadAsync(cancellationToken);
            var some = read.Buffer.Slice(0, Math.Min(buffer.Length, read.Buffer.Length));
            var count = (int)some.Length;
            if (count > 0)
            {
                var at = buffer;
                foreach (var part in some)
                {
                    part.CopyTo(at);
                    at = at[part.Length..];
                }
                First ??= buffer.Span[0];
            }
            wire.Input.AdvanceTo(some.End);
            return count;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await wire.Output.WriteAsync(buffer, cancellationToken);

        public override async Task FlushAsync(CancellationToken cancellationToken) => await wire.Output.FlushAsync(cancellationToken);

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
            // Each write goes out as it comes.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
