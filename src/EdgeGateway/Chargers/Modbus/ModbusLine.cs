using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>A charger without OCPP, as the installer wrote it down (<c>Stations[].Modbus</c>). A changed one is begun anew.</summary>
public sealed record ModbusLine
{
    /// <summary>No faster, whatever the file says: an Alfen asked more often than once a second hangs.</summary>
    public const int LeastPollSeconds = 1;
    public const int MostPollSeconds = 60;

    /// <summary>Its one connector; its station is the one that the site knows.</summary>
    public required Position At { get; init; }
    public required DeviceTemplate Template { get; init; }

    /// <summary>Of the template's file: another content is another template, the same content read again is not.</summary>
    public string TemplateStamp { get; init; } = "";
    public required ModbusTransport Transport { get; init; }
    public required byte Unit { get; init; }

    /// <summary>How often its state is read.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A per phase that it falls back to when it hears nothing of us any more; null: as it is set itself.</summary>
    public decimal? SafeCurrentA { get; init; }

    /// <summary>A per phase that it is ever told, at most.</summary>
    public required decimal MaxCurrentA { get; init; }

    /// <summary>Which of a device's connectors, where it serves several through one unit.</summary>
    public int Connector { get; init; } = 1;

    /// <summary>A site's card that every vehicle charges with as soon as it is plugged in; null: each driver identifies himself.</summary>
    public string? AutoStartToken { get; init; }

    /// <summary>Line to neutral.</summary>
    public required decimal VoltageV { get; init; }
    public required int Phases { get; init; }

    public string Station => At.Station;

    public ModbusTiming Timing => Template.TimingFor(Poll);

    /// <summary>Nothing differs that its rounds would notice.</summary>
    public bool IsSame(ModbusLine other) => this with { Template = other.Template } == other && Template.Id == other.Template.Id;

    /// <summary>What it can deliver.</summary>
    public decimal MostPowerW => MaxCurrentA * VoltageV * Phases;
}
