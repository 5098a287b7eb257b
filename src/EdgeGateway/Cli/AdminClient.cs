using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Admin;
using EdgeGateway.Configuration;

namespace EdgeGateway.Cli;

/// <summary>
/// The running gateway, through its admin listener. Plain HTTP on what <c>Gateway:Admin:Listen</c> says and no socket of its own: one door with
/// one guard, the same for verbs, browsers and programs, and it works through a tunnel from a technician's laptop too.
/// </summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _base;

    private AdminClient(HttpClient http, Uri @base)
    {
        _http = http;
        _base = @base;
    }

    /// <param name="configFile">As given with <c>--config</c>; only its admin section is looked at, so that verbs work beside a broken edit.</param>
    public static AdminClient Of(string? configFile)
    {
        var sources = Sources.OfProcess(configFile);
        if (configFile is not null && !File.Exists(sources.File))
            throw new NotDoneException($"There is no configuration {sources.File}.");
        var (listeners, admin) = ConfigurationReader.ReadAdmin(sources);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        if (listeners.AdminCertificate is { } files)
        {
            // We dial an address and know the certificate itself: that is stronger than any name.
            using var own = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            var expected = own.Thumbprint;
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == expected;
        }
        var http = new HttpClient(handler) { BaseAddress = listeners.Admin.Local, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add(AdminGuard.Header, "cli");
        if (admin.Password is { } password)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"cli:{password}")));
        return new(http, listeners.Admin.Local);
    }

    /// <exception cref="NotDoneException">It is not running, or refused; the message says which.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new(HttpMethod.Get, path), HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await ReadAsync(answer, type, cancellationToken);
    }

    public async Task<string> GetTextAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new(HttpMethod.Get, path), HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    public async Task PostAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new(HttpMethod.Post, path), HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    public async Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(JsonSerializer.Serialize(body, bodyType), Encoding.UTF8, "application/json"),
        };
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await ReadAsync(answer, answerType, cancellationToken);
    }

    /// <summary>Has something done to a charger; how it went is an answer and no failure, whatever the status.</summary>
    /// <returns>The answer as it came, and read.</returns>
    public async Task<(string Text, CareView Answer)> CareAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken, static a => a.Content.Headers.ContentType?.MediaType == "application/json");
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return (text, await ReadAsync(answer, AdminJson.Default.CareView, cancellationToken));
    }

    public async Task PutAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new(HttpMethod.Put, path) { Content = new StreamContent(content) }, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new(HttpMethod.Delete, path), HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    public async Task DownloadAsync(string path, Stream to, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new(HttpMethod.Get, path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await answer.Content.CopyToAsync(to, cancellationToken);
    }

    /// <summary>Lines as they come, until the gateway ends them.</summary>
    public async IAsyncEnumerable<string> FollowAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new(HttpMethod.Get, path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            yield return line;
    }

    /// <summary>Lines that answer a task, as they come.</summary>
    public async IAsyncEnumerable<string> FollowAsync<TBody>(
        string path, TBody body, JsonTypeInfo<TBody> type, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(JsonSerializer.Serialize(body, type), Encoding.UTF8, "application/json") };
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            yield return line;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCompletionOption until, CancellationToken cancellationToken, Func<HttpResponseMessage, bool>? isAnswer = null)
    {
        using (request)
        {
            HttpResponseMessage answer;
            try
            {
                answer = await _http.SendAsync(request, until, cancellationToken);
            }
            catch (HttpRequestException unreachable)
            {
                throw new NotDoneException($"The gateway is not running, or not at {_base} ({unreachable.Message.TrimEnd('.')}).");
            }
            if (isAnswer?.Invoke(answer) ?? answer.IsSuccessStatusCode)
                return answer;
            using (answer)
                throw new NotDoneException(await WhyAsync(answer, cancellationToken));
        }
    }

    private static async Task<string> WhyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            return "The gateway wants a password: Gateway:Admin:Password of this configuration is not the one it runs with.";
        try
        {
            var problem = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(cancellationToken), AdminJson.Default.Problem);
            return problem?.Detail ?? problem?.Title ?? $"HTTP {(int)answer.StatusCode}";
        }
        catch (JsonException)
        {
            return $"What answers there is no gateway (HTTP {(int)answer.StatusCode}).";
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(cancellationToken), type) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw new NotDoneException("What answers there is no gateway of this version.");
        }
    }
}

/// <summary>A verb could not be carried out; the message is the one line that says why.</summary>
internal sealed class NotDoneException(string message) : Exception(message);
