using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using EdgeGateway.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace EdgeGateway.Hosting;

/// <summary>Opens the three listeners in one Kestrel, and knows afterwards where they are.</summary>
internal sealed class Doors(Listeners listeners, TimeProvider clock)
{
    /// <summary>From the first byte to a whole request head; an OCPP upgrade has no more (S5).</summary>
    public static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    /// <summary>Open sockets of a listener, and of one address there. A proxy in front brings all chargers from one address: it has room for
    /// a thousand. The hub and the technician are few, and a flood of one listener leaves the others alone.</summary>
    public const int OcppConnections = 3000;
    public const int OcppConnectionsOfOneAddress = 1200;
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
    private readonly Turnstile[] _turnstiles =
        [new(OcppConnections, OcppConnectionsOfOneAddress), new(OcpiConnections, OcpiConnections), new(AdminConnections, AdminConnections)];

    public void Open(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // Counted at our own turnstiles, by listener and address.
        kestrel.Limits.MaxConcurrentConnections = null;
        // Lines are counted by their own limit, where the answer can say so.
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
    public long TurnedAway(Listener listener) => _turnstiles[(int)listener].TurnedAway;

    private void Open(KestrelServerOptions kestrel, Listener listener, ListenUrl url, CertificateFiles? files) =>
        kestrel.Listen(new IPEndPoint(url.Address, url.Port), options =>
        {
            // WebSockets and OCPI need no more than 1.1, and one protocol is one set of limits.
            options.Protocols = HttpProtocols.Http1;
            options.Use(next => connection => EnterAsync(listener, connection, next));
            if (url.Tls)
                Secure(options, new(files ?? throw new CryptographicException($"{url} has no certificate."), clock));
            _open.Add((listener, url.Tls, options));
        });

    private async Task EnterAsync(Listener listener, ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref _accepted[(int)listener]);
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        var turnstile = _turnstiles[(int)listener];
        if (!turnstile.TryEnter(address))
        {
            connection.Abort(new ConnectionAbortedException("One connection too many."));
            return;
        }
        try
        {
            connection.Features.Set(new ListenerFeature(listener));
            await next(connection);
        }
        finally
        {
            turnstile.Leave(address);
        }
    }

    private static void Secure(ListenOptions options, Certificate certificate)
    {
        _ = certificate.Current; // an unreadable certificate is told at the start, not by the first charger
        options.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = HandshakeLimit,
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Current,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CipherSuitesPolicy = Ciphers,
            }),
        });
    }
}
