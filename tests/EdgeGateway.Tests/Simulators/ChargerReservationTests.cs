using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Simulators.Charger;
using EdgeGateway.Simulators.Charger.Tongues;
using EdgeGateway.Tests.Fixtures;
using ConnectorState = EdgeGateway.Protocols.Ocpp.V16.ChargePointStatus;

namespace EdgeGateway.Tests.Simulators;

/// <summary>The simulated charger answers a reservation as 1.6 5.13 and 2.x H01 have it, and keeps it.</summary>
public sealed class ChargerReservationTests : IAsyncDisposable
{
    private const string Card = "04A2B3C4";

    private readonly ManualClock _clock = new();
    private SimulatedCharger _charger = null!;

    public static TheoryData<string> Versions => ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"];

    public async ValueTask DisposeAsync() => await _charger.DisposeAsync();

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_free_place_is_kept_for_its_card_alone(string version)
    {
        Make(version);
        Assert.Equal("Accepted", await ReserveAsync(version, id: 7));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ConnectorState.Reserved, _charger.Connectors[1].Status);
        Assert.Equal([7], _charger.Reservations);

        Assert.Null(await _charger.PresentAsync(1, "SOMEBODY", default));
        var number = await _charger.PresentAsync(1, Card, default);
        Assert.Equal(7, _charger.Ledger[number!.Value].ReservationId);
        Assert.Empty(_charger.Reservations);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_place_that_is_not_free_says_why(string version)
    {
        Make(version);
        _charger.PlugIn(1, 1000);
        Assert.Equal("Occupied", await ReserveAsync(version, id: 7));
        _charger.Unplug(1);
        _charger.SetAvailable(0, available: false);
        Assert.Equal("Unavailable", await ReserveAsync(version, id: 7));
        Assert.Equal("Rejected", await ReserveAsync(version, id: 7, connector: 9));
        Assert.Empty(_charger.Reservations);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_same_reservation_is_renewed_and_another_turned_away(string version)
    {
        Make(version);
        await ReserveAsync(version, id: 7);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Occupied", await ReserveAsync(version, id: 8));
        Assert.Equal("Accepted", await ReserveAsync(version, id: 7));
        Assert.Equal([7], _charger.Reservations);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task It_ends_by_cancelling_or_by_its_time(string version)
    {
        Make(version);
        await ReserveAsync(version, id: 7);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Rejected", Status(await AskAsync(version, "CancelReservation", """{"reservationId":8}""")));
        Assert.Equal("Accepted", Status(await AskAsync(version, "CancelReservation", """{"reservationId":7}""")));
        Assert.Equal(ConnectorState.Available, _charger.Connectors[1].Status);

        await ReserveAsync(version, id: 9);
        _clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        Assert.Empty(_charger.Reservations);
        Assert.Equal(ConnectorState.Available, _charger.Connectors[1].Status);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_charger_without_reservations_says_so(string version)
    {
        Make(version, reserves: false);
        var refused = await Assert.ThrowsAsync<OcppException>(() => ReserveAsync(version, id: 7));
        Assert.Equal(OcppErrorCode.NotSupported, refused.Code);
    }

    private void Make(string version, bool reserves = true) => _charger = new(
        new() { Identity = "CP-1", Endpoint = "ws://127.0.0.1:1/ocpp", Version = VersionOf(version), Reserves = reserves }, _clock);

    private async Task<string> ReserveAsync(string version, int id, int connector = 1)
    {
        var expires = (_clock.GetUtcNow() + TimeSpan.FromHours(1)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        return Status(await AskAsync(version, "ReserveNow", VersionOf(version) == OcppVersion.V16
            ? $$"""{"connectorId":{{connector}},"expiryDate":"{{expires}}","idTag":"{{Card}}","reservationId":{{id}}}"""
            : $$"""{"id":{{id}},"expiryDateTime":"{{expires}}","idToken":{"idToken":"{{Card}}","type":"ISO14443"},"evseId":{{connector}}}"""));
    }

    private async Task<JsonNode> AskAsync(string version, string action, string payload)
    {
        IChargerTongue tongue = VersionOf(version) == OcppVersion.V16 ? new Tongue16(_charger) : new Tongue2x(_charger, VersionOf(version), seed: 1);
        var answer = await tongue.HandleAsync(new("1", action, Encoding.UTF8.GetBytes(payload), _clock.GetUtcNow(), ExpectsAnswer: true), CancellationToken.None);
        return JsonNode.Parse(answer.ToBytes())!;
    }

    private static string Status(JsonNode answer) => (string)answer["status"]!;

    private static OcppVersion VersionOf(string name) => Array.Find([OcppVersion.V16, OcppVersion.V201, OcppVersion.V21], v => v.Subprotocol == name)!;
}
