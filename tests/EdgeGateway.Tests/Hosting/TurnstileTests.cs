using System.Net;
using System.Net.Sockets;
using EdgeGateway.Hosting;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hosting;

public sealed class TurnstileTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void One_address_cannot_take_the_room_of_another()
    {
        var turnstile = new Turnstile(most: 3, mostOfOneAddress: 2);
        Assert.True(turnstile.TryEnter(One) && turnstile.TryEnter(One));
        Assert.False(turnstile.TryEnter(One));
        Assert.True(turnstile.TryEnter(Other));
        Assert.False(turnstile.TryEnter(Other));
        Assert.Equal(2, turnstile.TurnedAway);
        turnstile.Leave(One);
        Assert.True(turnstile.TryEnter(One));
    }

    [Fact]
    public async Task A_flood_of_one_listener_leaves_the_others_alone_and_is_told()
    {
        await using var running = await RunningGateway.StartAsync();
        var flood = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Doors.AdminConnections + 20; i++)
            {
                var client = new TcpClient();
                flood.Add(client);
                try
                {
                    await client.ConnectAsync("127.0.0.1", running.Gateway.AdminUrl.Port, TestContext.Current.CancellationToken);
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
                {
                    // Turned away before it had noticed that it was connected.
                }
            }
            using var charger = RunningGateway.Client(running.Gateway.OcppUrls[0]);
            Assert.Equal(HttpStatusCode.Unauthorized, (await charger.GetAsync("/ocpp/CP-1", TestContext.Current.CancellationToken)).StatusCode);
        }
        finally
        {
            flood.ForEach(c => c.Dispose());
        }
        var told = false;
        await GatewayTests.Eventually(() => told || (told = IsTold(running)));
    }

    private static bool IsTold(RunningGateway running)
    {
        try
        {
            return running.Admin.GetStringAsync("/healthz").GetAwaiter().GetResult().Contains("TooManyConnections", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false; // the flood has not yet ebbed away
        }
    }
}
