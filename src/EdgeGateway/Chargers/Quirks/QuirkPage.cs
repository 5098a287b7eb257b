using System.Collections.Immutable;
using System.IO.Enumeration;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Quirks;

/// <summary>One entry of a quirk file: which devices it is about, and what they need.</summary>
/// <param name="Source">Where it is written, for people: <c>abb.json</c>.</param>
/// <param name="Vendor">A pattern with <c>*</c> and <c>?</c>, compared without case; null: any.</param>
/// <param name="Model">The same.</param>
/// <param name="Firmware">The same.</param>
public sealed record QuirkPage(string Source, string? Vendor, string? Model, string? Firmware, ModelQuirks Quirks)
{
    public bool IsOf(StationIdentity identity) =>
        Matches(Vendor, identity.Vendor) && Matches(Model, identity.Model) && Matches(Firmware, identity.Firmware);

    // An empty pattern is an empty text: some devices tell no vendor.
    private static bool Matches(string? pattern, string? told) =>
        pattern is null or "*" || (string.IsNullOrEmpty(told) ? pattern.Length == 0 : FileSystemName.MatchesSimpleExpression(pattern, told, ignoreCase: true));
}

/// <summary>A rule that a quirk file breaks: the path within it, what was found and what is expected.</summary>
public sealed record QuirkFault(string Path, string? Found, string Expected);

/// <summary>A file that was read: its pages, or its faults.</summary>
public sealed record QuirkFileRead(ImmutableArray<QuirkPage> Pages, ImmutableArray<QuirkFault> Faults);
