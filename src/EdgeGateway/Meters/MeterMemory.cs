using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Meters;

/// <summary>What is known of a meter beyond the loop that reads it: an edited period starts another loop, and nothing is forgotten.</summary>
internal sealed class MeterMemory(MeterConfiguration meter)
{
    public EnergyCount Count { get; } = new(meter.Role);
    public MeterPast Past { get; } = new(meter.Id);

    /// <summary>The values that were read last and made sense; null: none since the start.</summary>
    public MeterReading? Values { get; set; }

    /// <summary>As the device told it.</summary>
    public string? Serial { get; set; }
    public string? Model { get; set; }

    /// <summary>By which the count was read; null: it never was.</summary>
    public string? Template { get; set; }

    /// <summary>Goes on from before the restart.</summary>
    public static MeterMemory Of(MeterConfiguration meter, KeptMeter? kept)
    {
        var memory = new MeterMemory(meter);
        if (kept is not null)
        {
            memory.Count.Resume(kept.Sample.EnergyWh, kept.Sample.At);
            (memory.Serial, memory.Template) = (kept.Serial, kept.Template);
        }
        return memory;
    }

    /// <summary>Another device is read in its place.</summary>
    public void Exchange()
    {
        Count.Restart();
        Past.Clear();
        (Values, Serial, Model) = (null, null, null);
    }
}
