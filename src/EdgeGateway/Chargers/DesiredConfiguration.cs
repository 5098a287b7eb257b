using System.Collections.Immutable;
using System.Text.Json;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers;

/// <summary>
/// Brings chargers' settings to what is wanted, reads them back, and keeps what they refuse to be shown. Each value is sent once for a model and
/// firmware: some chargers restart when they are asked too much (FIELD-NOTES 14). The versions' dialects say how it is asked.
/// </summary>
public sealed class DesiredConfiguration(Func<ChargersOptions> options, SiteEngine site, IDocuments documents, Remarks remarks, TimeProvider clock)
{
    /// <summary>Settings of one charger that are looked after; those beyond, by name, are not.</summary>
    public const int MostSettings = 200;

    /// <summary>Questions in a row without an answer, over lines; then a charger is asked for its settings once a day at most.</summary>
    public const int MostUnanswered = 2;

    /// <summary>A charger that restarts tells its settings again after so long: a reset to the factory's leaves model and firmware as they were.</summary>
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromDays(1);

    /// <summary>
    /// What is wanted of a charger: the defaults, over them what its model's file says, then the configuration of all, then its own.
    /// </summary>
    /// <param name="defaults">What the gateway wants of its own accord.</param>
    /// <param name="isOurs">Whether a name is of the version that the line speaks.</param>
    public IReadOnlyList<WantedSetting> WantedOf(ChargerLine line, IEnumerable<WantedSetting> defaults, Func<string, bool> isOurs)
    {
        var wanted = new SortedDictionary<string, WantedSetting>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in defaults)
            wanted[setting.Name] = setting;
        var settings = options();
        // An edited file holds for lines that are open already.
        var own = (settings.Station(line.Station) ?? line.Entry.Access).Settings;
        foreach (var (name, value) in line.Quirks.Settings.Concat(settings.Settings).Concat(own))
        {
            if (isOurs(name))
                wanted[name] = new(name, [value]);
        }
        return [.. wanted.Values.Take(MostSettings)];
    }

    /// <summary>How a charger's settings stand; empty when it was never asked.</summary>
    public async ValueTask<DesiredSettings> ReadAsync(string station, CancellationToken cancel) =>
        await documents.ReadAsync(DocumentOf(station), cancel) is { } json && JsonSerializer.Deserialize(json, ChargersJson.Default.DesiredSettings) is { } known
            ? known
            : new();

    /// <summary>Asks and sets what is not settled yet. Does nothing where all is. What it leaves open goes on with the charger's next line.</summary>
    public async Task<DesiredSettings> BringAsync(
        ChargerLine line, IReadOnlyList<WantedSetting> wanted, IChargerSettings wire, CancellationToken cancel)
    {
        var before = await ReadAsync(line.Station, cancel);
        var run = new Run(line, wanted.ToDictionary(w => w.Name, StringComparer.OrdinalIgnoreCase), wire, Aligned(before, wanted, line), this);
        await run.BringAsync(cancel);
        if (run.Known != before)
            await WriteAsync(line.Station, run.Known, cancel);
        Tell(line.Station, before, run.Known);
        return run.Known;
    }

    /// <summary>Verdicts hold for one model and firmware, and for one wanted value.</summary>
    private DesiredSettings Aligned(DesiredSettings before, IReadOnlyList<WantedSetting> wanted, ChargerLine line)
    {
        var identity = site.State.Stations.GetValueOrDefault(line.Station)?.Identity;
        // A charger that was not known yet when it was first asked is still the same.
        var isSame = before.IsOf(identity) || before.Vendor is null;
        var settings = wanted.Select(w => isSame && before.Find(w.Name) is { } known && known.Wanted == w.Best ? known : new(w.Name, w.Best)).ToImmutableArray();
        return before with
        {
            Vendor = identity?.Vendor, Model = identity?.Model, Firmware = identity?.Firmware,
            Unanswered = isSame ? before.Unanswered : 0,
            Settings = settings.SequenceEqual(before.Settings) ? before.Settings : settings,
        };
    }

    private async Task WriteAsync(string station, DesiredSettings known, CancellationToken cancel) =>
        await documents.WriteAsync(DocumentOf(station), JsonSerializer.Serialize(known, ChargersJson.Default.DesiredSettings), cancel);

    /// <summary>Only what changed is an event: what was right already, or refused before, is none.</summary>
    private void Tell(string station, DesiredSettings before, DesiredSettings after)
    {
        List<string> set = [], missed = [];
        foreach (var setting in after.Settings)
        {
            if (before.Find(setting.Name) is { } last && last.Verdict == setting.Verdict && last.Wanted == setting.Wanted)
                continue;
            switch (setting.Verdict)
            {
                case SettingVerdict.AsWanted or SettingVerdict.Taken or SettingVerdict.Partly when setting.Tries > 0:
                    set.Add($"{setting.Name} = {setting.Is ?? setting.Wanted}");
                    break;
                case SettingVerdict.AfterRestart:
                    set.Add($"{setting.Name} = {setting.Wanted} from its next restart on");
                    break;
                case SettingVerdict.Refused or SettingVerdict.ReadOnly or SettingVerdict.NotKept or SettingVerdict.GivenUp:
                    missed.Add($"{setting.Name} = {setting.Wanted} ({setting.Verdict}{(setting.Is is { } told ? $", is {told}" : "")})");
                    break;
            }
        }
        if (set.Count > 0)
            remarks.Make(Severity.Info, "SettingsSet", station, Shortened(set));
        if (missed.Count > 0)
            remarks.Make(Severity.Warning, "SettingsNotTaken", station, Shortened(missed));
    }

    private static string Shortened(List<string> all)
    {
        const int most = 20, longest = 160;
        var shown = all.Take(most).Select(static t => t.Length > longest ? $"{t[..longest]}…" : t);
        return string.Join("; ", shown) + (all.Count > most ? $"; and {all.Count - most} more" : "");
    }

    private static string DocumentOf(string station) => $"charger/{station.ToLowerInvariant()}/settings";

    /// <summary>One charger's settings being brought to what is wanted.</summary>
    private sealed class Run(
        ChargerLine line, Dictionary<string, WantedSetting> wanted, IChargerSettings wire, DesiredSettings known, DesiredConfiguration owner)
    {
        public DesiredSettings Known { get; private set; } = known;

        public async Task BringAsync(CancellationToken cancel)
        {
            if (line.Quirks.NeverAsked == true)
            {
                foreach (var setting in Open())
                    Settle(setting, SettingVerdict.NotAsked, setting.Is);
                return;
            }
            TakeUpAgain();
            GiveUpTheSpent();
            var asked = Known.Settings.Where(IsToBeRead).Select(static s => s.Name).ToList();
            if (asked.Count == 0 || !await ReadAsync(asked, cancel))
                return;
            while (NextGroup() is { Count: > 0 } group)
            {
                if (!await WriteAsync(group, cancel))
                    return;
            }
        }

        private IEnumerable<DesiredSetting> Open() => Known.Settings.Where(static s => s.Verdict == SettingVerdict.Open);

        private bool IsToBeRead(DesiredSetting setting) => setting.Verdict switch
        {
            SettingVerdict.Open => true,
            SettingVerdict.AfterRestart or SettingVerdict.Taken => line.Booted.IsCompleted,
            SettingVerdict.AsWanted or SettingVerdict.Partly => line.Booted.IsCompleted && Known.Read is { } read && owner.Now - read > ReadAgainAfter,
            _ => false,
        };

        /// <summary>A model that may be asked after all, and a charger whose silence is a day old: lines also end by chance.</summary>
        private void TakeUpAgain()
        {
            var isRested = Known.Unanswered >= MostUnanswered && Known.Asked is { } asked && owner.Now - asked > ReadAgainAfter;
            if (isRested)
                Known = Known with { Unanswered = MostUnanswered - 1 };
            foreach (var setting in Known.Settings)
            {
                if (setting.Verdict == SettingVerdict.NotAsked || (isRested && setting is { Verdict: SettingVerdict.GivenUp, Tries: 0 }))
                    Known = Known.With(setting with { Verdict = SettingVerdict.Open });
            }
        }

        private void GiveUpTheSpent()
        {
            foreach (var setting in Open())
            {
                if (Known.Unanswered >= MostUnanswered || wanted[setting.Name].At(setting.Tries) is null)
                    Settle(setting, SettingVerdict.GivenUp, setting.Is);
            }
        }

        private async Task<bool> ReadAsync(List<string> names, CancellationToken cancel)
        {
            if (Known.Unanswered >= MostUnanswered)
                return false;
            Known = Known with { Unanswered = Known.Unanswered + 1, Asked = owner.Now };
            await owner.WriteAsync(line.Station, Known, cancel);
            if (await wire.ReadAsync(line, names, cancel) is not { } told)
                return false;
            Known = Known with { Unanswered = 0, Read = owner.Now };
            foreach (var name in names)
            {
                if (told.TryGetValue(name, out var now))
                    Judge(Known.Find(name)!, now);
            }
            return true;
        }

        /// <summary>What a charger's word of a setting means for it; what stays open is written.</summary>
        private void Judge(DesiredSetting setting, SettingTold told)
        {
            var wish = wanted[setting.Name];
            // Sent already: what it is now is what came of it.
            var sent = setting.Tries > 0 && setting.Verdict != SettingVerdict.Open ? wish.At(setting.Tries - 1) : null;
            if (wish.Fits(told.Value, wish.Best))
                Settle(setting, SettingVerdict.AsWanted, told.Value);
            else if (sent is not null && wish.Fits(told.Value, sent))
                Settle(setting, SettingVerdict.Partly, told.Value);
            else if (!told.IsKnown)
                Settle(setting, SettingVerdict.NotKnown, null);
            else if (told.IsReadOnly)
                Settle(setting, SettingVerdict.ReadOnly, told.Value);
            else if (setting.Verdict is SettingVerdict.Taken && told.Value is not null)
                Settle(setting, SettingVerdict.NotKept, told.Value);
            else if (setting.Verdict is SettingVerdict.AsWanted or SettingVerdict.Partly)
                Known = Known.With(setting with { Verdict = SettingVerdict.Open, Tries = 0, Is = told.Value });
            else
                Known = Known.With(setting with { Is = told.Value });
        }

        /// <summary>Together what was never sent, alone what was: then it is known which one it is that a charger restarts over.</summary>
        private List<DesiredSetting> NextGroup()
        {
            foreach (var setting in Open())
            {
                if (wanted[setting.Name].At(setting.Tries) is { } next && wanted[setting.Name].Fits(setting.Is, next))
                    Settle(setting, SettingVerdict.Partly, setting.Is);
            }
            var open = Open().Where(s => wanted[s.Name].At(s.Tries) is not null).ToList();
            var fresh = open.Where(static s => s.Tries == 0).Take(Math.Max(1, wire.MostWrites)).ToList();
            return fresh.Count > 0 ? fresh : [.. open.Take(1)];
        }

        private async Task<bool> WriteAsync(List<DesiredSetting> group, CancellationToken cancel)
        {
            var values = group.ToDictionary(static s => s.Name, s => wanted[s.Name].At(s.Tries)!);
            // Remembered before it is tried: a charger that restarts because of it is not asked the same for ever.
            foreach (var setting in group)
                Known = Known.With(setting with { Tries = setting.Tries + 1 });
            await owner.WriteAsync(line.Station, Known, cancel);
            if (await wire.WriteAsync(line, values, cancel) is not { } answers)
                return false;
            var taken = new List<string>();
            foreach (var (name, _) in values)
            {
                var setting = Known.Find(name)!;
                switch (answers.GetValueOrDefault(name, SettingAnswer.Refused))
                {
                    case SettingAnswer.Accepted:
                        Settle(setting, SettingVerdict.Taken, setting.Is);
                        taken.Add(name);
                        break;
                    case SettingAnswer.AfterRestart:
                        Settle(setting, SettingVerdict.AfterRestart, setting.Is);
                        break;
                    case SettingAnswer.NotKnown:
                        Settle(setting, SettingVerdict.NotKnown, null);
                        break;
                    // A shorter list may do; the same again would not.
                    default:
                        if (setting.Tries >= wanted[name].Values.Length)
                            Settle(setting, SettingVerdict.Refused, setting.Is);
                        break;
                }
            }
            return taken.Count == 0 || await ReadAsync(taken, cancel);
        }

        private void Settle(DesiredSetting setting, SettingVerdict verdict, string? told) =>
            Known = Known.With(setting with { Verdict = verdict, Is = told, When = setting.Verdict == verdict ? setting.When : owner.Now });
    }

    private DateTimeOffset Now => clock.GetUtcNow();
}
