namespace EdgeGateway.Chargers.Files;

/// <summary>How a file's address is written, and read again.</summary>
internal static class FileAddress
{
    public const string Path = "/files";

    /// <summary>Where a charger reaches the listener that its line came in on: the address it dialled itself, not the words it wrote (S6).</summary>
    public static Uri? Local(HttpContext context) => context.Connection.LocalIpAddress is { } address
        ? new UriBuilder(context.Request.Scheme, (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString(), context.Connection.LocalPort).Uri
        : null;

    /// <param name="name">Of a file to fetch: many chargers go by what it ends in. Null: of a place to bring to, which OCPP means to be a directory
    /// (1.6 6.25); some put the file's name after it, some do not.</param>
    public static Uri Of(Uri @base, string token, string? name) => new($"{@base.AbsoluteUri.TrimEnd('/')}{Path}/{token}/{name}");

    /// <summary>The token of an address; null where there is none. Whatever stands after it is the charger's, and nothing to us.</summary>
    public static string? TokenOf(string path)
    {
        if (!path.StartsWith($"{Path}/", StringComparison.Ordinal) || path.Length < Path.Length + 1 + StationJobs.TokenChars)
            return null;
        var token = path.Substring(Path.Length + 1, StationJobs.TokenChars);
        return token.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? token : null;
    }
}
