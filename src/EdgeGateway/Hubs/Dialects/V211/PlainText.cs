using System.Text;

namespace EdgeGateway.Hubs.Dialects.V211;

/// <summary>Texts for people as 2.1.1 takes them: printable ASCII (checklist 1.2), and short enough. Never used for ids.</summary>
internal static class PlainText
{
    /// <summary>Letters of Latin scripts and the marks beside them; the base letter is what a reader can still make sense of.</summary>
    private static readonly Dictionary<char, string> Folded = Table(
        ("A", "ÀÁÂÃÅĀĂĄ"), ("a", "àáâãåāăą"), ("Ae", "ÆÄ"), ("ae", "æä"), ("C", "ÇĆĈĊČ"), ("c", "çćĉċč"), ("D", "ÐĎĐ"), ("d", "ðďđ"),
        ("E", "ÈÉÊËĒĔĖĘĚ"), ("e", "èéêëēĕėęě"), ("G", "ĜĞĠĢ"), ("g", "ĝğġģ"), ("H", "ĤĦ"), ("h", "ĥħ"), ("I", "ÌÍÎÏĨĪĬĮİ"), ("i", "ìíîïĩīĭįı"),
        ("J", "Ĵ"), ("j", "ĵ"), ("K", "Ķ"), ("k", "ķ"), ("L", "ĹĻĽĿŁ"), ("l", "ĺļľŀł"), ("N", "ÑŃŅŇ"), ("n", "ñńņň"), ("O", "ÒÓÔÕØŌŎŐ"), ("o", "òóôõøōŏő"),
        ("Oe", "ÖŒ"), ("oe", "öœ"), ("R", "ŔŖŘ"), ("r", "ŕŗř"), ("S", "ŚŜŞŠȘ"), ("s", "śŝşšș"), ("ss", "ß"), ("T", "ŢŤŦȚ"), ("t", "ţťŧț"), ("Th", "Þ"), ("th", "þ"),
        ("U", "ÙÚÛŨŪŬŮŰŲ"), ("u", "ùúûũūŭůűų"), ("Ue", "Ü"), ("ue", "ü"), ("W", "Ŵ"), ("w", "ŵ"), ("Y", "ÝŶŸ"), ("y", "ýÿŷ"), ("Z", "ŹŻŽ"), ("z", "źżž"),
        ("-", "‐‑‒–—"), ("'", "‘’"), ("\"", "“”„«»"), ("...", "…"), ("EUR", "€"), (" ", "\r\n\t\u00a0"));

    /// <summary>Null when nothing is left to say.</summary>
    public static string? Of(string? text, int most)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsBmp && Folded.TryGetValue((char)rune.Value, out var folded))
                plain.Append(folded);
            else
                plain.Append(rune.Value is >= ' ' and <= '~' ? (char)rune.Value : '?');
        }
        if (plain.Length > most)
            plain.Length = most;
        return plain.ToString().Trim() is { Length: > 0 } said ? said : null;
    }

    /// <summary>For a member that must be there.</summary>
    public static string Needed(string? text, int most, string what) =>
        Of(text, most) ?? throw new UnshowableException($"{what} is missing, which OCPI 2.1.1 cannot do without");

    private static Dictionary<char, string> Table(params ReadOnlySpan<(string Plain, string Letters)> rows)
    {
        var table = new Dictionary<char, string>();
        foreach (var (plain, letters) in rows)
        {
            foreach (var letter in letters)
                table[letter] = plain;
        }
        return table;
    }
}
