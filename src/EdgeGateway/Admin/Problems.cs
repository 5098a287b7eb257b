using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Admin;

/// <summary>Errors as RFC 9457 problem details.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static JsonHttpResult<Problem> Of(int status, string title, string? detail) =>
        TypedResults.Json(new Problem("about:blank", title, status, detail), AdminJson.Default.Problem, ContentType, status);

    public static Task WriteAsync(HttpContext context, int status, string title, string? detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new("about:blank", title, status, detail), AdminJson.Default.Problem, ContentType, context.RequestAborted);
    }
}
