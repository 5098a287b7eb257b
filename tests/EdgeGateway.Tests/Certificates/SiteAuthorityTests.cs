using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Certificates;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Certificates;

public sealed class SiteAuthorityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-gateway-").FullName;
    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);
    private readonly TestAuthority _site;

    public SiteAuthorityTests() => _site = new(_folder, _clock);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_certificate_holds_what_the_standard_asks_of_it()
    {
        // OCPP 2.0.1 A00.FR.501 to 512
        using var station = _site.Station("CP-1");
        Assert.Equal("CN=CP-1, O=Example Charging", station.Subject);
        Assert.Equal("CP-1", station.Station());
        Assert.Equal(256, station.GetECDsaPublicKey()!.KeySize);
        Assert.InRange(station.SerialNumber.Length, 30, 40);
        Assert.Equal(["1.3.6.1.5.5.7.3.2"], Uses(station));
        Assert.False(Assert.Single(station.Extensions.OfType<X509BasicConstraintsExtension>()).CertificateAuthority);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, Assert.Single(station.Extensions.OfType<X509KeyUsageExtension>()).KeyUsages);
        var authority = Assert.Single(_site.Authority.Root.Extensions.OfType<X509SubjectKeyIdentifierExtension>()).SubjectKeyIdentifierBytes;
        Assert.Equal(authority, Assert.Single(station.Extensions.OfType<X509AuthorityKeyIdentifierExtension>()).KeyIdentifier!.Value);
        Assert.Single(station.Extensions.OfType<X509SubjectKeyIdentifierExtension>());

        using var server = X509Certificate2.CreateFromPem(File.ReadAllText(_site.Folder.Server));
        Assert.Equal(["gateway.local", "127.0.0.1"], server.Names());
        Assert.Equal(["1.3.6.1.5.5.7.3.1"], Uses(server));
        Assert.Equal("CN=gateway.local, O=Example Charging", server.Subject);

        var root = Assert.Single(_site.Authority.Root.Extensions.OfType<X509BasicConstraintsExtension>());
        Assert.True(root is { CertificateAuthority: true, HasPathLengthConstraint: true, PathLengthConstraint: 0, Critical: true });
        Assert.Equal(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, Assert.Single(_site.Authority.Root.Extensions.OfType<X509KeyUsageExtension>()).KeyUsages);
    }

    [Fact]
    public void Serial_numbers_do_not_repeat_and_cannot_be_foreseen()
    {
        var serials = Enumerable.Range(0, 50).Select(_ => _site.Station("CP-1").SerialNumber).ToList();
        Assert.Equal(50, serials.Distinct().Count());
        Assert.True(serials.Select(s => s[..4]).Distinct().Count() > 40);
    }

    [Fact]
    public void Nothing_lasts_longer_than_the_authority_itself()
    {
        using var station = _site.Station("CP-1", days: 30_000);
        Assert.Equal(_site.Authority.Root.NotAfter, station.NotAfter);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Keys_are_readable_by_their_owner_alone()
    {
        foreach (var file in new[] { _site.Folder.RootKey, _site.Folder.Server })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_site.Options.Directory));
        Assert.DoesNotContain("PRIVATE", File.ReadAllText(_site.Folder.Root), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_site.Options.Directory, "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public void An_authority_is_never_overwritten() =>
        Assert.Throws<InvalidOperationException>(() => SiteAuthority.Create(_site.Options, _clock));

    [Fact]
    public void A_renewed_authority_stands_for_what_the_former_one_issued()
    {
        using var station = _site.Station("CP-1");
        _clock.Advance(TimeSpan.FromDays(1));
        var renewed = _site.Authority.RenewRoot();
        Assert.True(renewed.Root.NotAfter > _site.Authority.Root.NotAfter);
        Assert.Equal(Trust.Trusted, new StationTrust(_site.Options, _clock).Judge(station).Trust);
    }

    [Fact]
    public void Only_what_is_in_force_and_ours_and_meant_for_clients_is_trusted()
    {
        var trust = new StationTrust(_site.Options, _clock);
        using var station = _site.Station("CP-1", days: 10);
        Assert.Equal(new(Trust.Trusted, null, true), trust.Judge(station));
        using var foreign = TestAuthority.Foreign("CP-1");
        Assert.Equal(Trust.Foreign, trust.Judge(foreign).Trust);
        using var server = X509Certificate2.CreateFromPem(File.ReadAllText(_site.Folder.Server));
        Assert.Contains("not meant for a client", trust.Judge(server).Because, StringComparison.Ordinal);
        using var taken = _site.Station("CP-2");
        Assert.True(_site.Authority.Revoke(taken));
        Assert.Equal(new(Trust.Refused, "its certificate was revoked", true), trust.Judge(taken));
        _clock.Advance(TimeSpan.FromDays(11));
        Assert.Contains("and not now", trust.Judge(station).Because, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_whose_clock_starts_in_the_past_locks_no_charger_out()
    {
        using var station = _site.Station("CP-1");
        var withoutBattery = new ManualClock(new(1970, 1, 1, 0, 2, 0, TimeSpan.Zero));

        Assert.Equal(new(Trust.Trusted, null, true), new StationTrust(_site.Options, withoutBattery).Judge(station));
        using var issuedThen = SiteAuthority.Open(_site.Options, withoutBattery)!.IssueStation("CP-2").Certificate;
        Assert.Equal(Trust.Trusted, new StationTrust(_site.Options, _clock).Judge(issuedThen).Trust);
        Assert.True(_site.Authority.Revoke(station));
        Assert.Equal(Trust.Refused, new StationTrust(_site.Options, withoutBattery).Judge(station).Trust);
    }

    [Fact]
    public void A_vendors_authority_is_trusted_where_it_is_configured_and_issues_no_identity_of_ours()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Vendor CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(100));
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var wish = new CertificateRequest("CN=SN-4711", own, HashAlgorithmName.SHA256);
        wish.CertificateExtensions.Add(Subjects.ForStation("CP-1"));
        using var charger = wish.Create(root, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(10), [1, 2, 3]);
        Assert.Equal(Trust.Foreign, new StationTrust(_site.Options, _clock).Judge(charger).Trust);

        var file = Path.Combine(_folder, "vendor.pem");
        File.WriteAllText(file, root.ExportCertificatePem());
        Assert.Equal(new(Trust.Trusted, null, false), new StationTrust(_site.Options with { TrustedRoots = [file] }, _clock).Judge(charger));
    }

    [Theory]
    [InlineData("no PEM at all")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----")]
    public void What_is_no_signing_request_is_refused(string text) => Assert.NotNull(SigningRequest.Read(text).Refusal);

    [Fact]
    public void A_signing_request_is_held_to_its_signature_and_the_strength_of_its_key()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var good = new CertificateRequest("CN=CP-1, O=Vendor", ec, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        Assert.Equal(("CP-1", null), (SigningRequest.Read(good).Request?.CommonName, SigningRequest.Read(good).Refusal));
        Assert.NotNull(SigningRequest.Read(good.Replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", StringComparison.Ordinal)).Request);

        using var weak = RSA.Create(1024);
        Assert.Contains("1024 bits", SigningRequest.Read(new CertificateRequest("CN=CP-1", weak, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem()).Refusal, StringComparison.Ordinal);

        // The last byte belongs to the signature.
        var der = new CertificateRequest("CN=CP-1", ec, HashAlgorithmName.SHA256).CreateSigningRequest();
        der[^1] ^= 1;
        Assert.NotNull(SigningRequest.Read(new string(PemEncoding.Write("CERTIFICATE REQUEST", der))).Refusal);
    }

    [Fact]
    public void A_signed_request_gets_our_extensions_and_not_those_it_wishes_for()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var wish = new CertificateRequest("CN=SN-0815", key, HashAlgorithmName.SHA256);
        wish.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var signed = _site.Authority.Sign("CP-1", "SN-0815", SigningRequest.Read(wish.CreateSigningRequestPem()).Request!);
        Assert.False(Assert.Single(signed.Extensions.OfType<X509BasicConstraintsExtension>()).CertificateAuthority);
        Assert.Equal("CN=SN-0815, O=Example Charging", signed.Subject);
        Assert.True(signed.IsOf("cp-1"));
        Assert.False(signed.IsOf("SN-0815"));
        Assert.Equal(signed.SerialNumber, Assert.Single(_site.Folder.AllIssued()).SerialNumber);
    }

    [Fact]
    public void What_ended_long_ago_is_forgotten()
    {
        using var short_ = _site.Station("CP-1", days: 1);
        using var long_ = _site.Station("CP-1", days: 400);
        _site.Folder.Forget(_clock.GetUtcNow().AddDays(2));
        Assert.Equal(long_.SerialNumber, Assert.Single(_site.Folder.AllIssued()).SerialNumber);
    }

    [Theory]
    [InlineData(31, null)]
    [InlineData(30, 30)]
    [InlineData(8, 30)]
    [InlineData(7, 7)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    public void An_end_is_told_at_30_7_and_1_days(int daysLeft, int? passed)
    {
        // S7
        var now = _clock.GetUtcNow();
        Assert.Equal(passed, Expiry.Passed(now.AddDays(daysLeft), now));
    }

    private static IEnumerable<string?> Uses(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(e => e.EnhancedKeyUsages.Cast<Oid>().Select(o => o.Value));
}
