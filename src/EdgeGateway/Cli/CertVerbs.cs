using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGateway.Certificates;
using EdgeGateway.Configuration;

namespace EdgeGateway.Cli;

/// <summary>The site's own certificates, on its files: with and without a running gateway, which sees what changes within a minute.</summary>
internal static class CertVerbs
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    public static Command Create() => new("cert", "The site's certificate authority, its own certificate and those of the chargers")
    {
        Init(), Issue(), Renew(), List(), Show(), Revoke(), Root(),
    };

    private static Command Init()
    {
        var (names, days) = (Names(), Days($"How long the authority is good ({SiteAuthority.RootDays})"));
        return new Command("init", "Makes the authority and the OCPP listener's certificate") { names, days }.Runs((parsed, terminal, _) => Do(parsed, options =>
        {
            if (new CertificateFolder(options.Directory).HasRoot)
                return terminal.Fail($"{options.Directory} holds an authority already, which chargers may trust; renew --root makes it last longer.");
            var authority = SiteAuthority.Create(options, Clock, parsed.GetValue(days) ?? SiteAuthority.RootDays);
            using var server = authority.IssueServer(parsed.GetValue(names) is { Length: > 0 } named ? named : SiteAuthority.NamesOfThisMachine());
            GiveToTheService(options.Directory);
            terminal.Line($"The site's authority: {authority.Root.Subject}, valid until {Time(authority.Root)}");
            terminal.Line($"The OCPP listener's certificate: {string.Join(", ", server.Names())}, valid until {Time(server)}, renewed by itself");
            terminal.Line($"Both lie in {options.Directory}. Chargers are to trust the first: edge-gateway cert root");
            return 0;
        }));
    }

    private static Command Issue()
    {
        var station = new Argument<string?>("STATION") { Description = "The station's id", Arity = ArgumentArity.ZeroOrOne };
        var server = new Option<bool>("--server") { Description = "For the OCPP listener itself" };
        var to = new Option<string?>("--out") { Description = "Folder for the station's certificate and key; else here", HelpName = "DIR" };
        var (names, days) = (Names(), Days("How long the certificate is good (what Certificates in the configuration says)"));
        return new Command("issue", "Makes a certificate and key for a station, or a new one for the listener") { station, server, to, names, days }.Runs((parsed, terminal, _) =>
        {
            if (parsed.GetValue(station) is null != parsed.GetValue(server))
            {
                terminal.Fail("Either a STATION or --server is expected.");
                return Task.FromResult(Terminal.WrongUsage);
            }
            return Do(parsed, options =>
            {
                var (authority, wanted) = (Open(options), parsed.GetValue(days));
                if (parsed.GetValue(station) is not { } id)
                {
                    using var issued = authority.IssueServer(parsed.GetValue(names) is { Length: > 0 } named ? named : SiteAuthority.NamesOfThisMachine(), wanted);
                    GiveToTheService(options.Directory);
                    terminal.Line($"The OCPP listener's certificate: {string.Join(", ", issued.Names())}, valid until {Time(issued)}");
                    return 0;
                }
                var folder = new CertificateFolder(Path.GetFullPath(parsed.GetValue(to) ?? "."));
                // Before anything is issued: a certificate whose key nobody got would stay good.
                if (!Directory.Exists(folder.Path))
                    return terminal.Fail($"There is no folder {folder.Path}.");
                var (certificate, key) = authority.IssueStation(id, wanted);
                using (certificate)
                {
                    GiveToTheService(options.Directory);
                    var (file, keyFile) = (Path.Combine(folder.Path, $"{FileName(id)}.pem"), Path.Combine(folder.Path, $"{FileName(id)}.key"));
                    folder.WriteSecret(keyFile, key);
                    folder.WritePublic(file, certificate.ExportCertificatePem());
                    terminal.Line($"{file} and {keyFile}: for {id}, valid until {Time(certificate)}");
                    terminal.Line("The key is kept nowhere else; delete it here once the charger has it.");
                    return 0;
                }
            });
        });
    }

    private static Command Renew()
    {
        var root = new Option<bool>("--root") { Description = "The authority itself: the same key, for longer; what it issued stays good" };
        return new Command("renew", "Renews the OCPP listener's certificate with the names it has; the gateway does so by itself") { root }.Runs((parsed, terminal, _) => Do(parsed, options =>
        {
            var authority = Open(options);
            if (parsed.GetValue(root))
            {
                authority = authority.RenewRoot();
                GiveToTheService(options.Directory);
                terminal.Line($"The site's authority is valid until {Time(authority.Root)}; chargers need it anew before the former one ends: edge-gateway cert root");
                return 0;
            }
            var folder = new CertificateFolder(options.Directory);
            using var former = File.Exists(folder.Server) ? X509Certificate2.CreateFromPem(File.ReadAllText(folder.Server)) : null;
            using var renewed = authority.IssueServer(former?.Names().ToArray() is { Length: > 0 } names ? names : SiteAuthority.NamesOfThisMachine());
            GiveToTheService(options.Directory);
            terminal.Line($"The OCPP listener's certificate: {string.Join(", ", renewed.Names())}, valid until {Time(renewed)}");
            return 0;
        }));
    }

    private static Command List()
    {
        var json = Verb.Json();
        return new Command("list", "All certificates, and when each ends") { json }.Runs((parsed, terminal, _) => Do(parsed, options =>
        {
            var all = Views(options).ToList();
            if (parsed.GetValue(json))
                terminal.Raw(JsonSerializer.Serialize(all, CertJson.Default.IReadOnlyListCertView));
            else
                terminal.Table(["For", "Kind", "Until", "State", "Serial"], all.Select(c => (IReadOnlyList<string?>)[c.For, c.Kind, Terminal.Time(c.NotAfter), c.State, c.Serial]), "No certificate; cert init makes an authority.");
            return 0;
        }));
    }

    private static Command Show()
    {
        var (which, json) = (Which("ca, server, a station's id or a serial number"), Verb.Json());
        return new Command("show", "One certificate, with its names and fingerprint") { which, json }.Runs((parsed, terminal, _) => Do(parsed, options =>
        {
            var found = Views(options).Where(c => Matches(c, parsed.GetRequiredValue(which))).ToList();
            if (found.Count == 0)
                return terminal.Fail($"There is no certificate {parsed.GetRequiredValue(which)}.");
            if (parsed.GetValue(json))
                terminal.Raw(JsonSerializer.Serialize(found, CertJson.Default.IReadOnlyListCertView));
            foreach (var one in parsed.GetValue(json) ? [] : found)
            {
                terminal.Table(["What", "Value"],
                [
                    ["For", one.For], ["Kind", one.Kind], ["Subject", one.Subject], ["Names", string.Join(", ", one.Names)], ["From", Terminal.Time(one.NotBefore)],
                    ["Until", Terminal.Time(one.NotAfter)], ["State", one.State], ["Serial", one.Serial], ["SHA-256", one.Sha256],
                ], "");
            }
            return 0;
        }));
    }

    private static Command Revoke()
    {
        var which = Which("A station's id or a serial number");
        return new Command("revoke", "Takes a station's certificates back: they are refused from now on") { which }.Runs((parsed, terminal, _) => Do(parsed, options =>
        {
            var authority = Open(options);
            var revoked = 0;
            foreach (var certificate in new CertificateFolder(options.Directory).AllIssued())
            {
                using (certificate)
                {
                    if (Matches(View(certificate, "station", ""), parsed.GetRequiredValue(which)) && authority.Revoke(certificate))
                        revoked++;
                }
            }
            if (revoked == 0)
                return terminal.Fail($"No station's certificate is called {parsed.GetRequiredValue(which)}.");
            terminal.Line($"{Terminal.Count(revoked, "certificate")} revoked. A line that was opened with it is closed.");
            return 0;
        }));
    }

    private static Command Root() => new Command("root", "Prints the authority's certificate, for chargers to trust").Runs((parsed, terminal, _) => Do(parsed, options =>
    {
        terminal.Raw(Open(options).Root.ExportCertificatePem());
        return 0;
    }));

    private static Task<int> Do(ParseResult parsed, Func<CertificatesOptions, int> action)
    {
        var read = ConfigurationReader.Read(Sources.OfProcess(parsed.GetValue(Verb.Config)));
        if (read.Configuration is not { } configuration)
            return Task.FromResult(Terminal.OfProcess().Fail(read));
        try
        {
            return Task.FromResult(action(configuration.Certificates));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or InvalidOperationException)
        {
            throw new NotDoneException(fault.Message);
        }
    }

    private static SiteAuthority Open(CertificatesOptions options) =>
        SiteAuthority.Open(options, Clock) ?? throw new NotDoneException($"{options.Directory} holds no authority; edge-gateway cert init makes one.");

    private static IEnumerable<CertView> Views(CertificatesOptions options)
    {
        var folder = new CertificateFolder(options.Directory);
        if (folder.HasRoot)
            yield return View(X509Certificate2.CreateFromPem(File.ReadAllText(folder.Root)), "authority", "");
        if (File.Exists(folder.Server))
            yield return View(X509Certificate2.CreateFromPem(File.ReadAllText(folder.Server)), "listener", "");
        foreach (var certificate in folder.AllIssued())
            yield return View(certificate, "station", "");
        foreach (var certificate in folder.AllRevoked())
            yield return View(certificate, "station", "revoked");
    }

    private static CertView View(X509Certificate2 certificate, string kind, string state)
    {
        var (now, end) = (Clock.GetUtcNow(), certificate.Ends());
        return new()
        {
            For = kind switch { "authority" => "ca", "listener" => "server", _ => certificate.Station() ?? certificate.CommonName() ?? "" },
            Kind = kind,
            Subject = certificate.Subject,
            Names = [.. certificate.Names()],
            NotBefore = new(certificate.NotBefore.ToUniversalTime()),
            NotAfter = end,
            State = state.Length > 0 ? state : end <= now ? "ended" : Expiry.Passed(end, now) is not null ? "ends soon" : "good",
            Serial = certificate.SerialNumber.ToLowerInvariant(),
            Sha256 = certificate.GetCertHashString(HashAlgorithmName.SHA256),
        };
    }

    private static bool Matches(CertView view, string which) =>
        view.For.Equals(which, StringComparison.OrdinalIgnoreCase) || view.Serial.Equals(which, StringComparison.OrdinalIgnoreCase);

    /// <summary>What root makes, the service must be able to read: it gets the owner of the folder that it lies in.</summary>
    private static void GiveToTheService(string directory)
    {
        if (!Environment.IsPrivilegedProcess || Path.GetDirectoryName(directory) is not { } around)
            return;
        using var chown = Process.Start(new ProcessStartInfo("chown", ["-R", $"--reference={around}", directory]) { UseShellExecute = false });
        chown?.WaitForExit();
    }

    private static string FileName(string id) => string.Concat(id.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_')).TrimStart('.');

    private static string Time(X509Certificate2 certificate) => Terminal.Time(certificate.Ends());

    private static Argument<string> Which(string description) => new("WHICH") { Description = description };

    private static Option<string[]> Names() => new("--name")
    {
        Description = "A host name or address that chargers use to reach the gateway; more than one may be given. Else those of this machine", HelpName = "NAME",
    };

    private static Option<int?> Days(string description)
    {
        var days = new Option<int?>("--days") { Description = description, HelpName = "N" };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 36_500)
                result.AddError("--days is a whole number from 1 to 36500.");
        });
        return days;
    }
}

internal sealed record CertView
{
    /// <summary><c>ca</c>, <c>server</c>, or the station's id.</summary>
    public required string For { get; init; }
    public required string Kind { get; init; }
    public required string Subject { get; init; }
    public required IReadOnlyList<string> Names { get; init; }
    public required DateTimeOffset NotBefore { get; init; }
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary><c>good</c>, <c>ends soon</c>, <c>ended</c> or <c>revoked</c>.</summary>
    public required string State { get; init; }
    public required string Serial { get; init; }
    public required string Sha256 { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<CertView>))]
internal sealed partial class CertJson : JsonSerializerContext;
