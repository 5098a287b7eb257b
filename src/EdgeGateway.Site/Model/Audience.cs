using System.Collections.Immutable;

namespace EdgeGateway.Site.Model;

/// <summary>Which hubs are shown something: all (the default), none, or those that are named. <c>true</c> and <c>false</c> of the file are all and none.</summary>
public readonly struct Audience(ImmutableSortedSet<string>? hubs) : IEquatable<Audience>
{
    /// <summary>Null: all.</summary>
    public ImmutableSortedSet<string>? Hubs { get; } = hubs;

    public static Audience All => default;

    public static Audience None { get; } = new([]);

    /// <summary>Whether no hub at all is shown it.</summary>
    public bool IsEmpty => Hubs is { IsEmpty: true };

    public static Audience Only(params IEnumerable<string> hubs) => new(hubs.ToImmutableSortedSet(StringComparer.OrdinalIgnoreCase));

    public static implicit operator Audience(bool all) => all ? All : None;

    public static bool operator ==(Audience one, Audience other) => one.Equals(other);

    public static bool operator !=(Audience one, Audience other) => !one.Equals(other);

    public bool Includes(string hub) => Hubs is null || Hubs.Contains(hub);

    public bool Equals(Audience other) => Hubs is null ? other.Hubs is null : other.Hubs is not null && Hubs.SetEquals(other.Hubs);

    public override bool Equals(object? obj) => obj is Audience other && Equals(other);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(ToString());

    public override string ToString() => Hubs is null ? "all" : string.Join(',', Hubs);
}
