using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGateway.Hosting;

/// <summary>Opens the three listeners in one Kestrel, and knows afterwards where they are.</summary>
/// <param name="site">The authority whose certificate the chargers' listener uses where the configuration names none, and whose clients it knows.</param>
internal sealed class Doors(Listeners listeners, SiteCertificates site, TimeProvider clock) : IDisposable
{
    /// <summary>From the connection to a line that was let in (S5); for the others, from the first byte to a whole request head.</summary>
    public static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    /// <summary>Connections of chargers that have not proved who they are, at the same time (S3). Those that have are counted by
    /// their own limit, where the answer can say so.</summary>
    public const int OcppWaiting = 1000;

    /// <summary>The hub and the technician are few, and a flood of one listener leaves the others alone.</summary>
    public const int OcpiConnections = 500;
    public const int AdminConnections = 200;

    public const int HeaderBytes = 16 * 1024;

    // TLS 1.2 with AEAD and forward secrecy only; all of 1.3 is (S7).
    private static readonly CipherSuitesPolicy? Ciphers = OperatingSystem.IsLinux()
        ? new([
            TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ])
        : null;

    private readonly List<(Listener Listener, bool Tls, ListenOptions Options)> _open = [];
    private readonly long[] _accepted = new long[Enum.GetValues<Listener>().Length];
    private readonly WaitingRoom _waiting = new(OcppWaiting, HandshakeLimit, clock);
    private readonly Turnstile _hubs = new(OcpiConnections, OcpiConnections);
    private readonly Turnstile _technicians = new(AdminConnections, AdminConnections);

    /// <summary>Told of handshakes of chargers that failed: the address, and why.</summary>
    public Action<IPAddress, string> HandshakeFailed { get; set; } = static (_, _) => { };

    public void Open(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // Counted at our own turnstiles, by listener and address.
        kestrel.Limits.MaxConcurrentConnections = null;
        // Lines are counted by the chargers' side.
        kestrel.Limits.MaxConcurrentUpgradedConnections = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.RequestHeadersTimeout = HandshakeLimit;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        foreach (var url in listeners.Ocpp)
            Open(kestrel, Listener.Ocpp, url, listeners.OcppCertificate);
        Open(kestrel, Listener.Ocpi, listeners.Ocpi, listeners.OcpiCertificate);
        Open(kestrel, Listener.Admin, listeners.Admin, listeners.AdminCertificate);
    }

    /// <summary>Where a listener is really bound, as this machine reaches it; differs from the file where that says port 0.</summary>
    public IReadOnlyList<Uri> Bound(Listener listener) =>
        [.. _open.Where(o => o.Listener == listener).Select(o => new ListenUrl(o.Tls, o.Options.IPEndPoint!.Address, o.Options.IPEndPoint.Port).Local)];

    /// <summary>Connections since the start: proof that the accept loops run.</summary>
    public long Accepted(Listener listener) => Interlocked.Read(ref _accepted[(int)listener]);

    /// <summary>Connections that were one too many, since the start.</summary>
    public long TurnedAway(Listener listener) => listener switch
    {
        Listener.Ocpp => _waiting.TurnedAway,
        Listener.Ocpi => _hubs.TurnedAway,
        _ => _technicians.TurnedAway,
    };

    public void Dispose() => _waiting.Dispose();

    private void Open(KestrelServerOptions kestrel, Listener listener, ListenUrl url, CertificateFiles? files) =>
        kestrel.Listen(new IPEndPoint(url.Address, url.Port), options =>
        {
            // WebSockets and OCPI need no more than 1.1, and one protocol is one set of limits.
            options.Protocols = HttpProtocols.Http1;
            var certificate = url.Tls ? CertificateOf(listener, url, files) : null;
            // A charger that is told to go from profile 1 to 2 keeps its port and dials wss:// there (security whitepaper, A05).
            var whenAsked = !url.Tls && listener == Listener.Ocpp && (files ?? site.ServerFiles) is { } own ? new Certificate(own, clock) : null;
            options.Use(next => connection => EnterAsync(listener, connection, certificate, whenAsked, next));
            _open.Add((listener, url.Tls, options));
        });

    private Certificate CertificateOf(Listener listener, ListenUrl url, CertificateFiles? files)
    {
        if (files is null && listener == Listener.Ocpp)
            files = site.ServerFiles ?? throw new CryptographicException(
                $"{url} has none. Name one in Gateway:Ocpp:CertificateFile, or make the site's own: edge-gateway cert init");
        var certificate = new Certificate(files ?? throw new CryptographicException($"{url} has none."), clock);
        _ = certificate.Current; // an unreadable certificate is told at the start, not by the first charger
        return certificate;
    }

    private Task EnterAsync(Listener listener, ConnectionContext connection, Certificate? certificate, Certificate? whenAsked, ConnectionDelegate next)
    {
        Interlocked.Increment(ref _accepted[(int)listener]);
        connection.Features.Set(new ListenerFeature(listener));
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        return listener == Listener.Ocpp
            ? WaitAsync(address, connection, certificate, whenAsked, next)
            : PassAsync(listener == Listener.Ocpi ? _hubs : _technicians, address, connection, certificate, next);
    }

    private async Task PassAsync(Turnstile turnstile, IPAddress address, ConnectionContext connection, Certificate? certificate, ConnectionDelegate next)
    {
        if (!turnstile.TryEnter(address))
        {
            connection.Abort(new ConnectionAbortedException("One connection too many."));
            return;
        }
        try
        {
            if (certificate is null)
                await next(connection);
            else
                await TlsLine.ServeAsync(connection, Settings(certificate), HandshakeLimit, clock, () => next(connection));
        }
        finally
        {
            turnstile.Leave(address);
        }
    }

    /// <summary>A charger's connection: it waits, within limits, until the chargers' side says that it was let in.</summary>
    private async Task WaitAsync(IPAddress address, ConnectionContext connection, Certificate? certificate, Certificate? whenAsked, ConnectionDelegate next)
    {
        var guest = _waiting.Enter(address, why => connection.Abort(new ConnectionAbortedException(why)));
        try
        {
            var transport = new LineTransport { Admitted = () => _waiting.Leave(guest) };
            if (whenAsked is not null && await TlsLine.BeginsAsync(connection))
                certificate = whenAsked;
            if (certificate is null)
            {
                connection.Features.Set(transport);
                await next(connection);
                return;
            }
            ClientCertificate? presented = null;
            var settings = Settings(certificate);
            // Asked for, and not insisted on: stations of profile 2 have none. Whether one is needed is the door's to say.
            settings.ClientCertificateRequired = true;
            settings.CertificateChainPolicy = site.ChainPolicy();
            settings.RemoteCertificateValidationCallback = (_, shown, chain, _) => site.Judge(shown as X509Certificate2, chain, out presented);
            var why = await TlsLine.ServeAsync(connection, settings, HandshakeLimit, clock, () =>
            {
                connection.Features.Set(transport with { IsEncrypted = true, Certificate = presented });
                return next(connection);
            });
            if (why is { Length: > 0 })
                HandshakeFailed(address, presented is { Because: { } because } ? $"{because} ({presented.Name})" : why);
        }
        finally
        {
            _waiting.Leave(guest);
        }
    }

    private static SslServerAuthenticationOptions Settings(Certificate certificate) => new()
    {
        ServerCertificateContext = certificate.Current,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CipherSuitesPolicy = Ciphers,
    };
}
