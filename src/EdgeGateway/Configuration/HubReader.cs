using System.Collections.Immutable;
using EdgeGateway.Hubs;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Configuration;

/// <summary>The hubs, and under which terms each of them works with the site.</summary>
internal static class HubReader
{
    /// <summary>OCPI credentials tokens are CiString(64).</summary>
    public const int TokenLimit = 64;

    private static readonly string[] Known = ["2.3.0", "2.2.1", "2.1.1"];

    public static (HubsOptions Options, ImmutableArray<HubTerms> Terms) Read(Section gateway, Section ocpi, Listeners listeners, IReadOnlySet<string> tariffs)
    {
        var allowPlaintext = ocpi.Flag("AllowPlaintext", false);
        var publicUrl = Url(ocpi, "PublicUrl", allowPlaintext, required: false);
        var hubs = ImmutableArray.CreateBuilder<HubOptions>();
        var terms = ImmutableArray.CreateBuilder<HubTerms>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var section in gateway.Children("Hubs"))
        {
            var name = section.Text("Name", 64, Forms.HubName, required: true);
            if (name is not null && !names.Add(name))
                section.Findings.Fault(section.At("Name"), name, "a name that no other hub has");
            var initiator = section.Choice("Initiator", HubInitiator.Us);
            var party = Party(section);
            var shown = Tariffs(section.Child("Tariffs"), tariffs);
            terms.Add(new(name ?? "")
            {
                Tariffs = shown,
                SessionUpdateInterval = section.Integer("SessionUpdateSeconds", 1, 86_400) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            });
            hubs.Add(new()
            {
                Name = name ?? "",
                VersionsUrl = Url(section, "VersionsUrl", allowPlaintext, required: initiator == HubInitiator.Us),
                RegistrationToken = section.Text("RegistrationToken", TokenLimit, Forms.CiString, secret: true),
                Versions = Versions(section),
                TokenEncoding = section.Choice("TokenEncoding", HubTokenEncoding.Auto),
                CountryCode = party?.CountryCode,
                PartyId = party?.PartyId,
                Initiator = initiator,
                AllowedHosts = [.. section.Texts("AllowedHosts", "the name of a host").Select(h => h.Text)],
                Routing = section.Choice("Routing", HubRouting.Open),
                Tariffs = shown,
            });
        }
        if (hubs.Count > 0 && publicUrl is null && !ocpi.Has("PublicUrl") && !listeners.Ocpi.IsLoopback)
            ocpi.Findings.Fault(ocpi.At("PublicUrl"), null, "the base that the hubs see, for example https://gw.example.com/ocpi");
        return (new() { PublicUrl = publicUrl?.TrimEnd('/') ?? "", AllowPlaintext = allowPlaintext, Hubs = hubs.ToImmutable() }, terms.ToImmutable());
    }

    /// <summary>https, or plain http on loopback, or anywhere where the installer has said so (PRODUCT §2).</summary>
    private static string? Url(Section section, string key, bool allowPlaintext, bool required)
    {
        const string Expected = "an https:// url (http:// on loopback, or with Gateway:Ocpi:AllowPlaintext true)";
        if (section.Text(key, 255, required: required) is not { } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Fragment.Length > 0
            || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && (url.IsLoopback || allowPlaintext))))
        {
            section.Findings.Fault(section.At(key), text, Expected);
            return null;
        }
        return text;
    }

    private static ImmutableArray<string> Versions(Section section)
    {
        var expected = $"one of {string.Join(", ", Known)}";
        var versions = section.Texts("Versions", expected);
        foreach (var (version, path) in versions)
        {
            if (!Known.Contains(version, StringComparer.Ordinal))
                section.Findings.Fault(path, version, expected);
        }
        return versions.Count == 0 ? [.. Known] : [.. versions.Select(v => v.Text).Distinct(StringComparer.Ordinal)];
    }

    private static Party? Party(Section section)
    {
        var hasOne = section.Has("CountryCode") || section.Has("PartyId");
        return SiteReader.Party(section, required: hasOne);
    }

    private static ImmutableDictionary<string, string> Tariffs(Section section, IReadOnlySet<string> tariffs)
    {
        var map = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (ours, theirs) in section.Members())
        {
            if (!tariffs.Contains(ours))
                section.Findings.Fault(section.At(ours), ours, "the id of a tariff in Gateway:Tariffs as the key");
            if (theirs is null || !tariffs.Contains(theirs))
                section.Findings.Fault(section.At(ours), theirs, "the id of the tariff in Gateway:Tariffs that this hub is shown");
            else
                // In the spelling of the tariff itself.
                map[ours] = tariffs.First(t => t.Equals(theirs, StringComparison.OrdinalIgnoreCase));
        }
        return map.Count == 0 ? ImmutableDictionary<string, string>.Empty : map.ToImmutable();
    }
}
