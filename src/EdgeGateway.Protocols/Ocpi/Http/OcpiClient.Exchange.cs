using System.Buffers;
using System.Net;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeGateway.Protocols.Ocpi.Http;

// One exchange over HTTP: send, follow what may be followed, read within bounds, settle.
public sealed partial class OcpiClient
{
    private const int ReadBufferBytes = 16 * 1024;

    private async Task<Exchange> SendAsync(HttpMethod method, string url, ReadOnlyMemory<byte>? body, OcpiCall? call, CancellationToken stopping)
    {
        call ??= OcpiCall.Plain;
        var ids = OcpiIds.Within(call.CorrelationId);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var target) || !OcpiUrl.IsHttp(target))
            return Failed(OcpiOutcome.Refused, OcpiStage.Prepare, "the url is no absolute http or https url", ids);
        if (body?.Length > _options.MaxRequestBytes)
            return Failed(OcpiOutcome.Refused, OcpiStage.Prepare, $"the body is larger than {_options.MaxRequestBytes} bytes", ids);

        var timeout = call.Timeout ?? _options.CallTimeout;
        using var limit = new CancellationTokenSource(timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, limit.Token);
        try
        {
            return await ExchangeAsync(method, target, body, call, ids, either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException fault) when (!limit.IsCancellationRequested)
        {
            // The handler's own connect timeout comes as a cancellation that nobody asked for.
            return Failed(OcpiOutcome.Retryable, OcpiStage.Connect, $"no connection: {fault.InnerException?.Message ?? fault.Message}", ids);
        }
        catch (OperationCanceledException)
        {
            return Failed(OcpiOutcome.Retryable, OcpiStage.Timeout, $"no whole answer within {timeout.TotalSeconds:0.###} s", ids);
        }
        catch (HttpRequestException fault)
        {
            return Failed(OcpiOutcome.Retryable, IsConnect(fault) ? OcpiStage.Connect : OcpiStage.Receive, Explain(fault), ids);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            return Failed(OcpiOutcome.Retryable, OcpiStage.Receive, $"the answer broke off: {fault.Message}", ids);
        }
    }

    private async Task<Exchange> ExchangeAsync(HttpMethod method, Uri url, ReadOnlyMemory<byte>? body, OcpiCall call, OcpiIds ids, CancellationToken stopping)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = Request(method, url, body, ids, call.Routing);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stopping);
            var next = Redirect(response, url);
            if (next is not null && redirects < _options.MaxRedirects)
            {
                url = next;
                continue;
            }

            if (await ReadAsync(response.Content, stopping) is { } answer)
                return Settled(response, url, answer, call, ids);
            var tooLarge = Failed(OcpiOutcome.Retryable, OcpiStage.Receive, $"the answer is larger than {_options.MaxAnswerBytes} bytes", ids);
            return tooLarge with { Reply = tooLarge.Reply with { HttpStatus = (int)response.StatusCode } };
        }
    }

    /// <summary>Where 307 and 308 lead, if to the same host and not from https to http (T10); else null.</summary>
    private static Uri? Redirect(HttpResponseMessage response, Uri from)
    {
        if (response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || response.Headers.Location is not { } location)
            return null;
        var to = location.IsAbsoluteUri ? location : new Uri(from, location);
        var sameHost = string.Equals(to.Host, from.Host, StringComparison.OrdinalIgnoreCase);
        var noDowngrade = to.Scheme == Uri.UriSchemeHttps || (to.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp);
        return sameHost && noDowngrade ? to : null;
    }

    /// <summary>Null when there is more than the limit, counted after unpacking.</summary>
    private async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken stopping)
    {
        if (content.Headers.ContentLength > _options.MaxAnswerBytes)
            return null;
        await using var stream = await content.ReadAsStreamAsync(stopping);
        var bytes = new ArrayBufferWriter<byte>(ReadBufferBytes);
        int read;
        while ((read = await stream.ReadAsync(bytes.GetMemory(ReadBufferBytes), stopping)) > 0)
        {
            if (bytes.WrittenCount + read > _options.MaxAnswerBytes)
                return null;
            bytes.Advance(read);
        }

        return bytes.WrittenMemory.ToArray();
    }

    private Exchange Settled(HttpResponseMessage response, Uri url, byte[] answer, OcpiCall call, OcpiIds ids)
    {
        var status = (int)response.StatusCode;
        var envelope = OcpiEnvelope.Parse(answer);
        var (outcome, stage) = OcpiSettlement.Of(status, envelope, emptyBody: answer.Length == 0 && call.EmptyAnswerIsSuccess);
        var raw = Encoding.UTF8.GetString(answer, 0, Math.Min(answer.Length, OcpiReply.MaxRawAnswerLength * 4));
        var reply = new OcpiReply
        {
            Outcome = outcome,
            Stage = stage,
            HttpStatus = status,
            StatusCode = envelope?.StatusCode,
            StatusMessage = envelope?.StatusMessage,
            Location = response.Headers.Location is { } location ? new Uri(url, location).AbsoluteUri : null,
            RetryAfter = RetryAfter(response),
            RawAnswer = Blotted(raw.Length <= OcpiReply.MaxRawAnswerLength ? raw : raw[..OcpiReply.MaxRawAnswerLength]),
            Reason = Reason(status, envelope, stage, answer.Length),
            Ids = ids,
        };
        return new Exchange(reply, envelope, HeaderOf(response, OcpiHeaders.Link), HeaderOf(response, OcpiHeaders.TotalCount), url);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var after = response.Headers.RetryAfter;
        var wait = after?.Delta ?? (after?.Date is { } date ? date - _clock.GetUtcNow() : null);
        return wait is not { } span ? null : span < TimeSpan.Zero ? TimeSpan.Zero : span > OcpiReply.MaxRetryAfter ? OcpiReply.MaxRetryAfter : span;
    }

    private static string Reason(int status, OcpiEnvelope? envelope, OcpiStage stage, int answerBytes)
    {
        var http = $"HTTP {status}";
        var code = envelope is null ? "" : $", OCPI {envelope.StatusCode}{(envelope.StatusMessage is { Length: > 0 } message ? $": {message}" : "")}";
        return stage switch
        {
            OcpiStage.Envelope => answerBytes == 0 ? $"{http} with an empty answer" : $"{http} with an answer that is no OCPI envelope",
            OcpiStage.Redirect => $"{http}: a redirect that is not followed",
            _ => http + code,
        };
    }

    // The answer to our credentials POST holds token C, which nobody reads but the client (T3).
    private static string Blotted(string answer) => CredentialsToken.Replace(answer, "\"token\":\"…\"");

    [GeneratedRegex("""\"token\"\s*:\s*\"[^\"]*\"?""", RegexOptions.NonBacktracking)]
    private static partial Regex CredentialsToken { get; }

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private static bool IsConnect(HttpRequestException fault) => fault.HttpRequestError
        is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private static string Explain(HttpRequestException fault) => fault.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"the host's name cannot be resolved: {fault.Message}",
        HttpRequestError.SecureConnectionError => $"no secure connection: {(fault.InnerException as AuthenticationException)?.Message ?? fault.Message}",
        HttpRequestError.ConnectionError => $"no connection: {fault.Message}",
        _ => $"the answer broke off: {fault.InnerException?.Message ?? fault.Message}",
    };

    private static Exchange Failed(OcpiOutcome outcome, OcpiStage stage, string reason, OcpiIds ids) =>
        new(new OcpiReply { Outcome = outcome, Stage = stage, Reason = reason, Ids = ids }, null, null, null, null);

    private sealed record Exchange(OcpiReply Reply, OcpiEnvelope? Envelope, string? Link, string? TotalCount, Uri? AnsweredBy);
}
