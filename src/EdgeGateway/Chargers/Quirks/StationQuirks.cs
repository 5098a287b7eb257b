using System.Collections.Immutable;
using System.Globalization;

namespace EdgeGateway.Chargers.Quirks;

/// <summary>What holds for one station, and where each of it comes from.</summary>
/// <param name="Quirks">All sources together.</param>
/// <param name="Values">What differs from the default, for people; in the order of importance.</param>
public sealed record StationQuirks(ModelQuirks Quirks, ImmutableArray<QuirkValue> Values)
{
    public const string Configuration = "configuration";
    public const string Learned = "learned";

    /// <summary>The station's own keys go before what was learned of it, then the installer's files, then the built-in book.</summary>
    /// <param name="pages">The installer's that fit, then the book's.</param>
    public static StationQuirks Of(StationAccess access, ModelQuirks? learned, IEnumerable<QuirkPage> pages)
    {
        List<(ModelQuirks Quirks, string Origin)> sources = [(OfConfiguration(access), Configuration)];
        if (learned is not null)
            sources.Add((learned, Learned));
        sources.AddRange(pages.Select(static p => (p.Quirks, p.Source)));
        var values = ImmutableArray.CreateBuilder<QuirkValue>();
        var quirks = new ModelQuirks
        {
            AssumeProtocol = Pick(nameof(ModelQuirks.AssumeProtocol), static q => q.AssumeProtocol, static v => v!),
            Compression = Pick(nameof(ModelQuirks.Compression), static q => q.Compression, static v => v == false ? "off" : "on"),
            PingSeconds = Pick(nameof(ModelQuirks.PingSeconds), static q => q.PingSeconds, static v => v!.Value.ToString(CultureInfo.InvariantCulture)),
            IdTagSuffix = Pick(nameof(ModelQuirks.IdTagSuffix), static q => q.IdTagSuffix, static v => v!),
            MeterBase = Pick(nameof(ModelQuirks.MeterBase), static q => q.MeterBase, static v => v.ToString()!),
            WhDeclaredAsKwh = Pick(nameof(ModelQuirks.WhDeclaredAsKwh), static q => q.WhDeclaredAsKwh, static v => v == true ? "yes" : "no"),
            NeverAsked = Pick(nameof(ModelQuirks.NeverAsked), static q => q.NeverAsked, static v => v == true ? "yes" : "no"),
            Measurands = Pick(nameof(ModelQuirks.Measurands), static q => Filled(q.Measurands), static v => string.Join(',', v!.Value)) ?? [],
            Ladder = Pick(nameof(ModelQuirks.Ladder), static q => Filled(q.Ladder), static v => string.Join(", then ", v!.Value)) ?? [],
            Settings = Settings(),
            Because = sources.Find(static s => s.Quirks.Because is not null).Quirks?.Because,
        };
        foreach (var (hint, origin) in sources.Where(static s => s.Quirks.Because is not null && IsHint(s.Quirks)))
            values.Add(new("Hint", hint.Because!, origin, null));
        return new(quirks, values.ToImmutable());

        T? Pick<T>(string name, Func<ModelQuirks, T?> of, Func<T?, string> show)
        {
            foreach (var (source, origin) in sources)
            {
                if (of(source) is not { } value)
                    continue;
                values.Add(new(name, show(value), origin, source.Because));
                return value;
            }
            return default;
        }

        ImmutableSortedDictionary<string, string> Settings()
        {
            var all = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (source, origin) in sources)
            {
                foreach (var (key, value) in source.Settings ?? ImmutableSortedDictionary<string, string>.Empty)
                {
                    if (all.TryAdd(key, value))
                        values.Add(new($"Settings:{key}", value, origin, source.Because));
                }
            }
            return all.ToImmutable();
        }
    }

    /// <summary>A station's own settings are no quirk of its model: they stand in the configuration, and are shown with what became of them.</summary>
    private static ModelQuirks OfConfiguration(StationAccess access) => new()
    {
        AssumeProtocol = access.AssumeProtocol, Compression = access.Compression, PingSeconds = access.PingSeconds, IdTagSuffix = access.IdTagSuffix,
    };

    // A document that an older program wrote has no lists at all.
    private static ImmutableArray<T>? Filled<T>(ImmutableArray<T> list) => list.IsDefaultOrEmpty ? null : list;

    /// <summary>Nothing that a program could do: it is for the technician to know.</summary>
    private static bool IsHint(ModelQuirks q) =>
        q is { AssumeProtocol: null, Compression: null, PingSeconds: null, IdTagSuffix: null, MeterBase: null, WhDeclaredAsKwh: null, NeverAsked: null }
        && q.Measurands.IsDefaultOrEmpty && q.Ladder.IsDefaultOrEmpty && (q.Settings?.IsEmpty ?? true);
}

/// <summary>One thing that holds for a station.</summary>
/// <param name="Origin"><c>configuration</c>, <c>learned</c>, or the file that it stands in.</param>
/// <param name="Because">The device that made it necessary, and the source.</param>
public sealed record QuirkValue(string Name, string Value, string Origin, string? Because);
