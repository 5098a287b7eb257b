using System.Globalization;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>What is written to a charger, and when: what it falls back to once a line, its limit at once when it changes, and again before the charger
/// takes us for dead. Used by one at a time.</summary>
/// <param name="tell">Told what was written or failed, for people; repeats are not.</param>
internal sealed class ChargerControls(ModbusLine line, IModbusUnit unit, TimeProvider clock, Action<string, bool> tell)
{
    /// <summary>Of the time after which a charger falls back: fed at less than half of it.</summary>
    private const double Share = 0.4;

    /// <summary>What has no watchdog is told its limit again this often: it may have been restarted, or ordered about by another.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);

    private readonly ChargerMap _map = line.Template.Charger!;
    private decimal? _written;
    private long _writtenAt;

    /// <summary>A per phase that the charger has been told last; null: nothing on this line yet.</summary>
    public decimal? Written => _written;

    /// <summary>The line is new: the charger may have been restarted and knows nothing.</summary>
    public void Forget() => _written = null;

    /// <summary>Whether current can flow for all we told it.</summary>
    public bool IsHeldBack => _written == 0;

    public TimeSpan FeedEvery => _map.WatchdogPeriod is { } period ? period * Share : Usual;

    /// <summary>Once a line, before anything else is written.</summary>
    public async Task<ModbusAnswer?> PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var point in _map.Prepare)
        {
            if (await WriteAsync("prepared", point, ControlWords.Raw(point, point.Value), quiet: false, cancellationToken) is { } failed)
                return failed;
        }
        if (_map.SafeCurrent is { } safe && line.SafeCurrentA is { } current
            && await WriteAsync($"safe current {Amperes(current)}", safe, ControlWords.Of(safe, current), quiet: false, cancellationToken) is { } refused)
            return refused;
        return _map is { SafeAfter: { } after, WatchdogPeriod: { } period }
            ? await WriteAsync($"falls back after {period.TotalSeconds:0} s", after, ControlWords.Of(after, (decimal)period.TotalSeconds), quiet: false, cancellationToken)
            : null;
    }

    /// <summary>Tells it what it may draw, if it has not been told or it is time again.</summary>
    /// <param name="amperes">Per phase; 0 holds it back.</param>
    /// <returns>What went wrong; null: it has been told.</returns>
    public async Task<ModbusAnswer?> ApplyAsync(decimal amperes, CancellationToken cancellationToken)
    {
        var isNew = _written != amperes;
        if (!isNew && clock.GetElapsedTime(_writtenAt) < FeedEvery)
            return null;
        // Unknown until all of it has been taken.
        _written = isNew ? null : _written;
        if (!isNew && _map.Watchdog is { } life && await WriteAsync("life bit", life, ControlWords.Raw(life, life.Value), quiet: true, cancellationToken) is { } unfed)
            return unfed;
        if (await TellAsync(amperes, quiet: !isNew, cancellationToken) is { } failed)
            return failed;
        if (isNew && _map.Watchdog is { } first && await WriteAsync("life bit", first, ControlWords.Raw(first, first.Value), quiet: true, cancellationToken) is { } notFed)
            return notFed;
        (_written, _writtenAt) = (amperes, clock.GetTimestamp());
        return null;
    }

    /// <returns>Null: done.</returns>
    public async Task<ModbusAnswer?> UnlockAsync(ControlPoint unlock, CancellationToken cancellationToken) =>
        await WriteAsync("unlock", unlock, ControlWords.Raw(unlock, unlock.Value), quiet: false, cancellationToken);

    public static string Amperes(decimal amperes) => string.Create(CultureInfo.InvariantCulture, $"{amperes:0.##} A");

    private async Task<ModbusAnswer?> TellAsync(decimal amperes, bool quiet, CancellationToken cancellationToken)
    {
        if (_map.Enable is not { } enable)
            return await WriteAsync(amperes > 0 ? $"limit {Amperes(amperes)}" : "held back", _map.Limit, ControlWords.Of(_map.Limit, amperes), quiet, cancellationToken);
        if (amperes == 0)
            return await WriteAsync("held back", enable, ControlWords.Raw(enable, enable.Off), quiet, cancellationToken);
        // The limit first: from when it is enabled on, it charges.
        return await WriteAsync($"limit {Amperes(amperes)}", _map.Limit, ControlWords.Of(_map.Limit, amperes), quiet, cancellationToken)
            ?? await WriteAsync("enabled", enable, ControlWords.Raw(enable, enable.Value), quiet, cancellationToken);
    }

    private async Task<ModbusAnswer?> WriteAsync(string what, ControlPoint point, ReadOnlyMemory<ushort> words, bool quiet, CancellationToken cancellationToken)
    {
        var answer = await unit.WriteAsync(point.Bank, point.Address, words, point.Multiple, cancellationToken);
        var where = $"{what}: {point.Bank} {point.Address} = {string.Join(' ', words.ToArray())}";
        if (answer.Failure is { } failure)
            tell($"{where}: {failure.Text}", false);
        else if (!quiet)
            tell(where, true);
        return answer.Succeeded ? null : answer;
    }
}
