using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.Configuration;

/// <summary>Where to listen: <c>http(s)://ADDRESS:PORT</c>. Addresses only (or <c>localhost</c>, <c>*</c>): a name could resolve to what nobody meant.</summary>
public sealed record ListenUrl(bool Tls, IPAddress Address, int Port)
{
    public const string Expected = "http://ADDRESS:PORT or https://ADDRESS:PORT with an IP address, localhost or *";

    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>How this machine itself reaches the listener.</summary>
    public Uri Local => new UriBuilder(
        Tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp,
        Address.Equals(IPAddress.Any) ? "127.0.0.1" : Address.Equals(IPAddress.IPv6Any) ? "[::1]" : Text(Address),
        Port).Uri;

    public static ListenUrl Http(IPAddress address, int port) => new(false, address, port);

    public static ListenUrl? Parse(string? text)
    {
        // "*" and "+" are no host names to Uri, yet common in such settings.
        var usual = text?.Trim().Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(usual, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            return null;
        if (url.PathAndQuery != "/" || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            return null;
        var address = url.IdnHost == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(url.IdnHost, out var ip) ? ip : null;
        return address is null ? null : new(url.Scheme == Uri.UriSchemeHttps, address, url.Port);
    }

    public override string ToString() => $"{(Tls ? "https" : "http")}://{Text(Address)}:{Port}";

    private static string Text(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
