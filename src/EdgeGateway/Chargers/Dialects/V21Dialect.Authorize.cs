using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using AuthorizationStatus = EdgeGateway.Protocols.Ocpp.V21.AuthorizationStatus;
using Known = EdgeGateway.Site.Model.AuthorizationStatus;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Who may charge, in 2.x (C).</summary>
public sealed partial class V21Dialect
{
    /// <summary>A charger's cache believes in a token so long: what is revoked meanwhile, with no line to say so, is let in no longer (C10).</summary>
    public static readonly TimeSpan CacheLife = TimeSpan.FromHours(24);

    /// <summary>Of a token whose hub lets us accept it only while we know it to be valid.</summary>
    public static readonly TimeSpan ShortCacheLife = TimeSpan.FromHours(1);

    private const int MaxMessageChars = 512;

    private async ValueTask<AuthorizeResponse> AuthorizeAsync(ChargerLine line, Call<AuthorizeRequest> call, CancellationToken cancel)
    {
        var asked = call.Request;
        var idTag = IdTags.Of(line, asked.IdToken.Token);
        var authorization = await NamedAsync(asked.IdToken, idTag, cancel) is { } uid
            ? await _authorizations.AdmitAsync(line.Station, uid, cancel)
            : Authorization.Refused(Known.Invalid, "no such code");
        var certificate = CertificateOf(asked, authorization);
        // A contract whose certificate is not believed lets nobody in, whoever's it says it is (C07).
        if (certificate is not (null or AuthorizeCertificateStatus.Accepted))
            authorization = Authorization.Refused(Known.Invalid, $"its certificate: {certificate}");
        return new() { IdTokenInfo = InfoOf(line, authorization), CertificateStatus = certificate };
    }

    /// <summary>
    /// What can be said of a contract certificate without roots of contracts: one that the charger could check itself (it sends hashes only) is
    /// as good as its contract, whose issuer keeps the token; one that it could not (it sends the certificate) cannot be checked here either.
    /// </summary>
    private AuthorizeCertificateStatus? CertificateOf(AuthorizeRequest asked, Authorization authorization)
    {
        if (asked.Certificate is { Length: > 0 } pem)
            return HasExpired(pem) ? AuthorizeCertificateStatus.CertificateExpired : AuthorizeCertificateStatus.CertChainError;
        if (asked.Iso15118CertificateHashData is not { Count: > 0 })
            return null;
        return authorization.Status == Known.Accepted ? AuthorizeCertificateStatus.Accepted : AuthorizeCertificateStatus.ContractCancelled;
    }

    /// <summary>The uid of the token that an idToken names by its type; null where it can be nobody's. Of the other types each is the uid itself.</summary>
    private async ValueTask<string?> NamedAsync(IdToken token, string idTag, CancellationToken cancel) =>
        Is(token, IdTokenKinds.EMAID) ? await _authorizations.UidOfContractAsync(idTag, cancel)
        : Is(token, IdTokenKinds.KeyCode) && !await _authorizations.IsCodeAsync(idTag, cancel) ? null
        : idTag;

    private static bool Is(IdToken token, string kind) => string.Equals(token.Type, kind, StringComparison.OrdinalIgnoreCase);

    private bool HasExpired(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.NotAfter.ToUniversalTime() < _clock.GetUtcNow().UtcDateTime;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private IdTokenInfo InfoOf(ChargerLine line, Authorization authorization) => new()
    {
        Status = authorization.Status switch
        {
            Known.Accepted => AuthorizationStatus.Accepted,
            Known.Blocked => AuthorizationStatus.Blocked,
            Known.Expired => AuthorizationStatus.Expired,
            Known.NoCredit => AuthorizationStatus.NoCredit,
            Known.NotAllowed => AuthorizationStatus.NotAtThisLocation,
            _ => AuthorizationStatus.Invalid,
        },
        CacheExpiryDateTime = CacheExpiryOf(authorization),
        GroupIdToken = authorization.Token?.GroupId is { Length: > 0 and <= 36 } group ? new() { Token = group, Type = IdTokenKinds.Central } : null,
        Language1 = authorization.Token?.Language is { Length: > 0 and <= 8 } language ? language : null,
        EvseId = EvsesOf(line, authorization),
        PersonalMessage = MessageOf(authorization),
    };

    private DateTimeOffset? CacheExpiryOf(Authorization authorization)
    {
        if (authorization is not { Status: Known.Accepted, Token: { } token })
            return null;
        var now = _clock.GetUtcNow();
        return token.Whitelist switch
        {
            // Its hub is to be asked each time.
            Whitelist.Never => now,
            Whitelist.Allowed => now + ShortCacheLife,
            _ => now + CacheLife,
        };
    }

    /// <summary>The EVSEs that the driver's hub is shown, where these are not all of the station.</summary>
    private int[]? EvsesOf(ChargerLine line, Authorization authorization)
    {
        var configuration = _site.State.Configuration;
        if (authorization is not { Status: Known.Accepted, Token.Hub: { } hub } || configuration.Station(line.Station) is not { } station)
            return null;
        var shown = station.Evses.Where(e => configuration.Shows(station, e, hub)).Select(static e => e.Id).ToArray();
        return shown.Length == 0 || shown.Length == station.Evses.Length ? null : shown;
    }

    private static MessageContent? MessageOf(Authorization authorization) => authorization.Message is not { Text.Length: > 0 } message ? null : new()
    {
        Format = MessageFormat.UTF8,
        Content = message.Text.Length <= MaxMessageChars ? message.Text : message.Text[..MaxMessageChars],
        Language = message.Language is { Length: > 0 and <= 8 } language ? language : null,
    };
}
