using System.Net;
using System.Net.Sockets;
using EdgeGateway.Hubs.Endpoints;
using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Hubs;

/// <summary>Which urls we call because a hub named them (K2, S9), and which schemes are good enough (T1).</summary>
public sealed class HubUrls(Func<HubsOptions> options)
{
    /// <summary>Null when it may be called, else why not: a hub must not make us call into our own network.</summary>
    public async Task<string?> RefusalAsync(HubLink link, string url, CancellationToken cancellationToken)
    {
        if (Insecure(url) is { } insecure)
            return insecure;
        List<string> known = [.. link.Record.Endpoints.Select(e => e.Url), .. link.Options.AllowedHosts];
        if (link.Options.VersionsUrl is { } versions)
            known.Add(versions);
        if (link.Record.VersionsUrl is { } told)
            known.Add(told);
        if (OcpiUrl.LeadsTo(url, known))
            return null;
        // A hub that registers with us, of which nothing is known yet: any public host, once.
        if (known.Count == 0 && link.Options.Initiator == HubInitiator.Hub && await IsPublicAsync(new Uri(url).DnsSafeHost, cancellationToken))
            return null;
        return "its host and port are neither the hub's nor one of AllowedHosts";
    }

    /// <summary>K2, S9: a hub must not send us into our own network.</summary>
    public async Task MustBeGoodAsync(OcpiRequest request, string responseUrl)
    {
        if (await RefusalAsync(request.Link, responseUrl, request.Aborted) is { } refusal)
            throw OcpiException.InvalidParameters($"response_url: {refusal}");
    }

    /// <summary>Null when a url in the hub's version details may be called: it is on the host that we were told of, on an allowed one, or on a public one.</summary>
    /// <param name="from">The versions url that led to it.</param>
    public async Task<string?> DetourAsync(HubLink link, string url, string from, CancellationToken cancellationToken)
    {
        if (Insecure(url) is { } insecure)
            return insecure;
        if (OcpiUrl.LeadsTo(url, [from, .. link.Options.AllowedHosts]) || await IsPublicAsync(new Uri(url).DnsSafeHost, cancellationToken))
            return null;
        return "its host and port are neither that of the versions url nor a public one nor one of AllowedHosts";
    }

    /// <summary>Null when the scheme is good enough for its host.</summary>
    public string? Insecure(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0)
            return "it is no absolute url";
        if (uri.Scheme == Uri.UriSchemeHttps)
            return null;
        if (uri.Scheme != Uri.UriSchemeHttp)
            return "it is neither https nor http";
        return options().AllowPlaintext || uri.IsLoopback ? null : "plain HTTP is accepted on loopback only";
    }

    private static async Task<bool> IsPublicAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
            return addresses.Length > 0 && addresses.All(IsPublic);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6UniqueLocal || address.IsIPv6Multicast)
            return false;
        if (address.AddressFamily != AddressFamily.InterNetwork)
            return !address.Equals(IPAddress.IPv6Any);
        var bytes = address.GetAddressBytes();
        return bytes[0] is not (0 or 10 or 127 or >= 224)
            && (bytes[0], bytes[1]) is not ((169, 254) or (192, 168))
            && !(bytes[0] == 172 && bytes[1] is >= 16 and < 32)
            && !(bytes[0] == 100 && bytes[1] is >= 64 and < 128);
    }
}
