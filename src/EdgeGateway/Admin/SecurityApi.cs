using EdgeGateway.Site;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Admin;

/// <summary>What the technician's listener needs for the stations' security; the joining code fills it in.</summary>
public sealed record SecurityParts
{
    /// <summary>Station; gives it a new password.</summary>
    public required Func<string, CancellationToken, Task<SecurityView>> PasswordAsync { get; init; }

    /// <summary>Station and the profile that it is to go to.</summary>
    public required Func<string, int, CancellationToken, Task<SecurityView>> ProfileAsync { get; init; }

    /// <summary>Station; has it ask for a certificate.</summary>
    public required Func<string, CancellationToken, Task<SecurityView>> CertificateAsync { get; init; }

    /// <summary>Lines that prove little (S1): profile 0 and 1.</summary>
    public required Func<IEnumerable<Degradation>> Weak { get; init; }

    /// <summary>Ids and addresses that are closed for now, because too much was guessed (S3).</summary>
    public required Func<LockedView> Locked { get; init; }
}

/// <param name="Done">The station took it.</param>
/// <param name="Text">Its own word, or why not. Never the password.</param>
public sealed record SecurityView(bool Done, string Text);

/// <summary>Closed for the rest of a minute.</summary>
/// <param name="Stations">Ids in whose names too many passwords were tried; the address that a station came from last is still let in.</param>
/// <param name="Addresses">From which too many were tried.</param>
public sealed record LockedView(IReadOnlyList<string> Stations, IReadOnlyList<string> Addresses);

/// <param name="Profile">To go to: 2 or 3; null: not asked for.</param>
/// <param name="Certificate">It is to ask for a certificate.</param>
public sealed record SecurityRequest(int? Profile, bool Certificate = false);

internal static class SecurityApi
{
    public static void MapSecurity(this RouteGroupBuilder stations)
    {
        stations.MapPost("/{id}/password", static (string id, SiteEngine engine, TimeProvider clock, AdminParts parts, CancellationToken cancellationToken) =>
                AnswerAsync(id, engine, clock, station => parts.Security.PasswordAsync(station, cancellationToken)))
            .WithSummary("Makes a new password and gives it to the station; nobody is shown it");
        stations.MapPost("/{id}/security", static (
                string id, SecurityRequest request, SiteEngine engine, TimeProvider clock, AdminParts parts, CancellationToken cancellationToken) =>
                AnswerAsync(id, engine, clock, station =>
                    request.Certificate ? parts.Security.CertificateAsync(station, cancellationToken)
                    : request.Profile is { } profile ? parts.Security.ProfileAsync(station, profile, cancellationToken)
                    : Task.FromResult(new SecurityView(false, "either \"profile\" or \"certificate\" is expected"))))
            .WithSummary("Has a station go to a higher security profile, or ask for a certificate");
    }

    private static async Task<Results<Ok<SecurityView>, JsonHttpResult<Problem>>> AnswerAsync(
        string id, SiteEngine engine, TimeProvider clock, Func<string, Task<SecurityView>> task)
    {
        if (engine.State.View(id, clock.GetUtcNow()) is not { } station)
            return Problems.Of(StatusCodes.Status404NotFound, "Not found", $"No station is called {id}.");
        var answer = await task(station.Id);
        return answer.Done ? TypedResults.Ok(answer) : Problems.Of(StatusCodes.Status409Conflict, "Not done", $"{id}: {answer.Text}.");
    }
}
