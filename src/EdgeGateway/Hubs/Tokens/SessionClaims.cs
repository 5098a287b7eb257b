using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Hubs.Tokens;

/// <summary>A charger may begin to charge with a tag that nobody knew yet. When its token comes, the session gets its owner.</summary>
public sealed class SessionClaims(SiteEngine engine)
{
    /// <summary>Looks whether a session in progress was waiting for one of these. Nobody waits for it.</summary>
    public void Look(IReadOnlyList<Token> tokens)
    {
        foreach (var session in engine.State.Sessions.Values)
        {
            if (session.Hub is null && session.Flags.HasFlag(SessionFlags.Unauthorized)
                && tokens.FirstOrDefault(t => t.Valid && Uid.Same(t.Uid, session.IdTag)) is { } token)
                _ = ClaimAsync(session.Id, token);
        }
    }

    private async Task ClaimAsync(string session, Token token)
    {
        try
        {
            await engine.RequestAsync(new ClaimSession(session, new() { Status = AuthorizationStatus.Accepted, Token = token }), CancellationToken.None);
        }
        catch (NotRecordedException)
        {
            // The next pull looks again.
        }
    }
}
