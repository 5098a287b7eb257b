using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Admin;

/// <summary>Errors as RFC 9457 problem details.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static JsonHttpResult<Problem> Of(int status, string title, string? detail) =>
        TypedResults.Json(new Problem("about:blank", title, status, detail), AdminJson.Default.Problem, ContentType, status);

    public static Task WriteAsync(HttpContext context, int status, string title, string? detail) => WriteAsync(context, new("about:blank", title, status, detail));

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        return context.Response.WriteAsJsonAsync(problem, AdminJson.Default.Problem, ContentType, context.RequestAborted);
    }
}
