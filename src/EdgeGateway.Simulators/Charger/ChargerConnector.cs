using EdgeGateway.Protocols.Ocpp.V21;
using ConnectorState = EdgeGateway.Protocols.Ocpp.V16.ChargePointStatus;

namespace EdgeGateway.Simulators.Charger;

/// <summary>A connector as the charger knows it.</summary>
internal sealed class ChargerConnector(int number, ChargerMeter meter)
{
    public int Number => number;
    public ChargerMeter Meter => meter;

    /// <summary>In the words of 1.6, which are finer than those of 2.x.</summary>
    public ConnectorState Status { get; set; } = ConnectorState.Available;
    public DateTimeOffset Since { get; set; }

    /// <summary>What the plugged car takes; 0 = no car.</summary>
    public long NeedWh { get; set; }

    /// <summary>The ledger's number of the running transaction.</summary>
    public int? Entry { get; set; }

    /// <summary>A card was accepted, and energy may flow.</summary>
    public bool IsCharging { get; set; }

    /// <summary>When the car begins to draw.</summary>
    public DateTimeOffset DrawsFrom { get; set; }

    /// <summary>Why energy no longer flows in a transaction that goes on until the car leaves.</summary>
    public Reason? Stopped { get; set; }
    public CancellationTokenSource? MeterLoop { get; set; }
}
