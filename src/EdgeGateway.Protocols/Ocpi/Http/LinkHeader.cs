namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>The Link header (RFC 8288), of which OCPI uses <c>rel="next"</c> only.</summary>
public static class LinkHeader
{
    public static string Next(string url) => $"<{url}>; rel=\"next\"";

    /// <summary>
    /// The target of the first link whose relation is <c>next</c>, as it stands there (it may be relative). Null when there is none.
    /// Tolerates several links in one value, relations without quotes or in lists, and other parameters.
    /// </summary>
    public static string? FindNext(string? value)
    {
        var rest = value.AsSpan();
        while (true)
        {
            var open = rest.IndexOf('<');
            if (open < 0)
                return null;
            rest = rest[(open + 1)..];
            var close = rest.IndexOf('>');
            if (close < 0)
                return null;
            var url = rest[..close].Trim();
            rest = rest[(close + 1)..];
            // The parameters end where the next link begins; quoted texts of other parameters may hold anything but that.
            var following = rest.IndexOf('<');
            var parameters = following < 0 ? rest : rest[..following];
            if (url.Length > 0 && IsNext(parameters))
                return url.ToString();
        }
    }

    private static bool IsNext(ReadOnlySpan<char> parameters)
    {
        foreach (var range in parameters.Split(';'))
        {
            var parameter = parameters[range].Trim().TrimEnd(',').Trim();
            var equals = parameter.IndexOf('=');
            if (equals < 0 || !parameter[..equals].Trim().Equals("rel", StringComparison.OrdinalIgnoreCase))
                continue;
            var relations = parameter[(equals + 1)..].Trim().Trim('"');
            foreach (var relation in relations.Split(' '))
            {
                if (relations[relation].Equals("next", StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }
}
