using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Admin;
using EdgeGateway.Tests.Chargers;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hosting;

public sealed class LoreTests
{
    [Fact]
    public async Task A_station_that_is_asked_for_shows_its_quirks_with_their_origin_what_was_tolerated_and_its_settings()
    {
        await using var gateway = await RunningGateway.StartAsync(f => f.Set("Gateway:Stations:0:Strict", true).Set("Gateway:Stations:0:Settings", new JsonObject { ["HeartbeatInterval"] = 60 }));
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("ocpp1.6");
        socket.Options.SetRequestHeader("Authorization", RawCharger.Basic("CP-1", "a-password-of-length"));
        var cancel = TestContext.Current.CancellationToken;
        await socket.ConnectAsync(new($"ws://{gateway.Gateway.OcppUrls[0].Authority}/ocpp/CP-1"), cancel);
        var buffer = new byte[4096];
        foreach (var frame in new[] { """[2,"1","BootNotification",{"chargePointVendor":"Keba AG","chargePointModel":"KC-P30","mood":1}]""", """[2,"2","Heartbeat",[]]""" })
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, cancel);
            await socket.ReceiveAsync(buffer, cancel);
        }

        var lore = (await gateway.GetAsync<StationView>("api/stations/CP-1"))!.Lore!;

        Assert.True(lore.Strict);
        Assert.Equal("keba.json", Assert.Single(lore.Quirks, q => q.Name == "IdTagSuffix").Origin);
        Assert.Contains(lore.Tolerated, t => t.Code == "UnknownMember" && t.Times == 1 && t.Text.Contains("mood", StringComparison.Ordinal));
        Assert.Contains(lore.Tolerated, t => t.Code == "EmptyForObject");
        Assert.Null((await gateway.GetAsync<IReadOnlyList<StationView>>("api/stations"))![0].Lore);
    }
}
