using System.Text;

namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>Urls by the rules T10 and T13: endpoints as they were given, ids encoded once, never decoded twice.</summary>
public static class OcpiUrl
{
    /// <summary>
    /// The endpoint with segments behind its path, joined with exactly one slash, before the query it may carry. Each segment is
    /// percent-encoded. Throws for an empty segment and for <c>.</c> and <c>..</c>, which no encoding keeps from being resolved.
    /// </summary>
    public static string Join(string endpoint, params ReadOnlySpan<string> segments)
    {
        var query = endpoint.IndexOf('?');
        var url = new StringBuilder((query < 0 ? endpoint : endpoint[..query]).TrimEnd('/'));
        foreach (var segment in segments)
        {
            if (segment is "" or "." or "..")
                throw new ArgumentException($"\"{segment}\" cannot be an id in a url", nameof(segments));
            url.Append('/').Append(Uri.EscapeDataString(segment));
        }

        if (segments.Length == 0)
            return endpoint;
        return query < 0 ? url.ToString() : url.Append(endpoint.AsSpan(query)).ToString();
    }

    /// <summary>The url with parameters behind the query it may carry; those whose value is null are left out.</summary>
    public static string WithQuery(string url, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder(url);
        var separator = !url.Contains('?', StringComparison.Ordinal) ? '?' : url[^1] is '?' or '&' ? '\0' : '&';
        foreach (var (name, value) in parameters)
        {
            if (value is null)
                continue;
            if (separator != '\0')
                text.Append(separator);
            text.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return text.ToString();
    }

    /// <summary>
    /// The segments of a raw (still encoded) path, each decoded once; frameworks that decode the path first turn an id with <c>%2F</c>
    /// into two. Trailing slashes do not count.
    /// </summary>
    public static IReadOnlyList<string> Segments(string rawPath)
    {
        var query = rawPath.IndexOf('?');
        var path = (query < 0 ? rawPath : rawPath[..query]).Trim('/');
        return path.Length == 0 ? [] : Array.ConvertAll(path.Split('/'), Uri.UnescapeDataString);
    }

    /// <summary>Parameters of a url's query; the first of equal names counts. Names compare without case.</summary>
    public static IReadOnlyDictionary<string, string> Query(string url)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var start = url.IndexOf('?');
        if (start < 0)
            return parameters;
        var end = url.IndexOf('#', start);
        foreach (var part in (end < 0 ? url[(start + 1)..] : url[(start + 1)..end]).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            var name = Decode(equals < 0 ? part : part[..equals]);
            parameters.TryAdd(name, equals < 0 ? "" : Decode(part[(equals + 1)..]));
        }

        return parameters;

        // In a query a plus is a space (forms), and a time's "+00:00" arrives like that from peers who did not encode it: the reader of times copes.
        static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
    }

    /// <summary>Whether a text is an absolute http or https url.</summary>
    public static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out var target) && IsHttp(target);

    /// <summary>
    /// Whether a url leads to where one of these does (K2, T10): scheme, host and port of a url; of <c>host</c> the scheme's own port, of
    /// <c>host:port</c> that one. Names compare without case. On another port of the same machine something else may listen.
    /// </summary>
    public static bool LeadsTo(string url, IEnumerable<string> urlsOrHosts) =>
        Uri.TryCreate(url, UriKind.Absolute, out var target) && IsHttp(target) && target.UserInfo.Length == 0 && urlsOrHosts.Any(known => Leads(target, known));

    private static bool Leads(Uri target, string known)
    {
        if (Uri.TryCreate(known, UriKind.Absolute, out var uri) && IsHttp(uri))
            return target.Scheme == uri.Scheme && target.Port == uri.Port && CiString.Same(target.Host, uri.Host);
        return Uri.TryCreate($"{target.Scheme}://{known}", UriKind.Absolute, out var named) && target.Port == named.Port && CiString.Same(target.Host, named.Host);
    }

    internal static bool IsHttp(Uri url) => url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps;
}
