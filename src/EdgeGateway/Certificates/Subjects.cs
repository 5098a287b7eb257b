using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Certificates;

/// <summary>Names in certificates: what is put in, and whom one that is presented names.</summary>
public static class Subjects
{
    /// <summary>ub-common-name and ub-organization-name of X.509.</summary>
    public const int MaxChars = 64;

    /// <summary>Before a station's id in the subject alternative name: the CN may be its serial number, which is no identity to us (S2).</summary>
    public const string StationUri = "urn:ocpp:station:";

    private const string CommonNameOid = "2.5.4.3";
    private const string OrganizationOid = "2.5.4.10";

    public static X500DistinguishedName Of(string commonName, string organization)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(Cut(commonName));
        name.AddOrganizationName(Cut(organization));
        return name.Build();
    }

    public static string? CommonName(this X509Certificate2 certificate) => Find(certificate.SubjectName, CommonNameOid);

    public static string? CommonName(X500DistinguishedName name) => Find(name, CommonNameOid);

    public static string? Organization(this X509Certificate2 certificate) => Find(certificate.SubjectName, OrganizationOid);

    /// <summary>DNS names and addresses.</summary>
    public static IEnumerable<string> Names(this X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static s => s.EnumerateDnsNames().Concat(s.EnumerateIPAddresses().Select(static a => a.ToString())));

    /// <summary>The station that we issued it to; null where the certificate says none.</summary>
    public static string? Station(this X509Certificate2 certificate)
    {
        var extension = certificate.Extensions.FirstOrDefault(static e => e.Oid?.Value == "2.5.29.17");
        return extension is null ? null : StationIn(extension.RawData);
    }

    /// <summary>True if the certificate may speak for this station: by its CN, or by what it was issued for.</summary>
    public static bool IsOf(this X509Certificate2 certificate, string station) =>
        certificate.Station() is { } named ? Same(named, station) : certificate.CommonName() is { } common && Same(common, station);

    public static X509Extension ForServer(IReadOnlyList<string> names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }
        return alternatives.Build();
    }

    public static X509Extension ForStation(string station)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddUri(new Uri(StationUri + Uri.EscapeDataString(station)));
        return alternatives.Build();
    }

    private static string? StationIn(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var names = new System.Formats.Asn1.AsnReader(encoded, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var tag = names.PeekTag();
                // uniformResourceIdentifier [6] IA5String
                if (tag.TagClass != System.Formats.Asn1.TagClass.ContextSpecific || tag.TagValue != 6)
                {
                    names.ReadEncodedValue();
                    continue;
                }
                var uri = names.ReadCharacterString(System.Formats.Asn1.UniversalTagNumber.IA5String, tag);
                if (uri.StartsWith(StationUri, StringComparison.Ordinal))
                    return Uri.UnescapeDataString(uri[StationUri.Length..]);
            }
        }
        catch (System.Formats.Asn1.AsnContentException)
        {
            // It names nobody that we can read.
        }
        return null;
    }

    private static string? Find(X500DistinguishedName name, string oid)
    {
        try
        {
            return name.EnumerateRelativeDistinguishedNames().FirstOrDefault(r => !r.HasMultipleElements && r.GetSingleElementType().Value == oid)?.GetSingleElementValue();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string Cut(string text) => text.Length <= MaxChars ? text : text[..MaxChars];
}
