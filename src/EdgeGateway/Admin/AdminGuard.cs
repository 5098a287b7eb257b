using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Admin;

/// <summary>
/// Who may use the technician's listener. On loopback without a password the danger is the browser of this machine (or one behind a tunnel):
/// a foreign page must not read (DNS rebinding: the Host has to be this machine) nor change anything (a POST needs what a plain form cannot send).
/// </summary>
public sealed partial class AdminGuard(AdminParts parts, TimeProvider clock, ILogger<AdminGuard> log)
{
    /// <summary>Any value will do: a page of another origin cannot set it without asking first, and it is never allowed to.</summary>
    public const string Header = "X-Edge-Gateway";

    /// <summary>Wrong passwords of one address in a minute (S3).</summary>
    public const int FailureLimit = 10;

    /// <summary>Addresses that are counted; beyond it, everybody without a right password waits.</summary>
    public const int AddressLimit = 1000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IPAddress, (int Count, DateTimeOffset Since)> _failures = new();

    // Hashes of equal length compare in constant time whatever was sent.
    private readonly byte[]? _password = parts.Password is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(parts.Password));

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (Refusal(context) is { } refusal)
        {
            await Problems.WriteAsync(context, refusal.Status, refusal.Title, refusal.Detail);
            return;
        }
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException wrong)
        {
            await Problems.WriteAsync(context, wrong.StatusCode, "Wrong request", wrong.Message);
        }
        catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            Failed(failure, context.Request.Path);
            await Problems.WriteAsync(context, StatusCodes.Status500InternalServerError, "The gateway failed", "See its log.");
        }
        if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentType: null })
            await Problems.WriteAsync(context, context.Response.StatusCode, "Not possible", null);
    }

    private (int Status, string Title, string? Detail)? Refusal(HttpContext context)
    {
        var request = context.Request;
        // Says nothing about the site, and is asked by things that know no password.
        if (request.Path == "/readyz")
            return null;
        if (_password is not null)
        {
            if (Authenticate(context) is { } refusal)
                return refusal;
        }
        else if (!IsThisMachine(request.Host.Host))
        {
            return (StatusCodes.Status421MisdirectedRequest, "Wrong host", "Use http://localhost or the loopback address.");
        }
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return null;
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site != "same-origin" && site != "none")
            return (StatusCodes.Status403Forbidden, "Foreign page", "Another site's page may not change anything here.");
        if (!request.Headers.ContainsKey(Header) && request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
            return (StatusCodes.Status415UnsupportedMediaType, "JSON expected", $"Send Content-Type: application/json, or the header {Header}.");
        return null;
    }

    private (int, string, string?)? Authenticate(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var now = clock.GetUtcNow();
        if (Failures(address, now) >= FailureLimit)
            return (StatusCodes.Status429TooManyRequests, "Too many wrong passwords", "Wait a minute.");
        if (BasicPassword(context.Request.Headers.Authorization) is { } given
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _password))
            return null;
        if (context.Request.Headers.Authorization.Count > 0)
        {
            _failures.AddOrUpdate(address, (1, now), (_, held) => now - held.Since < Window ? (held.Count + 1, held.Since) : (1, now));
            WrongPassword(address);
        }
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"edge-gateway\", charset=\"UTF-8\"";
        return (StatusCodes.Status401Unauthorized, "Password needed", null);
    }

    private int Failures(IPAddress address, DateTimeOffset now)
    {
        if (_failures.Count >= AddressLimit)
        {
            foreach (var (old, held) in _failures)
            {
                if (now - held.Since >= Window)
                    _failures.TryRemove(old, out _);
            }
            if (_failures.Count >= AddressLimit)
                return FailureLimit;
        }
        return _failures.TryGetValue(address, out var failures) && now - failures.Since < Window ? failures.Count : 0;
    }

    private static string? BasicPassword(string? header)
    {
        const string Scheme = "Basic ";
        if (header?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
            return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length))
            return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair.IndexOf(':') is >= 0 and var colon ? pair[(colon + 1)..] : null;
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address) && IPAddress.IsLoopback(address));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Wrong password for the admin listener from {Address}")]
    private partial void WrongPassword(IPAddress address);

    [LoggerMessage(Level = LogLevel.Error, Message = "The admin request {Path} failed")]
    private partial void Failed(Exception failure, string path);
}
