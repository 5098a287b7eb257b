using System.Text.Json;
using EdgeGateway.Site;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>What a charger that remembers nothing of the kind itself must find again after a restart of the gateway.</summary>
internal sealed record ModbusMemory
{
    /// <summary>Where its counter and ours stood, and when.</summary>
    public EnergyEntry? Energy { get; init; }
    public DateTimeOffset? At { get; init; }

    /// <summary>Of the device that the counter belongs to.</summary>
    public string? Serial { get; init; }

    /// <summary>Set out of service by somebody.</summary>
    public bool IsInoperative { get; init; }

    /// <summary>A limit for all sessions, A per phase.</summary>
    public decimal? LimitA { get; init; }

    /// <summary>A hub's limits for one session.</summary>
    public LimitCourse? Course { get; init; }

    /// <summary>A session that somebody was promised the end of.</summary>
    public Stopping? Stopping { get; init; }

    /// <summary>The vehicle that is plugged in has had its session.</summary>
    public bool IsFinished { get; init; }
}

/// <param name="Number">Of the session.</param>
/// <param name="Reason">OCPP's word: Remote, Local, UnlockCommand.</param>
/// <param name="IdTag">The card that stopped it, if one did.</param>
/// <param name="Unlocks">The socket is to be unlocked when it has ended.</param>
internal sealed record Stopping(int Number, string Reason, string? IdTag = null, bool Unlocks = false);

/// <summary>Keeps a station's memory on disk; what did not change is not written again.</summary>
internal sealed class ModbusMemories(IDocuments documents, string station)
{
    private readonly string _name = $"modbus-station:{station.ToUpperInvariant()}";
    private ModbusMemory _now = new();

    public ModbusMemory Now => _now;

    public async Task<ModbusMemory> LoadAsync(CancellationToken cancellationToken)
    {
        if (await documents.ReadAsync(_name, cancellationToken) is { } json)
            _now = JsonSerializer.Deserialize(json, ChargersJson.Default.ModbusMemory) ?? new();
        return _now;
    }

    /// <summary>Returns when it is on disk.</summary>
    public async Task KeepAsync(ModbusMemory next, CancellationToken cancellationToken)
    {
        // When it was is no news by itself.
        if (next with { At = _now.At } == _now)
            return;
        await documents.WriteAsync(_name, JsonSerializer.Serialize(next, ChargersJson.Default.ModbusMemory), cancellationToken);
        _now = next;
    }
}
