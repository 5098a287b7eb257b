namespace EdgeGateway.Chargers;

/// <summary>Who a charger says it is: the last segment of the URL it connects to (FIELD-NOTES 27).</summary>
public static class StationName
{
    /// <summary>OCPP's limit for an identity.</summary>
    public const int MaxChars = 36;

    /// <param name="target">The request target as it was on the wire: a query, a trailing slash and the id said twice are passed over.</param>
    /// <returns>False when there is none, or one that is too long or not printable ASCII: it goes into logs and file names of nobody.</returns>
    public static bool TryRead(string target, out string id)
    {
        var path = target.AsSpan();
        if (path.IndexOfAny('?', '#') is var end and >= 0)
            path = path[..end];
        if (path.IndexOf($"{ChargersServices.Path}/", StringComparison.OrdinalIgnoreCase) is var start and >= 0)
            path = path[(start + ChargersServices.Path.Length)..];
        path = path.TrimEnd('/');
        id = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..].ToString()).Trim();
        return id.Length is > 0 and <= MaxChars && IsPrintable(id);
    }

    /// <summary>What of a target is another way of writing the id of this station.</summary>
    public static IEnumerable<(string Code, string Text)> Tolerated(string target, string station)
    {
        var end = target.IndexOfAny(['?', '#']);
        var path = end >= 0 ? target[..end] : target;
        if (path.IndexOf($"{ChargersServices.Path}/", StringComparison.OrdinalIgnoreCase) is var start and >= 0)
            path = path[(start + ChargersServices.Path.Length + 1)..];
        var last = path.TrimEnd('/');
        last = last[(last.LastIndexOf('/') + 1)..];
        var id = Uri.UnescapeDataString(last).Trim();
        if (id != station)
            yield return (Tolerances.IdCase, $"{id} for {station}");
        if (last != id && last != Uri.EscapeDataString(id))
            yield return (Tolerances.IdEncoded, $"{Shown(last)} for {station}");
        if (path != last || end >= 0)
            yield return (Tolerances.IdPath, $"{Shown(path)} for {station}");
    }

    private static string Shown(string text) => new([.. text.Take(80).Select(static c => c is >= ' ' and <= '~' ? c : '?')]);

    private static bool IsPrintable(string id) => !id.AsSpan().ContainsAnyExceptInRange(' ', '~') && !id.AsSpan().ContainsAny('/', '\\');
}
