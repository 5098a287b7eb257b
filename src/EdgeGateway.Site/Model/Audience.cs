using System.Collections.Immutable;

namespace EdgeGateway.Site.Model;

/// <summary>Which hubs are shown something: all, none, or those that are named. <c>true</c> and <c>false</c> of the file are all and none.</summary>
public sealed class Audience : IEquatable<Audience>
{
    public static readonly Audience All = new(null);
    public static readonly Audience None = new([]);

    private Audience(ImmutableSortedSet<string>? only) => Hubs = only;

    /// <summary>Null: all.</summary>
    public ImmutableSortedSet<string>? Hubs { get; }

    /// <summary>Whether any hub at all is shown it.</summary>
    public bool IsEmpty => Hubs is { IsEmpty: true };

    public static Audience Only(params IEnumerable<string> hubs) => new(hubs.ToImmutableSortedSet(StringComparer.OrdinalIgnoreCase));

    public static implicit operator Audience(bool all) => all ? All : None;

    public bool Includes(string hub) => Hubs is null || Hubs.Contains(hub);

    public bool Equals(Audience? other) => other is not null && (Hubs is null ? other.Hubs is null : other.Hubs is not null && Hubs.SetEquals(other.Hubs));

    public override bool Equals(object? obj) => Equals(obj as Audience);

    public override int GetHashCode() => ToString().ToUpperInvariant().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Hubs is null ? "all" : string.Join(',', Hubs);
}
