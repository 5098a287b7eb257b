using System.Runtime.CompilerServices;
using EdgeGateway.Hubs.Dialects.V230;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects;

// Calls whose bodies and answers are objects of the family.
public sealed partial class V230Dialect
{
    /// <summary>Registers (POST) or renews (PUT): ours for theirs (checklist §3).</summary>
    public async Task<(OcpiReply Reply, PeerCredentials? Peer)> ExchangeCredentialsAsync(
        OcpiClient client, string url, bool renew, OurCredentials ours, CancellationToken cancellationToken)
    {
        var body = CredentialsMapping.Credentials(ours);
        var reply = renew
            ? await client.PutForAsync<Wire.Credentials, Wire.Credentials>(url, body, null, cancellationToken)
            : await client.PostForAsync<Wire.Credentials, Wire.Credentials>(url, body, null, cancellationToken);
        return (reply, reply.HasData ? CredentialsMapping.Peer(reply.Data) : null);
    }

    /// <summary>Asks about a token at these EVSEs (TK5). A hub that knows no such token is an answer; no answer is none.</summary>
    public async Task<(OcpiReply Reply, Authorization? Authorization)> AuthorizeAsync(
        OcpiClient client, string tokensUrl, string hub, AuthorizationQuestion question, OcpiCall call, CancellationToken cancellationToken)
    {
        var url = OcpiUrl.WithQuery(
            OcpiUrl.Join(tokensUrl, question.Uid, "authorize"), ("type", EnumText.Of(TokenMapping.Type(question.Type, Format.Version))));
        var where = new Wire.LocationReferences { LocationId = question.LocationId, EvseUids = question.EvseUids };
        var reply = await client.PostForAsync<Wire.LocationReferences, Wire.AuthorizationInfo>(url, where, call, cancellationToken);
        if (reply.HasData)
            return (reply, TokenMapping.Authorization(reply.Data, hub, question.Known, question.EvseUids));
        // 404 and 2004 (some say 2001) are the hub's word that it does not know the card.
        return reply is { HttpStatus: 404 } or { StatusCode: OcpiStatus.UnknownToken }
            ? (reply, Authorization.Refused(AuthorizationStatus.Invalid, $"{hub} does not know this token"))
            : (reply, null);
    }

    /// <summary>Whether this CDR lies where the hub says that it does (D3).</summary>
    public async Task<bool> HasCdrAsync(OcpiClient client, string location, string id, OcpiCall call, CancellationToken cancellationToken) =>
        await client.GetAsync<Wire.Cdr>(location, call, cancellationToken) is { HasData: true } there && CiString.Same(there.Data.Id, id);

    /// <summary>Crawls the hub's tokens, page by page.</summary>
    public async IAsyncEnumerable<TokenPage> TokenPagesAsync(
        OcpiClient client, string url, string hub, Party? hubParty, OcpiCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in client.GetPagesAsync<Wire.Token>(url, call, cancellationToken))
        {
            // Neither the object nor what was found in it: both may hold a whole uid (S11).
            var skipped = page.Skipped.Select(s => string.Join(", ", s.Faults.Select(f => $"{f.Path}: expected {f.Expected}"))).ToList();
            yield return new(page.Url, page.Reply, [.. page.Items.Select(t => TokenMapping.Token(t, hub))], skipped, page.End);
        }
    }
}
