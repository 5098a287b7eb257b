using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Hubs.Tokens;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Hubs.Endpoints;

/// <summary>We are the receiver of tokens (TK1 to TK3). There is no DELETE: <c>valid</c> false ends one.</summary>
public sealed class TokenEndpoints(ITokens tokens, SessionClaims claims)
{
    public async Task<OcpiAnswer> GetAsync(OcpiRequest request) => OcpiAnswer.OfRaw(request.Dialect.Token(await StoredAsync(request) ?? throw OcpiException.NotFound("this token")));

    public async Task<OcpiAnswer> PutAsync(OcpiRequest request)
    {
        var read = request.Dialect.ReadToken(await request.BodyAsync(), request.Link.Name, new(request.Segments[2], request.Segments[3]));
        var token = read.Value ?? throw OcpiException.InvalidParameters(read.Faults!);
        var (owner, uid, type) = Key(request, token.Type);
        if (!owner.Is(token.Owner) || !CiString.Same(uid, token.Uid) || type != token.Type)
            throw OcpiException.InvalidParameters("country_code, party_id, uid and type of url and body differ");
        if (!request.Link.MayHave(owner))
            throw OcpiException.Content(OcpiStatus.ClientError, $"{owner.CountryCode}*{owner.PartyId} is not a party behind this hub (its roles and its list of clients do not have it)");
        var isNew = await StoredAsync(request, token.Type) is null;
        await StoreAsync(request, token);
        return OcpiAnswer.Done(isNew ? 201 : 200);
    }

    public async Task<OcpiAnswer> PatchAsync(OcpiRequest request)
    {
        var patch = await request.BodyAsync();
        var stored = await StoredAsync(request) ?? throw OcpiException.Content(OcpiStatus.UnknownToken, "this token is not known; PUT it");
        var read = request.Dialect.PatchToken(stored, patch, request.Link.Name);
        var token = read.Value ?? throw OcpiException.InvalidParameters(read.Faults!);
        if (!token.Owner.Is(stored.Owner) || !CiString.Same(token.Uid, stored.Uid) || token.Type != stored.Type)
            throw OcpiException.InvalidParameters("country_code, party_id, uid and type of a token cannot be changed");
        await StoreAsync(request, token);
        return OcpiAnswer.Done();
    }

    /// <summary>An older last_updated than stored changes nothing and gets 1000 all the same (TK2).</summary>
    private async Task StoreAsync(OcpiRequest request, Token token)
    {
        await tokens.StoreAsync([token], request.Aborted);
        claims.Look([token]);
    }

    private async ValueTask<Token?> StoredAsync(OcpiRequest request, TokenType? told = null)
    {
        var (owner, uid, type) = Key(request, told);
        return await tokens.GetAsync(request.Link.Name, owner, uid, type, request.Aborted);
    }

    /// <param name="told">In the body, when the url does not say (its default is RFID, and peers forget to say otherwise).</param>
    private static (Party Owner, string Uid, TokenType Type) Key(OcpiRequest request, TokenType? told = null)
    {
        var text = request.Query.GetValueOrDefault("type");
        var type = text is null && told is { } known ? known
            : TokenTypes.Read(text) ?? throw OcpiException.InvalidParameters("type: a token type is expected");
        return (new(request.Segments[2], request.Segments[3]), request.Segments[4], type);
    }
}
