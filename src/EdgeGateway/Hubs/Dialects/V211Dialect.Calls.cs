using System.Runtime.CompilerServices;
using EdgeGateway.Hubs.Dialects.V211;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V211;

namespace EdgeGateway.Hubs.Dialects;

// Calls whose bodies and answers are objects of 2.1.1.
public sealed partial class V211Dialect
{
    public async Task<(OcpiReply Reply, PeerCredentials? Peer)> ExchangeCredentialsAsync(
        OcpiClient client, string url, bool renew, OurCredentials ours, CancellationToken cancellationToken)
    {
        var body = CredentialsMapping.Credentials(ours);
        var reply = renew
            ? await client.PutForAsync<Wire.Credentials, Wire.Credentials>(url, body, null, cancellationToken)
            : await client.PostForAsync<Wire.Credentials, Wire.Credentials>(url, body, null, cancellationToken);
        return (reply, reply.HasData ? CredentialsMapping.Peer(reply.Data) : null);
    }

    public async Task<(OcpiReply Reply, Authorization? Authorization)> AuthorizeAsync(
        OcpiClient client, string tokensUrl, string hub, AuthorizationQuestion question, OcpiCall call, CancellationToken cancellationToken)
    {
        // token_type by the text of 2.1.1; later versions, and peers that are used to them, say type (TK5).
        var url = OcpiUrl.WithQuery(OcpiUrl.Join(tokensUrl, question.Uid, "authorize"), ("token_type", EnumText.Of(TokenMapping.Type(question.Type))));
        var where = new Wire.LocationReferences
        {
            LocationId = question.LocationId,
            EvseUids = question.EvseUids,
            ConnectorIds = question.ConnectorIds.Count > 0 ? question.ConnectorIds : null,
        };
        var reply = await client.PostForAsync<Wire.LocationReferences, Wire.AuthorizationInfo>(url, where, call, cancellationToken);
        if (reply.HasData)
            return (reply, TokenMapping.Authorization(reply.Data, hub, question));
        // 404 is the hub's word that it does not know the card; hubs that speak newer versions too say 2004.
        return reply is { HttpStatus: 404 } or { StatusCode: OcpiStatus.UnknownToken }
            ? (reply, Authorization.Refused(AuthorizationStatus.Invalid, $"{hub} does not know this token"))
            : (reply, null);
    }

    public async Task<bool> HasCdrAsync(OcpiClient client, string location, string id, OcpiCall call, CancellationToken cancellationToken) =>
        await client.GetAsync<Wire.Cdr>(location, call, cancellationToken) is { HasData: true } there && CiString.Same(there.Data.Id, id);

    public async IAsyncEnumerable<TokenPage> TokenPagesAsync(
        OcpiClient client, string url, string hub, Party? hubParty, OcpiCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in client.GetPagesAsync<Wire.Token>(url, call, cancellationToken))
        {
            // Neither the object nor what was found in it: both may hold a whole uid (S11).
            var skipped = page.Skipped.Select(s => string.Join(", ", s.Faults.Select(f => $"{f.Path}: expected {f.Expected}"))).ToList();
            if (hubParty is null && page.Items.Count > 0)
                skipped.AddRange(Enumerable.Repeat("a token of which nobody knows whose it is: the hub's CountryCode and PartyId are not set", page.Items.Count));
            IReadOnlyList<Token> tokens = hubParty is null ? [] : [.. page.Items.Select(t => TokenMapping.Token(t, hub, hubParty))];
            yield return new(page.Url, page.Reply, tokens, skipped, page.End);
        }
    }
}
