using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGateway.Admin;

/// <summary>Reads what was posted and gathers all that is wrong with it, each under the member's name (RFC 9457 with an <c>errors</c> member).</summary>
internal sealed class BodyCheck
{
    private readonly SortedDictionary<string, string[]> _wrong = new(StringComparer.Ordinal);

    public bool IsWell => _wrong.Count == 0;

    public static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, BodyCheck check) where T : class
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = AdminApi.BodyLimit;
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        try
        {
            if (JsonSerializer.Deserialize(text.Length == 0 ? "{}" : text, type) is { } body)
                return body;
            check.Wrong("", "an object is expected");
        }
        catch (JsonException wrong)
        {
            var member = wrong.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "";
            var known = type.Properties.Select(static p => p.Name).ToList();
            check.Wrong(
                member,
                member.Length > 0 && !known.Contains(member.Split('.', '[')[0], StringComparer.OrdinalIgnoreCase)
                    ? known.Count == 0 ? "nothing is expected" : $"is not known here; known are {string.Join(", ", known)}"
                    : member.Length > 0 ? $"{Expected(type, member)} is expected" : "it is no JSON object");
        }
        return null;
    }

    public void Wrong(string member, string what) => _wrong[member] = [what];

    /// <summary>1-based, up to where no charger's numbers go.</summary>
    public void Number(string member, int? number, bool required = false, int most = 99)
    {
        if (number is null ? required : number < 1 || number > most)
            Wrong(member, string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {most} is expected"));
    }

    public Uri? Location(string member, string? text)
    {
        if (text is null)
            return null;
        if (text.Length <= 512 && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "ftp" or "ftps" or "sftp")
            return url;
        Wrong(member, "an address that begins with http, https, ftp, ftps or sftp is expected, 512 characters at most");
        return null;
    }

    public Task WriteAsync(HttpContext context)
    {
        var detail = string.Join("; ", _wrong.Select(static w => $"{(w.Key.Length == 0 ? "The body" : w.Key)}: {w.Value[0]}"));
        return Problems.WriteAsync(context, new Problem("about:blank", "Wrong request", StatusCodes.Status400BadRequest, detail + ".") { Errors = _wrong });
    }

    private static string Expected<T>(JsonTypeInfo<T> type, string member)
    {
        var property = type.Properties.FirstOrDefault(p => p.Name.Equals(member.Split('.', '[')[0], StringComparison.OrdinalIgnoreCase))?.PropertyType;
        var kind = Nullable.GetUnderlyingType(property ?? typeof(object)) ?? property;
        return kind == typeof(bool) ? "true or false" : kind == typeof(int) ? "a whole number" : kind == typeof(decimal) ? "a number"
            : kind == typeof(DateTimeOffset) ? "a time such as 2026-03-01T12:00:00Z" : kind == typeof(string) || member.Contains('.', StringComparison.Ordinal) ? "a text" : "an object of texts";
    }
}
