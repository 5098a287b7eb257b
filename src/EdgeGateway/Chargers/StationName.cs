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

    private static bool IsPrintable(string id) => !id.AsSpan().ContainsAnyExceptInRange(' ', '~') && !id.AsSpan().ContainsAny('/', '\\');
}
