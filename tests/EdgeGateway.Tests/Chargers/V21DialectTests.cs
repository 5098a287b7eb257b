using EdgeGateway.Site.Model;

namespace EdgeGateway.Tests.Chargers;

/// <summary>What 2.0.1 and 2.1 chargers send, over a real line, frame by frame.</summary>
public sealed class V21DialectTests
{
    private const string Boot = """{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M","serialNumber":"S1","firmwareVersion":"1.0","modem":{"iccid":"8949","imsi":"262"}}}""";

    [Theory]
    [InlineData("ocpp2.0.1")]
    [InlineData("ocpp2.1")]
    public async Task A_session_from_boot_to_end_is_on_disk_with_each_answer(string version)
    {
        await using var host = await ChargersHost.StartAsync();
        await using var charger = await host.ConnectAsync(settings: s => s.Protocols = [version]);
        Assert.Equal(version, charger.Socket.SubProtocol);

        var boot = await charger.CallAsync("1", "BootNotification", Boot);
        Assert.Equal("Accepted", boot.GetProperty("status").GetString());
        Assert.Equal(300, boot.GetProperty("interval").GetInt32());
        Assert.Equal(new StationIdentity("V", "M", "S1", "1.0", null, "8949"), host.Journal.Stations["CP-1"].Identity);

        await charger.CallAsync("2", "StatusNotification", """{"timestamp":"2026-01-01T09:59:00Z","connectorStatus":"Occupied","evseId":1,"connectorId":1}""");
        Assert.Equal(ConnectorState.Occupied, host.Journal.Stations["CP-1"].Connectors[101].State);
        var authorized = await charger.CallAsync("3", "Authorize", """{"idToken":{"idToken":"04A2B3C4","type":"ISO14443"}}""");
        Assert.Equal("Accepted", authorized.GetProperty("idTokenInfo").GetProperty("status").GetString());

        var started = await charger.CallAsync("4", "TransactionEvent", Event("Started", 0, "10:00", "Authorized", 1000, "Transaction.Begin", token: true));
        Assert.Equal("Accepted", started.GetProperty("idTokenInfo").GetProperty("status").GetString());
        var session = Assert.Single(host.Journal.Sessions).Value;
        Assert.Equal(SessionStatus.Active, session.Status);
        Assert.Equal("tx-1", session.Transaction);

        var updated = await charger.CallAsync("5", "TransactionEvent", Event("Updated", 1, "10:30", "MeterValuePeriodic", 1500, "Sample.Periodic"));
        Assert.False(updated.TryGetProperty("idTokenInfo", out _));
        Assert.Equal(500, host.Journal.Sessions[session.Number].EnergyWh);

        await charger.CallAsync("6", "TransactionEvent", Event("Ended", 2, "11:00", "EVCommunicationLost", 3000, "Transaction.End", stopped: "EVDisconnected"));
        session = host.Journal.Sessions[session.Number];
        Assert.Equal(SessionStatus.Completed, session.Status);
        Assert.Equal(2000, session.EnergyWh);
        Assert.Equal("EVDisconnected", session.StopReason);
        Assert.Equal(2000, Assert.Single(host.Journal.Cdrs).Value.Session.EnergyWh);
    }

    private static string Event(
        string type, int sequence, string time, string trigger, int registerWh, string context, bool token = false, string? stopped = null, string state = "Charging") => $$$"""
        {"eventType":"{{{type}}}","timestamp":"2026-01-01T{{{time}}}:00Z","triggerReason":"{{{trigger}}}","seqNo":{{{sequence}}},
        "transactionInfo":{"transactionId":"tx-1","chargingState":"{{{state}}}"{{{(stopped is null ? "" : $",\"stoppedReason\":\"{stopped}\"")}}}},
        "evse":{"id":1,"connectorId":1}{{{(token ? ",\"idToken\":{\"idToken\":\"04A2B3C4\",\"type\":\"ISO14443\"}" : "")}}},
        "meterValue":[{"timestamp":"2026-01-01T{{{time}}}:00Z","sampledValue":[{"value":{{{registerWh}}},"context":"{{{context}}}","measurand":"Energy.Active.Import.Register","unitOfMeasure":{"unit":"Wh"}}]}]}
        """;
}
