using System.Collections.Immutable;
using EdgeGateway.Certificates;

namespace EdgeGateway.Configuration;

/// <summary>The three listeners and who may reach them how (PRODUCT §2).</summary>
internal static class ListenerReader
{
    public static Listeners Read(Section ocpp, Section ocpi, Section admin, string folder)
    {
        var usual = new Listeners();
        var listen = ImmutableArray.CreateBuilder<ListenUrl>();
        foreach (var (text, path) in ocpp.Texts("Listen", ListenUrl.Expected))
        {
            if (ListenUrl.Parse(text) is { } url)
                listen.Add(url);
            else
                ocpp.Findings.Fault(path, text, ListenUrl.Expected);
        }
        var forHubs = Listen(ocpi, usual.Ocpi);
        var forTechnicians = Listen(admin, usual.Admin);
        return new()
        {
            Ocpp = listen.Count > 0 ? listen.ToImmutable() : usual.Ocpp,
            OcppCertificate = Certificate(ocpp, folder, needed: false),
            Ocpi = forHubs,
            OcpiCertificate = Certificate(ocpi, folder, needed: forHubs.Tls),
            Admin = forTechnicians,
            AdminCertificate = Certificate(admin, folder, needed: forTechnicians.Tls),
        };
    }

    /// <summary>Plain HTTP stays on this machine unless the installer says otherwise; the technician's listener needs a password off it.</summary>
    public static AdminSettings Guard(Section ocpi, Section admin, Listeners listeners, bool allowPlaintext)
    {
        const string Instead = "https://, or an address of loopback, or Gateway:Ocpi:AllowPlaintext true";
        var password = admin.Text("Password", 128, secret: true);
        if (!listeners.Ocpi.Tls && !listeners.Ocpi.IsLoopback && !allowPlaintext)
            ocpi.Findings.Fault(ocpi.At("Listen"), listeners.Ocpi.ToString(), Instead);
        if (!listeners.Admin.Tls && !listeners.Admin.IsLoopback && !allowPlaintext)
            admin.Findings.Fault(admin.At("Listen"), listeners.Admin.ToString(), Instead);
        if (!listeners.Admin.IsLoopback && password is null && !admin.Has("Password"))
            admin.Findings.SecretFault(admin.At("Password"), null, "a password, because Gateway:Admin:Listen can be reached from other machines");
        return new() { Password = password };
    }

    private static ListenUrl Listen(Section section, ListenUrl usual)
    {
        if (section.Text("Listen", 255) is not { } text)
            return usual;
        if (ListenUrl.Parse(text) is { } url)
            return url;
        section.Findings.Fault(section.At("Listen"), text, ListenUrl.Expected);
        return usual;
    }

    /// <param name="storage">The database file; the authority lies beside it, since the service may write nowhere else (S12).</param>
    public static CertificatesOptions Certificates(Section section, string folder, string storage, string organization)
    {
        var usual = new CertificatesOptions();
        var roots = ImmutableArray.CreateBuilder<string>();
        foreach (var (text, path) in section.Texts("TrustedRoots", "a PEM file"))
        {
            var file = Path.GetFullPath(text, folder);
            roots.Add(file);
            if (!File.Exists(file))
                section.Findings.Fault(path, file, "a PEM file that exists");
        }
        return new()
        {
            Directory = section.Text("Directory", 4000) is { } directory
                ? Path.GetFullPath(directory, folder)
                : Path.Combine(Path.GetDirectoryName(storage)!, "certificates"),
            TrustedRoots = roots.ToImmutable(),
            Organization = organization,
            StationDays = section.Integer("StationDays", 1, 3650) ?? usual.StationDays,
            ServerDays = section.Integer("ServerDays", 1, 3650) ?? usual.ServerDays,
        };
    }

    /// <summary>PEM; what is in it and how long it lasts is looked at where it is used, and by <c>check</c>.</summary>
    private static CertificateFiles? Certificate(Section section, string folder, bool needed)
    {
        var certificate = section.Text("CertificateFile", 4000, required: needed);
        var key = section.Text("CertificateKeyFile", 4000);
        if (certificate is null)
            return null;
        var files = new CertificateFiles(Path.GetFullPath(certificate, folder), key is null ? null : Path.GetFullPath(key, folder));
        if (!File.Exists(files.Certificate))
            section.Findings.Fault(section.At("CertificateFile"), files.Certificate, "a PEM file that exists");
        if (files.Key is not null && !File.Exists(files.Key))
            section.Findings.Fault(section.At("CertificateKeyFile"), files.Key, "a PEM file that exists");
        return files;
    }
}
