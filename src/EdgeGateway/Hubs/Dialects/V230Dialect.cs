using System.Text.Json;
using EdgeGateway.Hubs.Dialects.V230;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Rules;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects;

/// <summary>The family of 2.2.1 and 2.3.0: the site's objects as JSON of one of its versions, and a hub's words in the site's terms. Pure, but for
/// the calls in the other half of this class, whose bodies and answers only a dialect can read.</summary>
public sealed partial class V230Dialect(OcpiVersion version, string hub) : IHubDialect
{
    public OcpiFormat Format { get; } = Wire.OcpiJson.For(version);

    public string Version => Format.Version.Text();

    public bool HasRouting => true;

    private readonly LocationMapping _locations = new(version, hub);

    /// <summary>The site as its location.</summary>
    public Rendered Location(SiteState state, DateTimeOffset now) => Render(() => _locations.Location(state, now));

    public Rendered Evse(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now) =>
        Render(() => _locations.Evse(state, station, evse, now));

    /// <summary>One of <see cref="SiteView.Removed"/>.</summary>
    public Rendered RemovedEvse(SiteState state, EvseConfiguration evse) => Render(() => _locations.Removed(state, evse));

    public Rendered Connector(SiteState state, EvseConfiguration evse, ConnectorConfiguration connector) =>
        Render(() => _locations.Connector(state, evse, connector));

    /// <summary>Body of the only PATCH there is (P3).</summary>
    public Rendered EvseStatus(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now) =>
        Render(() => _locations.StatusPatch(state, station, evse, now));

    public Rendered Tariff(SiteState state, Tariff tariff) =>
        Render(() => TariffMapping.Tariff(state.Configuration.Party, tariff, state.LastUpdated(StampName.Tariff(tariff.Id)), Format.Version));

    public Rendered Session(Party party, Session session) => Render(() => SessionMapping.Session(party, session, Format.Version));

    public Rendered Cdr(Party party, Cdr cdr) => Render(() => CdrMapping.Cdr(party, cdr, Format.Version));

    public byte[] Token(Token token) => Format.Write(TokenMapping.Token(token, Format.Version));

    public Understood<Token> ReadToken(JsonElement json, string hub, Party owner)
    {
        var read = Format.Read<Wire.Token>(json);
        return read.IsValid ? new(TokenMapping.Token(read.Value, hub), null) : new(null, OcpiFault.Summary(read.Faults));
    }

    /// <summary>A PATCH on a token that is stored (TK2).</summary>
    public Understood<Token> PatchToken(Token stored, JsonElement patch, string hub)
    {
        var read = Format.Patch(TokenMapping.Token(stored, Format.Version), patch);
        return read.IsValid ? new(TokenMapping.Token(read.Value, hub), null) : new(null, OcpiFault.Summary(read.Faults));
    }

    private Rendered Render<T>(Func<T> map)
        where T : class =>
        Rendered.Of(Format, map);
}
