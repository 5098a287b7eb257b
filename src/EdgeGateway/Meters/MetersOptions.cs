using System.Collections.Immutable;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Meters;

/// <summary>The site's meters as they are configured; replaced whole when the file changes.</summary>
public sealed record MetersOptions
{
    public ImmutableArray<MeterOptions> Meters { get; init; } = [];

    /// <summary>How often a session that a meter of the site counts for is told its values; zero: never between its start and its end.</summary>
    public TimeSpan ValueInterval { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>One meter: what it is there for, and how it is read.</summary>
public sealed record MeterOptions
{
    public static readonly TimeSpan UsualPeriod = TimeSpan.FromSeconds(5);

    public required MeterConfiguration Meter { get; init; }
    public required DeviceTemplate Template { get; init; }

    /// <summary>Changes when the template says something else, though its id stays: a file of the installer's was edited.</summary>
    public string TemplateStamp { get; init; } = "";
    public required ModbusTransport Transport { get; init; }
    public required byte Unit { get; init; }
    public TimeSpan Period { get; init; } = UsualPeriod;

    /// <summary>In place of the template's.</summary>
    public TimeSpan? Response { get; init; }

    public string Id => Meter.Id;

    public ModbusTiming Timing => Template.TimingFor(Period, Response);

    /// <summary>Nothing of it has changed. Templates are read anew with the file and never the same object.</summary>
    public bool IsSame(MeterOptions other) => Meter == other.Meter && Period == other.Period && Response == other.Response && IsSameDevice(other);

    /// <summary>It is read from the same place, as the same thing.</summary>
    public bool IsSameDevice(MeterOptions other) =>
        Template.Id == other.Template.Id && TemplateStamp == other.TemplateStamp && Transport == other.Transport && Unit == other.Unit;
}
