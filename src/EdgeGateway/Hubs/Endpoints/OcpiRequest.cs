using System.Text.Json;
using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Hubs.Endpoints;

/// <summary>A hub's request, as far as it is the same for all modules.</summary>
public sealed class OcpiRequest(HttpContext context, Caller caller, IHubDialect? dialect, IReadOnlyList<string> segments, OcpiIds ids, string publicUrl)
{
    public Caller Caller { get; } = caller;
    public HubLink Link => Caller.Link;

    /// <summary>Of the version in the path.</summary>
    public IHubDialect Dialect => dialect ?? throw OcpiException.NotFound("this version");

    /// <summary>Of the path behind the public url, each decoded once (T13).</summary>
    public IReadOnlyList<string> Segments { get; } = segments;
    public OcpiIds Ids { get; } = ids;
    public string Method => context.Request.Method;

    /// <summary>Without a trailing slash.</summary>
    public string PublicUrl { get; } = publicUrl;
    public IReadOnlyDictionary<string, string> Query { get; } = OcpiUrl.Query(RawTarget(context));
    public OcpiRouting Routing { get; } = OcpiRouting.Of(name => context.Request.Headers[name]);
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The list's url as the hub reaches it (L3).</summary>
    public string Url => $"{PublicUrl}/{string.Join('/', Segments.Select(Uri.EscapeDataString))}";

    /// <summary>Completes when the answer has left: the outcome of a command never overtakes it.</summary>
    public Task Answered()
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Response.OnCompleted(() =>
        {
            answered.TrySetResult();
            return Task.CompletedTask;
        });
        return answered.Task;
    }

    public PageRequest Page()
    {
        var limits = Link.Limits;
        var page = PageRequest.Parse(Query, limits.PageMost);
        return Query.ContainsKey("limit") ? page : page with { Limit = Math.Min(limits.PageDefault, limits.PageMost) };
    }

    /// <summary>The body, which must be JSON (T6) within the limit (T12).</summary>
    public async Task<JsonElement> BodyAsync()
    {
        var limit = Link.Limits.BodyBytes;
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, Aborted)) > 0)
        {
            if (bytes.Length + read > limit)
                throw OcpiException.BodyTooLarge(limit);
            await bytes.WriteAsync(buffer.AsMemory(0, read), Aborted);
        }
        try
        {
            using var document = JsonDocument.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), new() { MaxDepth = OcpiFormat.MaxDepth });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw OcpiException.NoJson();
        }
    }

    /// <summary>Still encoded: a decoded path has lost the difference between a slash and an id's slash.</summary>
    public static string RawTarget(HttpContext context) =>
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()?.RawTarget ?? context.Request.Path + context.Request.QueryString;
}
