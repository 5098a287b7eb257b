using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers;

/// <summary>What a charger's settings are to be, what they are, and why they differ where they do. Kept for one model and firmware.</summary>
public sealed record DesiredSettings
{
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Firmware { get; init; }

    /// <summary>When the charger last told its settings.</summary>
    public DateTimeOffset? Read { get; init; }

    /// <summary>When it was last asked for them.</summary>
    public DateTimeOffset? Asked { get; init; }

    /// <summary>Times in a row that it was asked for its settings and did not answer.</summary>
    public int Unanswered { get; init; }

    /// <summary>By name; names as the charger's version has them.</summary>
    public ImmutableArray<DesiredSetting> Settings { get; init => field = value.IsDefault ? [] : value; } = [];

    public DesiredSetting? Find(string name) => Settings.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));

    public bool IsOf(StationIdentity? identity) => Vendor == identity?.Vendor && Model == identity?.Model && Firmware == identity?.Firmware;

    internal DesiredSettings With(DesiredSetting setting) =>
        this with { Settings = [.. Settings.Select(s => s.Name == setting.Name ? setting : s)] };
}

/// <summary>One setting of a charger.</summary>
/// <param name="Wanted">The value that is best.</param>
public sealed record DesiredSetting(string Name, string Wanted)
{
    /// <summary>As the charger told it last; null when it did not.</summary>
    public string? Is { get; init; }
    public SettingVerdict Verdict { get; init; }

    /// <summary>When the verdict was reached.</summary>
    public DateTimeOffset? When { get; init; }

    /// <summary>Values that it was sent; counted before they are sent, so that a charger that restarts because of one is not sent it for ever.</summary>
    public int Tries { get; init; }
}

/// <summary>How a setting stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SettingVerdict>))]
public enum SettingVerdict
{
    /// <summary>Not asked or not answered yet.</summary>
    Open,
    AsWanted,

    /// <summary>The charger took less than all that is wanted: a shorter list.</summary>
    Partly,

    /// <summary>Taken; what it is now could not be read.</summary>
    Taken,

    /// <summary>Taken; it holds from the charger's next restart on.</summary>
    AfterRestart,
    Refused,
    ReadOnly,

    /// <summary>The charger has no such setting.</summary>
    NotKnown,

    /// <summary>Taken, and yet it reads otherwise.</summary>
    NotKept,

    /// <summary>The line ended or nothing came each time it was sent.</summary>
    GivenUp,

    /// <summary>Its model is never asked for settings (FIELD-NOTES 14).</summary>
    NotAsked,
}

/// <summary>A setting that a charger is to have.</summary>
/// <param name="Values">The best first; the others are tried where it is refused.</param>
/// <param name="IsLeast">A list that contains all of the wanted one will do, and a number that is no smaller.</param>
public sealed record WantedSetting(string Name, ImmutableArray<string> Values, bool IsLeast = false)
{
    public string Best => Values[0];

    /// <summary>What is sent at a try; null after the last. A single value is sent twice, since lines also end by chance.</summary>
    internal string? At(int tries) => tries < Values.Length ? Values[tries] : Values.Length == 1 && tries == 1 ? Best : null;

    /// <summary>Whether a charger's value will do for one of ours.</summary>
    public bool Fits(string? told, string wanted)
    {
        if (told is null)
            return false;
        if (string.Equals(told.Trim(), wanted.Trim(), StringComparison.OrdinalIgnoreCase))
            return true;
        if (!wanted.Contains(',', StringComparison.Ordinal) && !IsLeast)
            return false;
        if (IsLeast && long.TryParse(told, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && long.TryParse(wanted, NumberStyles.Integer, CultureInfo.InvariantCulture, out var least))
            return number >= least;
        // The order of a list means nothing to OCPP.
        var (has, asks) = (Members(told), Members(wanted));
        return IsLeast ? has.IsSupersetOf(asks) : has.SetEquals(asks);
    }

    private static HashSet<string> Members(string list) =>
        new(list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
}

/// <summary>How a version reads and writes a charger's settings.</summary>
public interface IChargerSettings
{
    /// <summary>Settings that may be written with one message.</summary>
    int MostWrites { get; }

    /// <summary>What each is; null when no answer came. Those that are left out of the answer count as not readable.</summary>
    Task<IReadOnlyDictionary<string, SettingTold>?> ReadAsync(ChargerLine line, IReadOnlyList<string> names, CancellationToken cancel);

    /// <summary>What became of each; null when no answer came. Those that are left out of the answer count as refused.</summary>
    Task<IReadOnlyDictionary<string, SettingAnswer>?> WriteAsync(ChargerLine line, IReadOnlyDictionary<string, string> values, CancellationToken cancel);
}

/// <param name="Value">Null where it cannot be read.</param>
public sealed record SettingTold(string? Value, bool IsReadOnly = false, bool IsKnown = true);

public enum SettingAnswer
{
    Accepted,
    AfterRestart,
    Refused,
    NotKnown,
}
