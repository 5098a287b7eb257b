using System.Text.Json.Nodes;
using EdgeGateway.Simulators.Modbus;
using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.Field;

/// <summary>Chargers that speak no OCPP, with the real program and a hub: what they counted is what is billed, whatever goes away in between.</summary>
public sealed class ModbusChargerTests : IAsyncDisposable
{
    private readonly SimulatedModbusServer _server = new(TimeProvider.System);

    [Fact]
    public async Task A_session_that_the_hub_starts_outlives_a_killed_gateway_and_a_charger_that_was_away_and_is_billed_to_the_watt_hour()
    {
        var charger = Charger("alfen-eve");
        var port = _server.ListenTcp();
        await using var site = await SystemSite.CreateAsync(change: gateway => FieldFile.OnModbus(gateway, "alfen-eve", FieldFile.Tcp(port)));
        await site.RunAsync(async () =>
        {
            await site.StartAsync();
            await FieldFile.ServedAsync(site);
            charger.PlugIn();
            var card = SystemSite.Card(1) with { Uid = "APP-7F3A", Type = "APP_USER", Unlisted = true };
            var start = await site.Hub.Commands.StartSessionAsync(card, SystemSite.Location, "CP-1-1", "1", "REF-1", default);
            Assert.Equal("ACCEPTED", start.Response);
            Assert.Equal("ACCEPTED", (await start.Outcome.WaitAsync(Poll.Patience)).Result);
            await Poll.UntilAsync("the hub shows the session as ACTIVE", () => site.Hub.Store.SessionsIn("ACTIVE").Any());
            await ChargesAsync(charger, 100);

            await site.Gateway.KillAsync();
            await ChargesAsync(charger, 50);
            await site.Gateway.StartAsync();
            await FieldFile.ServedAsync(site);

            await _server.GoDownAsync();
            await FieldFile.ServedAsync(site, isServed: false);
            await ChargesAsync(charger, 50);
            _server.ComeUp();
            await FieldFile.ServedAsync(site);
            await ChargesAsync(charger, 50);

            var stop = await site.Hub.Commands.StopSessionAsync(site.Hub.Store.Sessions.Single().Id, default);
            Assert.Equal("ACCEPTED", (await stop.Outcome.WaitAsync(Poll.Patience)).Result);
            Assert.Equal(0, charger.PowerW);
            var cdr = await BilledAsync(site);
            charger.Unplug();
            Assert.Equal(charger.Visits.Single().DeliveredWh, Wh(cdr));
            Assert.Equal("REF-1", (string?)cdr["authorization_reference"]);
            await EndedAsync(site, "AVAILABLE");
        });
    }

    [Fact]
    public async Task A_card_that_is_held_to_a_charger_starts_a_session_and_the_car_that_leaves_ends_it()
    {
        const string Uid = "04A2B3C4";
        var charger = Charger("keba-p30");
        var port = _server.ListenTcp();
        await using var site = await SystemSite.CreateAsync(change: gateway => FieldFile.OnModbus(gateway, "keba-p30", FieldFile.Tcp(port), amperes: 63));
        await site.RunAsync(async () =>
        {
            site.Hub.Tokens.Put(SystemSite.Card(1) with { Uid = Uid });
            await site.StartAsync();
            await FieldFile.ServedAsync(site);
            charger.PlugIn();
            // A stranger's first: nothing may flow.
            charger.ShowCard("0BADCA4D");
            await Poll.UntilAsync("the hub was asked for the stranger", () => site.Hub.Tokens.Asked.Any());
            await LookedAtAsync();
            Assert.Equal(0, charger.PowerW);
            charger.ShowCard(Uid);
            await ChargesAsync(charger, 10);
            charger.Unplug();
            var cdr = await BilledAsync(site);
            Assert.Equal(charger.Visits.Single().DeliveredWh, Wh(cdr));
            Assert.Equal(Uid, (string?)cdr["cdr_token"]!["uid"]);
            // The card that lies in its register still is nobody's who comes next.
            charger.PlugIn();
            await LookedAtAsync();
            await LookedAtAsync();
            Assert.Equal((0, 1), (charger.PowerW, site.Gateway.Sessions().Count));
        });
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private SimulatedModbusCharger Charger(string template) => new(
        _server.Unit(1), FieldFile.Template(template), TimeProvider.System,
        new() { MaxCurrentA = FieldFile.FastAmperes, CarCurrentA = FieldFile.FastAmperes });

    /// <summary>The gateway has read the whole charger once more.</summary>
    private Task LookedAtAsync()
    {
        const int Round = 12;
        var before = _server.Requests;
        return Poll.UntilAsync("the gateway has looked again", () => _server.Requests >= before + Round);
    }

    private static Task ChargesAsync(SimulatedModbusCharger charger, int wh)
    {
        var before = charger.EnergyWh;
        return Poll.UntilAsync($"{wh} Wh more have flowed", () => charger.EnergyWh >= before + wh);
    }

    private static async Task<JsonObject> BilledAsync(SystemSite site)
    {
        await Poll.UntilAsync("the hub holds the CDR", () => site.Hub.Store.Cdrs.Count > 0);
        await Poll.UntilAsync("nothing is owed any more", () => site.Gateway.Owed() == 0);
        Assert.Equal("COMPLETED", Assert.Single(site.Gateway.Sessions()).Status);
        Assert.Empty(site.Hub.Store.Breaches);
        Assert.Empty(site.Gateway.Refused());
        return Assert.Single(site.Hub.Store.Cdrs).Latest;
    }

    private static Task EndedAsync(SystemSite site, string status) => Poll.UntilAsync(
        $"the hub shows the EVSE as {status}",
        () => (string?)site.Hub.Store.Find("locations", SystemSite.Location)?.Latest["evses"]?[0]?["status"] == status);

    private static long Wh(JsonObject cdr) => (long)((decimal)cdr["total_energy"]! * 1000);
}
