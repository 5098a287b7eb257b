namespace EdgeGateway.Cli;

/// <summary>How wide a table's columns are where all of it is wider than the terminal: texts break between words, and within one only where nothing else helps.</summary>
internal static class TableFit
{
    /// <summary>What stands between two columns, and at both ends.</summary>
    private const int Between = 2;

    /// <summary>What is left of a session's id: enough to know it again in a list; the verbs that tell of sessions have it whole in front.</summary>
    private const int ShortId = 8;

    /// <param name="rows">Ids of sessions that stand behind the first column are shortened in place where there is no room for them.</param>
    /// <returns>Null where everything fits as it is.</returns>
    public static int[]? Into(int width, IReadOnlyList<string> columns, IReadOnlyList<string[]> rows)
    {
        int[] Of(Func<string, int> measure) => [.. columns.Select((title, i) => Math.Max(measure(title), rows.Max(row => i < row.Length ? measure(row[i]) : 0)))];

        // Spectre's own three characters between two columns.
        if (Of(static text => text.Length).Sum() + (3 * columns.Count) <= width)
            return null;
        foreach (var row in rows)
        {
            for (var i = 1; i < row.Length; i++)
                row[i] = Guid.TryParseExact(row[i], "D", out _) ? row[i][..ShortId] : row[i];
        }
        var (widths, least) = (Of(static text => text.Length), Of(static text => text.Split(' ').Max(static word => word.Length)));
        var excess = widths.Sum() - (width - (Between * (columns.Count + 1)));
        for (; excess > 0; excess--)
        {
            var widest = Widest(widths, least);
            if (widths[widest] == 1)
                break;
            widths[widest]--;
        }
        return widths;
    }

    /// <summary>The widest that can still break between words, else the widest.</summary>
    private static int Widest(int[] widths, int[] least)
    {
        var places = Enumerable.Range(0, widths.Length);
        var breaking = places.Where(i => widths[i] > least[i]).ToList();
        return (breaking.Count > 0 ? breaking : places).MaxBy(i => widths[i]);
    }
}
