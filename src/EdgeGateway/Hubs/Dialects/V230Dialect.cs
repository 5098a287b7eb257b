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

    /// <summary>The site as its location.</summary>
    public Rendered Location(SiteState state, DateTimeOffset now) => Render(() => LocationMapping.Location(state, now, hub));

    public Rendered Evse(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now) =>
        Render(() => LocationMapping.Evse(state, station, evse, now, hub));

    /// <summary>One of <see cref="SiteView.Removed"/>.</summary>
    public Rendered RemovedEvse(SiteState state, EvseConfiguration evse) => Render(() => LocationMapping.Removed(state, evse, hub));

    public Rendered Connector(SiteState state, EvseConfiguration evse, ConnectorConfiguration connector) =>
        Render(() => LocationMapping.Connector(state, evse, connector, hub));

    /// <summary>Body of the only PATCH there is (P3).</summary>
    public Rendered EvseStatus(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now) =>
        Render(() => LocationMapping.StatusPatch(state, station, evse, now));

    public Rendered Tariff(SiteState state, Tariff tariff) =>
        Render(() => TariffMapping.Tariff(state.Configuration.Party, tariff, state.LastUpdated(StampName.Tariff(tariff.Id))));

    public Rendered Session(Party party, Session session) => Render(() => SessionMapping.Session(party, session));

    public Rendered Cdr(Party party, Cdr cdr) => Render(() => CdrMapping.Cdr(party, cdr));

    public byte[] Token(Token token) => Format.Write(TokenMapping.Token(token));

    public Understood<Token> ReadToken(JsonElement json, string hub, Party owner)
    {
        var read = Format.Read<Wire.Token>(json);
        return read.IsValid ? new(TokenMapping.Token(read.Value, hub), null) : new(null, OcpiFault.Summary(read.Faults));
    }

    /// <summary>A PATCH on a token that is stored (TK2).</summary>
    public Understood<Token> PatchToken(Token stored, JsonElement patch, string hub)
    {
        var read = Format.Patch(TokenMapping.Token(stored), patch);
        return read.IsValid ? new(TokenMapping.Token(read.Value, hub), null) : new(null, OcpiFault.Summary(read.Faults));
    }

    private Rendered Render<T>(Func<T> map)
        where T : class =>
        Rendered.Of(Format, map);
}
