using System.IO.Pipelines;
using EdgeGateway.Hosting;
using Microsoft.AspNetCore.Connections;

namespace EdgeGateway.Tests.Hosting;

/// <summary>The first look at a connection of the plain port, which may be TLS too.</summary>
public sealed class TlsLineTests
{
    [Theory]
    [InlineData(0x16, true)]
    [InlineData((byte)'G', false)]
    public async Task The_first_byte_tells_tls_from_the_rest_and_is_left_there(byte first, bool isTls)
    {
        var wire = new Pipe();
        await wire.Writer.WriteAsync(new byte[] { first, 3, 1 }, TestContext.Current.CancellationToken);
        Assert.Equal(isTls, await TlsLine.BeginsAsync(new DefaultConnectionContext("1") { Transport = new Wire(wire.Reader) }));
        Assert.Equal(3, (await wire.Reader.ReadAsync(TestContext.Current.CancellationToken)).Buffer.Length);
    }

    [Fact]
    public async Task Who_hangs_up_without_a_word_is_no_error_of_the_server()
    {
        var closed = new DefaultConnectionContext("1") { Transport = new Wire(new Pipe().Reader), ConnectionClosed = new(canceled: true) };
        Assert.False(await TlsLine.BeginsAsync(closed));
        var reset = new Pipe();
        await reset.Writer.CompleteAsync(new ConnectionResetException("reset by peer"));
        Assert.False(await TlsLine.BeginsAsync(new DefaultConnectionContext("2") { Transport = new Wire(reset.Reader) }));
    }

    private sealed class Wire(PipeReader input) : IDuplexPipe
    {
        public PipeReader Input { get; } = input;
        public PipeWriter Output { get; } = new Pipe().Writer;
    }
}
