namespace EdgeGateway.Chargers.Dialects;

/// <summary>Id tags as chargers write them (FIELD-NOTES 19).</summary>
public static class IdTags
{
    /// <summary>The tag as it is known, by what holds for the charger's model.</summary>
    public static string Of(ChargerLine line, string? told)
    {
        var tag = Normalised(told, line.Quirks.IdTagSuffix);
        if (told is not null && tag.Length != told.Length)
            line.Tolerated(Tolerances.IdTagForm, "blanks, control characters or a suffix on an id tag");
        return tag;
    }

    /// <summary>
    /// Takes blanks and control characters off both ends, and the station's suffix. The case stays as it was sent, since the site compares
    /// without it; the original stays in the frame log.
    /// </summary>
    /// <param name="suffix">Cut if the tag ends with it; <c>_*</c> cuts from the first <c>_</c> on.</param>
    public static string Normalised(string? idTag, string? suffix)
    {
        var tag = idTag.AsSpan().Trim();
        while (tag.Length > 0 && (char.IsControl(tag[^1]) || char.IsWhiteSpace(tag[^1])))
            tag = tag[..^1];
        while (tag.Length > 0 && (char.IsControl(tag[0]) || char.IsWhiteSpace(tag[0])))
            tag = tag[1..];
        if (suffix is { Length: > 0 })
        {
            var cut = suffix.EndsWith('*') ? tag.IndexOf(suffix.AsSpan(0, suffix.Length - 1), StringComparison.OrdinalIgnoreCase)
                : tag.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) ? tag.Length - suffix.Length
                : -1;
            if (cut > 0)
                tag = tag[..cut];
        }
        return tag.Length == idTag?.Length ? idTag : tag.ToString();
    }
}
